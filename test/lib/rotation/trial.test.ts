/** A trial by a clock that is off: what is refused for its time alone is dated anew, and says nothing of the version. */
import { decodeJwt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createEntraClock } from '../../../lib/entra/entraClock.ts'
import type { HeldVersion } from '../../../lib/rotation/ports.ts'
import { createTrial } from '../../../lib/rotation/trial.ts'
import { CLIENT } from '../../support/configOf.ts'
import { TOKEN_ENDPOINT } from '../../support/credentialWorld.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const MINUTE_MS = 60_000
const held: HeldVersion = {
  name: 'signing',
  version: 'f'.repeat(32),
  keyId: `https://vault.example/keys/signing/${'f'.repeat(32)}`,
  der: Uint8Array.of(1),
  thumbprintS256: 'x',
  thumbprintSha1: 'AB'.repeat(20),
  expiresAtMs: 8.64e15,
}

/** Entra, which judges time by its own clock, and whose own it is: `false` is a certificate that it does not know. */
function openTrial({ aheadMs = 0, isKnown = true } = {}) {
  const entra = heldEffects()
  const asked: boolean[] = []
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    const assertion = new URLSearchParams(String(init?.body)).get('client_assertion') ?? ''
    const { nbf = 0, exp = 0 } = decodeJwt(assertion)
    const nowSec = entra.now() / 1_000
    const isInTime = nbf <= nowSec && nowSec < exp
    asked.push(isInTime)
    const headers = { date: new Date(entra.now()).toUTCString() }
    return isKnown && isInTime
      ? Response.json({ access_token: 'token', token_type: 'Bearer', expires_in: 3599 }, { headers })
      : Response.json({ error: 'invalid_client' }, { status: 401, headers })
  }
  const own = heldEffects({ fetch, now: () => entra.now() + aheadMs })
  const clock = createEntraClock(own)
  const trial = createTrial({
    clientId: CLIENT,
    entra: { issuerTemplate: 'https://login.example/tenant/v2.0', token: TOKEN_ENDPOINT },
    sign: async () => new Uint8Array(256),
    effects: { ...own, now: clock.now, fetch: clock.fetch },
  })
  return { trial: () => trial(held), asked, entra }
}

describe('a trial', () => {
  it.each([10 * MINUTE_MS, -15 * MINUTE_MS, 61 * MINUTE_MS])(
    'by a clock that is %i ms ahead is made again in Entra’s time, and the version is accepted',
    async (aheadMs) => {
      const { trial, asked, entra } = openTrial({ aheadMs })

      expect(await trial()).toEqual({ token: 'token', atMs: entra.now() })
      expect(asked).toEqual([false, true])
      await trial()
      expect(asked).toEqual([false, true, true])
    },
  )

  it('of a version that Entra does not know is refused, once where the clock is right, and where it is off after the second', async () => {
    const right = openTrial({ isKnown: false })
    const off = openTrial({ isKnown: false, aheadMs: 10 * MINUTE_MS })

    expect((await faultOf(right.trial)).code).toBe('entra/client_rejected')
    expect((await faultOf(off.trial)).code).toBe('entra/client_rejected')
    expect([right.asked, off.asked]).toEqual([[true], [false, true]])
  })
})

/** The lease on asking for tokens, where its holder is gone, a clock is wrong, or the answer that gave it was lost. */
import { describe, expect, test, vi } from 'vitest'
import { createProviderKeys } from '../../../lib/entra/providerKeys.ts'
import { createRefreshGrant } from '../../../lib/entra/refreshGrant.ts'
import { createTokenEndpoint, TOKEN_REQUEST_MS } from '../../../lib/entra/tokenEndpoint.ts'
import { asAppError } from '../../../lib/errors/appError.ts'
import { createGrantRows } from '../../../lib/grant/grantRow.ts'
import { LEASE_MS } from '../../../lib/grant/lease.ts'
import type { SignedIn } from '../../../lib/grant/userTokens.ts'
import { CLIENT, configOf } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { ORDERS, openGrants } from '../../support/openGrants.ts'

const HOUR_MS = 3_600_000

/** The lease of somebody who was killed. */
async function leaveLease(
  { table, effects }: ReturnType<typeof openGrants>,
  { ticket }: SignedIn,
  untilMs: number,
): Promise<void> {
  const rows = createGrantRows({ table, effects })
  const stored = await rows.read(ticket)
  if (stored === undefined) throw new Error('no grant')
  await rows.lease(ticket, stored, untilMs, 'killed')
}

describe('a token that somebody else has the lease for', () => {
  test('costs one lease time where its holder was killed', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    await leaveLease(world, alice, world.effects.now() + LEASE_MS)
    const startedMs = world.effects.now()

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.now() - startedMs).toBe(LEASE_MS)
  })

  test.each([
    ['an hour ahead', HOUR_MS],
    ['ten minutes ahead', HOUR_MS / 6],
    ['a year ahead', 365 * 24 * HOUR_MS],
  ])('costs one lease time where the clock of the killed holder was %s', async (_what, aheadMs) => {
    const world = openGrants()
    const alice = await world.signIn()
    await leaveLease(world, alice, world.effects.now() + aheadMs + LEASE_MS)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.pauses).toHaveLength(LEASE_MS / 100)
  })

  test('is waited for no longer where the own clock is set back meanwhile', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    await leaveLease(world, alice, world.effects.now() + LEASE_MS)
    const waiting = world.instance().tokenFor(alice, ORDERS)
    world.effects.advance(-HOUR_MS)

    expect(await waiting).toBe('alice/api://orders/read/1')
    expect(world.effects.pauses).toHaveLength(LEASE_MS / 100)
  })

  test('is asked for at once by whoever took the lease and lost the answer that said so', async () => {
    let isRepeating = false
    const world = openGrants({
      meets: (operation) => (isRepeating && operation === 'update' ? 'repeated' : undefined),
    })
    const alice = await world.signIn()
    isRepeating = true

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.pauses).toEqual([100])
  })
})

describe('a lease', () => {
  test('outlasts a token request and the call that writes it down: what the table took longer for is not begun', async () => {
    const world = openGrants({
      meets: (operation) => {
        if (operation === 'update') world.effects.advance(slowMs)
        return undefined
      },
    })
    const alice = await world.signIn()
    let slowMs = 4_001
    const { code, context } = await faultOf(() => world.instance().tokenFor(alice, ORDERS))
    expect([code, context.detail, world.asked]).toEqual(['session/store_unavailable', 'lease', []])

    slowMs = 4_000
    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(LEASE_MS).toBeGreaterThanOrEqual(TOKEN_REQUEST_MS + 4_000)
  })

  test('is measured by a clock that tells fractions of a millisecond as well', async () => {
    let ticks = 0
    const world = openGrants({}, { now: () => START_MS + ++ticks / 8 })
    const alice = await world.signIn()

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
  })

  test('lets nobody else ask while its holder does, however slow vault and Entra are', async () => {
    vi.useFakeTimers()
    const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))
    const world = openGrants({}, { now: Date.now, sleep: pause })
    const alice = await world.signIn()
    const config = configOf()
    let [assertions, underway, most, sent] = [0, 0, 0, 0]
    const assertion = { jws: 'a.b.c', proof: { method: 'vault' } } as const
    const endpoint = createTokenEndpoint({
      clientId: CLIENT,
      issuerTemplate: config.entra.issuerTemplate,
      url: config.entra.token,
      credential: {
        async assertionFor() {
          assertions += 1
          if (assertions === 1) await pause(5_900)
          return assertion
        },
        async alternativeTo() {
          await pause(2_900)
          return { ...assertion, jws: 'd.e.f' }
        },
      },
      effects: {
        ...world.effects,
        async fetch(_url, ask) {
          ask?.signal?.throwIfAborted()
          sent += 1
          underway += 1
          most = Math.max(most, underway)
          const isFirst = sent === 1
          const { promise, resolve, reject } = Promise.withResolvers<void>()
          setTimeout(resolve, isFirst ? 1_000 : 4_900)
          ask?.signal?.addEventListener('abort', () => reject(ask.signal?.reason))
          await promise.finally(() => {
            underway -= 1
          })
          return isFirst
            ? Response.json({ error: 'invalid_client' }, { status: 401 })
            : Response.json({ access_token: 'a', token_type: 'Bearer', expires_in: 3_600 })
        },
      },
    })
    const keys = createProviderKeys(config.entra, world.effects)
    world.answerWith(createRefreshGrant({ config, endpoint, keys, effects: world.effects }))
    const calls = [world.instance(), world.instance()].map((one) =>
      one.tokenFor(alice, ORDERS).catch((fault: unknown) => asAppError(fault).code),
    )
    await vi.advanceTimersByTimeAsync(60_000)
    vi.useRealTimers()

    expect(await Promise.all(calls)).toEqual(['entra/client_rejected', 'a'])
    expect([sent, most]).toEqual([2, 1])
  })

  test('that ends while the answer is awaited ends the wait: what comes later is nobody’s, and the next one asks', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const usual = world.answerWith(() => new Promise(() => undefined))
    const over = new AbortController()
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal)
    const first = faultOf(() => world.instance().tokenFor(alice, ORDERS))
    await expect.poll(() => world.asked).toHaveLength(1)
    expect(timeout.mock.calls).toEqual([[LEASE_MS]])
    over.abort()
    timeout.mockRestore()

    expect([(await first).code, (await first).context.detail]).toEqual(['entra/unavailable', 'deadline'])
    world.answerWith(usual)
    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
    expect(world.effects.pauses).toEqual([])
  })
})

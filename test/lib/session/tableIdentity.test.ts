/** The table behind an identity that takes its time, or gives nothing. */
import { setTimeout as pass } from 'node:timers/promises'
import type { AccessToken } from '@azure/identity'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { realEffects } from '../../../lib/base/realEffects.ts'
import { shareIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { openSessionTable } from '../../../lib/session/table.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { openAzuriteTable } from '../../support/azuriteTable.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { shortenDeadline } from '../../support/shortenDeadline.ts'

const CALL_MS = 4_000
const SHORT_MS = 50
const azurite = await openAzuriteTable()
afterAll(() => azurite.close())

/** The session store of an instance whose identity answers as told. */
function storeWith(getToken: () => Promise<AccessToken | null>) {
  const effects = heldEffects({ now: realEffects.now, exchange: realEffects.exchange })
  const identity = shareIdentity({ identity: { getToken }, effects, hasOneTenant: true })
  const table = openSessionTable(azurite.stub.url, identity, effects)
  const limits = { idleMs: 3_600_000, absoluteMs: 8 * 3_600_000 }
  return { effects, store: createTableStore({ table, limits, effects }) }
}

describe('a table whose identity is slow', () => {
  it('is given its whole time once the token is there; who comes meanwhile waits for the same token', async () => {
    const token = Promise.withResolvers<AccessToken>()
    let asked = 0
    const { store } = storeWith(() => {
      asked += 1
      return token.promise
    })
    const deadlines = shortenDeadline(CALL_MS, SHORT_MS)
    const checks = Promise.all([store.check(), store.check(), store.check()])
    await pass(3 * SHORT_MS)
    expect(deadlines, 'its time has not begun').not.toContain(CALL_MS)
    // From here on every call has its whole time again.
    vi.restoreAllMocks()
    token.resolve(await azurite.token())

    await checks
    expect(asked).toBe(1)
  })

  it('is not waited for longer than six seconds by one caller: a fault of the identity, not of the table', async () => {
    const { store } = storeWith(() => new Promise(() => undefined))
    shortenDeadline(6_000, SHORT_MS)

    expect((await faultOf(() => store.check())).code).toBe('identity/unavailable')
  })

  it('is a fault of the identity where that gives null', async () => {
    const { store } = storeWith(async () => null)
    const fault = await faultOf(() => store.check())

    expect([fault.code, fault.context.detail]).toEqual(['identity/unavailable', 'no token'])
  })
})

describe('warming up', () => {
  it('has the token before anybody asks, by one request, and the connections of a sign-in, by three small reads', async () => {
    let asked = 0
    const { store } = storeWith(async () => {
      asked += 1
      return azurite.token()
    })
    const before = azurite.stub.requests.length
    store.warm()
    await expect.poll(() => azurite.stub.requests.length).toBe(before + 3)
    await store.check()

    expect(asked).toBe(1)
  })

  it('never throws, and says in the log what failed', async () => {
    const { store, effects } = storeWith(async () => null)
    store.warm()
    await expect.poll(() => effects.logs.map(({ event }) => event)).toContain('session.warming_failed')
  })
})

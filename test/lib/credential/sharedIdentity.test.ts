import type { AccessToken } from '@azure/identity'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { type Asked, asks, heldIdentity } from '../../support/heldIdentity.ts'

const VAULT = 'https://vault.azure.net/.default'
const TABLES = 'https://storage.azure.com/.default'
const HOUR_MS = 3_600_000

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a shared identity', () => {
  it('asks once for everybody who wants the same token, and for each resource by itself', async () => {
    const { identity, asked, call } = heldIdentity()
    const vault = Promise.all(Array.from({ length: 50 }, () => identity.getToken(VAULT)))
    const tables = identity.getToken([TABLES])
    await call(0).give({ token: 'for the vault' })
    await call(1).give({ token: 'for the tables' })

    expect(new Set((await vault).map(({ token }) => token))).toEqual(new Set(['for the vault']))
    expect((await tables).token).toBe('for the tables')
    expect(asked.map(({ scopes }) => scopes)).toEqual([[VAULT], [TABLES]])
  })

  it('keeps a token and renews it in the background when the identity says so, or at half its life', async () => {
    for (const [refreshAfterTimestamp, freshForMs] of [
      [START_MS + HOUR_MS / 4, HOUR_MS / 4],
      [undefined, HOUR_MS / 2],
    ] as const) {
      const { identity, asked, call, effects } = heldIdentity()
      const first = identity.getToken(VAULT)
      await call(0).give(refreshAfterTimestamp === undefined ? {} : { refreshAfterTimestamp })
      const { token } = await first
      effects.advance(freshForMs - 1)
      expect([(await identity.getToken(VAULT)).token, asked.length]).toEqual([token, 1])
      effects.advance(1)
      expect([(await identity.getToken(VAULT)).token, asked.length]).toEqual([token, 2])
    }
  })

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])(
    'does not keep a token that ends %s: the next caller has another asked for',
    async (expiresOnTimestamp) => {
      const { identity, asked, call } = heldIdentity()
      const first = identity.getToken(VAULT)
      await call(0).give({ expiresOnTimestamp } as Partial<AccessToken>)
      expect((await first).token).toBe('token 1')
      asks(identity.getToken(VAULT))

      expect(asked).toHaveLength(2)
    },
  )

  it('serves a token until a minute before it expires while the identity fails', async () => {
    const { identity, call, effects } = heldIdentity()
    const first = identity.getToken(VAULT)
    await call(0).give({})
    await first
    effects.advance(HOUR_MS - 60_001)
    expect((await identity.getToken(VAULT)).token).toBe('token 1')
    await call(1).fail(new Error('down'))
    expect((await identity.getToken(VAULT)).token).toBe('token 1')

    effects.advance(1)
    expect((await faultOf(() => identity.getToken(VAULT))).code).toBe('identity/unavailable')
  })

  it.each([
    ['throws', (asked: Asked) => asked.fail(new RangeError('no endpoint at 169.254.169.254')), 'RangeError'],
    ['gives null', (asked: Asked) => asked.give(null), 'no token'],
  ])('that %s is unavailable: a fault of the identity, and no bug', async (_name, answer, detail) => {
    const { identity, call } = heldIdentity()
    const fault = faultOf(() => identity.getToken(VAULT))
    await answer(call(0))

    expect([(await fault).code, (await fault).context.detail]).toEqual(['identity/unavailable', detail])
    expect((await fault).message).not.toContain('169.254')
  })

  it('is left in peace after a failure, and the log has one line for it', async () => {
    const { identity, asked, call, effects } = heldIdentity()
    const all = Promise.allSettled(Array.from({ length: 50 }, () => identity.getToken(VAULT)))
    await call(0).fail(new Error('down'))
    await all
    for (let i = 0; i < 50; i += 1) await faultOf(() => identity.getToken(VAULT))
    expect(asked).toHaveLength(1)
    expect(effects.logs).toEqual([
      {
        level: 'warn',
        event: 'identity.renewal_failed',
        facts: expect.objectContaining({ scopes: [VAULT], fault: 'identity/unavailable', cause: 'Error' }),
      },
    ])

    effects.advance(5_000)
    asks(identity.getToken(VAULT))
    expect(asked).toHaveLength(2)
  })

  it('answers a claims challenge with a token of its own, and replaces the one that was refused', async () => {
    const { identity, asked, call } = heldIdentity()
    const first = identity.getToken(VAULT)
    await call(0).give({})
    await first
    const challenged = identity.getToken(VAULT, { claims: '{"x":1}' })
    await call(1).give({ token: 'with claims' })

    expect((await challenged).token).toBe('with claims')
    expect(call(1).options).toEqual({ claims: '{"x":1}' })
    expect((await identity.getToken(VAULT)).token).toBe('token 1')
    expect(asked).toHaveLength(3)
  })

  it('of one tenant gives the same token whatever tenant a service names; another asks for each', async () => {
    const one = heldIdentity()
    asks(one.identity.getToken(VAULT))
    asks(one.identity.getToken(VAULT, { tenantId: 'a', enableCae: true }))
    expect(one.asked.map(({ options }) => options)).toEqual([{}])

    const several = heldIdentity({ hasOneTenant: false })
    asks(several.identity.getToken(VAULT, { tenantId: 'a', enableCae: true }))
    asks(several.identity.getToken(VAULT, { tenantId: 'b', abortSignal: new AbortController().signal }))
    expect(several.asked.map(({ options }) => options)).toStrictEqual([
      { tenantId: 'a', enableCae: true },
      { tenantId: 'b' },
    ])
  })
})

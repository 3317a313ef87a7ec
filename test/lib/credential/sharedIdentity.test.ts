import type { AccessToken, GetTokenOptions } from '@azure/identity'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { IDENTITY_WAIT_MS, shareIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const VAULT = 'https://vault.azure.net/.default'
const TABLES = 'https://storage.azure.com/.default'
const HOUR_MS = 3_600_000

afterEach(() => {
  vi.restoreAllMocks()
})

/** What is asked for and never answered here is given up after these tests. */
function asks(token: Promise<AccessToken>): void {
  token.catch(() => undefined)
}

interface Asked {
  readonly scopes: string | string[]
  readonly options: GetTokenOptions | undefined
  give(token: Partial<AccessToken> | null): Promise<void>
  fail(fault: unknown): Promise<void>
}

/** An identity that answers when the test says so. */
function world({ hasOneTenant = true }: { hasOneTenant?: boolean } = {}) {
  const effects = heldEffects()
  const asked: Asked[] = []
  const settle = () => new Promise<void>((done) => setImmediate(done))
  const identity = shareIdentity({
    effects,
    hasOneTenant,
    identity: {
      getToken(scopes, options) {
        const { promise, resolve, reject } = Promise.withResolvers<AccessToken | null>()
        asked.push({
          scopes,
          options,
          give: (token) => {
            const expiresOnTimestamp = effects.now() + HOUR_MS
            resolve(token === null ? null : { token: `token ${asked.length}`, expiresOnTimestamp, ...token })
            return settle()
          },
          fail: (fault) => {
            reject(fault)
            return settle()
          },
        })
        return promise
      },
    },
  })
  const call = (i: number): Asked => {
    const found = asked[i]
    if (found === undefined) throw new Error(`the identity was not asked ${i + 1} times`)
    return found
  }
  return { effects, asked, call, identity, settle }
}

/** Deadlines that pass when the test says so, by their length. */
function heldDeadlines() {
  const controllers: [ms: number, controller: AbortController][] = []
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    const controller = new AbortController()
    controllers.push([ms, controller])
    return controller.signal
  })
  return {
    asked: () => controllers.map(([ms]) => ms),
    pass: (ms: number) => {
      for (const [length, controller] of controllers) if (length === ms) controller.abort()
    },
  }
}

describe('a shared identity', () => {
  it('asks once for everybody who wants the same token, and for each resource by itself', async () => {
    const { identity, asked, call } = world()
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
      const { identity, asked, call, effects } = world()
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
      const { identity, asked, call } = world()
      const first = identity.getToken(VAULT)
      await call(0).give({ expiresOnTimestamp } as Partial<AccessToken>)
      expect((await first).token).toBe('token 1')
      asks(identity.getToken(VAULT))

      expect(asked).toHaveLength(2)
    },
  )

  it('serves a token until a minute before it expires while the identity fails', async () => {
    const { identity, call, effects } = world()
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
    const { identity, call } = world()
    const fault = faultOf(() => identity.getToken(VAULT))
    await answer(call(0))

    expect([(await fault).code, (await fault).context.detail]).toEqual(['identity/unavailable', detail])
    expect((await fault).message).not.toContain('169.254')
  })

  it('is left in peace after a failure, and the log has one line for it', async () => {
    const { identity, asked, call, effects } = world()
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
    const { identity, asked, call } = world()
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
    const one = world()
    asks(one.identity.getToken(VAULT))
    asks(one.identity.getToken(VAULT, { tenantId: 'a', enableCae: true }))
    expect(one.asked.map(({ options }) => options)).toEqual([{}])

    const several = world({ hasOneTenant: false })
    asks(several.identity.getToken(VAULT, { tenantId: 'a', enableCae: true }))
    asks(several.identity.getToken(VAULT, { tenantId: 'b', abortSignal: new AbortController().signal }))
    expect(several.asked.map(({ options }) => options)).toStrictEqual([
      { tenantId: 'a', enableCae: true },
      { tenantId: 'b' },
    ])
  })
})

describe('a wait for an identity', () => {
  it('ends for one caller after six seconds; who joins later has six of their own, and the request twelve', async () => {
    const deadlines = heldDeadlines()
    const { identity, asked, call } = world()
    const first = faultOf(() => identity.ready(VAULT, IDENTITY_WAIT_MS))
    expect(identity.isAwaited()).toBe(true)
    deadlines.pass(6_000)
    expect((await first).code).toBe('identity/unavailable')

    const second = identity.ready(VAULT, IDENTITY_WAIT_MS)
    await call(0).give({})
    await second
    expect(asked).toHaveLength(1)
    expect(identity.isAwaited()).toBe(false)
    expect(deadlines.asked().toSorted()).toEqual([12_000, 6_000, 6_000])
  })

  it('ends for all when the request is given up, though the SDK never answers; the next one asks anew', async () => {
    const deadlines = heldDeadlines()
    const { identity, asked, effects } = world()
    const fault = faultOf(() => identity.getToken(VAULT))
    deadlines.pass(12_000)
    expect([(await fault).code, (await fault).context.detail]).toEqual(['identity/unavailable', 'deadline'])
    expect(identity.isAwaited()).toBe(false)

    effects.advance(5_000)
    asks(identity.getToken(VAULT))
    expect(asked).toHaveLength(2)
  })

  it('needs no timer where the token is at hand', async () => {
    const { identity, call } = world()
    const first = identity.ready(VAULT, IDENTITY_WAIT_MS)
    await call(0).give({})
    await first
    const deadlines = heldDeadlines()
    await identity.ready(VAULT, IDENTITY_WAIT_MS)

    expect(deadlines.asked()).toEqual([])
  })

  it('is for the very token that calls then use, and has no end of its own unless it is given one', async () => {
    const deadlines = heldDeadlines()
    const { identity, asked, call } = world()
    const ready = identity.ready(VAULT)
    await call(0).give({ token: 'for the vault' })
    await ready

    expect((await identity.getToken(VAULT)).token).toBe('for the vault')
    expect(asked.map(({ scopes }) => scopes)).toEqual([[VAULT]])
    expect(deadlines.asked()).toEqual([12_000])
  })

  it('leaves no rejection behind', async () => {
    const unhandled: unknown[] = []
    const note = (fault: unknown): void => void unhandled.push(fault)
    process.on('unhandledRejection', note)
    const deadlines = heldDeadlines()
    const { identity, call, settle } = world()
    const late = faultOf(() => identity.ready(VAULT, IDENTITY_WAIT_MS))
    deadlines.pass(6_000)
    await late
    await call(0).fail(new Error('down'))
    deadlines.pass(12_000)
    await settle()
    process.off('unhandledRejection', note)

    expect(unhandled).toEqual([])
  })

  it('is none of ours where the identity is asked by tenant: only the service can say which', async () => {
    const { identity, asked } = world({ hasOneTenant: false })
    await identity.ready(VAULT)

    expect(asked).toEqual([])
  })
})

describe('a token that a service refused', () => {
  it('is asked for anew, and the next call has the new one', async () => {
    const { identity, call } = world()
    const first = identity.getToken(VAULT)
    await call(0).give({ token: 'old' })
    await first
    const renewed = identity.renew(VAULT)
    await call(1).give({ token: 'new' })
    await renewed

    expect((await identity.getToken(VAULT)).token).toBe('new')
    expect(call(1).scopes).toEqual([VAULT])
  })

  it('stays where no other is to be had, and nobody hears of it', async () => {
    const { identity, call, asked } = world()
    const first = identity.getToken(VAULT)
    await call(0).give({ token: 'old' })
    await first
    const renewed = identity.renew(VAULT)
    await call(1).fail(new Error('no endpoint'))

    await expect(renewed).resolves.toBeUndefined()
    expect((await identity.getToken(VAULT)).token).toBe('old')
    expect(asked).toHaveLength(2)
  })

  it('is not asked for where the identity lives in several tenants: only the call itself can say which', async () => {
    const { identity, asked } = world({ hasOneTenant: false })
    await identity.renew(VAULT)

    expect(asked).toEqual([])
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { IDENTITY_WAIT_MS } from '../../../lib/credential/sharedIdentity.ts'
import { faultOf } from '../../support/faultOf.ts'
import { asks, heldDeadlines, heldIdentity } from '../../support/heldIdentity.ts'

const VAULT = 'https://vault.azure.net/.default'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('a wait for an identity', () => {
  it('ends for one caller after six seconds; who joins later has six of their own, and the request twelve', async () => {
    const deadlines = heldDeadlines()
    const { identity, asked, call } = heldIdentity()
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
    const { identity, asked, effects } = heldIdentity()
    const fault = faultOf(() => identity.getToken(VAULT))
    deadlines.pass(12_000)
    expect([(await fault).code, (await fault).context.detail]).toEqual(['identity/unavailable', 'deadline'])
    expect(identity.isAwaited()).toBe(false)

    effects.advance(5_000)
    asks(identity.getToken(VAULT))
    expect(asked).toHaveLength(2)
  })

  it('needs no timer where the token is at hand', async () => {
    const { identity, call } = heldIdentity()
    const first = identity.ready(VAULT, IDENTITY_WAIT_MS)
    await call(0).give({})
    await first
    const deadlines = heldDeadlines()
    await identity.ready(VAULT, IDENTITY_WAIT_MS)

    expect(deadlines.asked()).toEqual([])
  })

  it('is for the very token that calls then use, and has no end of its own unless it is given one', async () => {
    const deadlines = heldDeadlines()
    const { identity, asked, call } = heldIdentity()
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
    const { identity, call, settle } = heldIdentity()
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
    const { identity, asked } = heldIdentity({ hasOneTenant: false })
    await identity.ready(VAULT)

    expect(asked).toEqual([])
  })
})

describe('a token that a service refused', () => {
  it('is asked for anew, and the next call has the new one', async () => {
    const { identity, call } = heldIdentity()
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
    const { identity, call, asked } = heldIdentity()
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
    const { identity, asked } = heldIdentity({ hasOneTenant: false })
    await identity.renew(VAULT)

    expect(asked).toEqual([])
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { boundIdentity } from '../../../lib/credential/boundedIdentity.ts'
import { faultOf } from '../../support/faultOf.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const token = { token: 'a', expiresOnTimestamp: 0 }

describe('a bounded identity', () => {
  it('gives the token that comes in time, asked for as the caller asked', async () => {
    const asked: unknown[] = []
    const identity = boundIdentity({
      getToken: async (...all) => {
        asked.push(all)
        return token
      },
    })

    expect(await identity.getToken('scope', { tenantId: 't' })).toBe(token)
    expect(asked).toEqual([['scope', { tenantId: 't' }]])
  })

  it('throws what the identity throws', async () => {
    const fault = new Error('no endpoint')

    await expect(boundIdentity({ getToken: () => Promise.reject(fault) }).getToken('scope')).rejects.toBe(
      fault,
    )
  })

  it('is unavailable once its time is over, though the SDK never answers', async () => {
    const deadline = new AbortController()
    const asked: number[] = []
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      asked.push(ms)
      return deadline.signal
    })
    const fault = faultOf(() =>
      boundIdentity({ getToken: () => new Promise(() => undefined) }).getToken('scope'),
    )
    deadline.abort()

    expect((await fault).code).toBe('identity/unavailable')
    expect(asked).toEqual([2_000])
  })

  it('leaves no rejection behind when the deadline passes after the token came', async () => {
    const deadline = new AbortController()
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(deadline.signal)
    const unhandled: unknown[] = []
    const note = (fault: unknown): void => void unhandled.push(fault)
    process.on('unhandledRejection', note)

    await boundIdentity({ getToken: async () => token }).getToken('scope')
    deadline.abort()
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', note)

    expect(unhandled).toEqual([])
  })
})

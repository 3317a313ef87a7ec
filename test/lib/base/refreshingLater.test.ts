import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { FRESH_MS, refreshingWorld as world } from '../../support/refreshingWorld.ts'

describe('who was told to come back later', () => {
  const busy = (retryAfterSec: number) => new AppError('vault/throttled', { retryAfterSec })

  it('does not ask before, and says what was said', async () => {
    const w = world()
    const first = w.get()
    const fault = busy(20)
    w.fail(fault)
    await expect(first).rejects.toBe(fault)

    w.clock.advance(19_999)
    await expect(w.get()).rejects.toBe(fault)
    expect(w.loads()).toBe(1)

    w.clock.advance(1)
    const second = w.get()
    await w.finish()
    expect(await second).toBe('v2')
  })

  it('believes no more than a minute of it', async () => {
    const w = world()
    const first = w.get()
    w.fail(busy(86_400))
    await expect(first).rejects.toThrow()

    w.clock.advance(60_000)
    const second = w.get()
    await w.finish()
    expect(await second).toBe('v2')
  })

  it('is served from what is held meanwhile, without a renewal', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS)
    await w.get()
    await w.fail(busy(1))

    w.clock.advance(999)
    expect([await w.get(), w.loads()]).toEqual(['v1', 2])
    w.clock.advance(1)
    expect([await w.get(), w.loads()]).toEqual(['v1', 3])
  })
})

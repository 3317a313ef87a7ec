/** A value that is replaced before its time: by whoever needs a new one now, or because somebody said that it is no good any more. */
import { describe, expect, it } from 'vitest'
import { HOLD_OFF_MS, USABLE_MS, refreshingWorld as world } from '../../support/refreshingWorld.ts'

describe('renew', () => {
  it('loads anew while the old value is still fresh and still served', async () => {
    const w = await world().loaded()

    const renewed = w.renew()
    expect(await w.get()).toBe('v1')
    await w.finish()

    expect(await renewed).toBe('v2')
    expect(await w.get()).toBe('v2')
  })

  it('joins a load under way', async () => {
    const w = world()
    const all = [w.get(), w.renew(), w.renew()]

    await w.finish()

    expect(await Promise.all(all)).toEqual(['v1', 'v1', 'v1'])
    expect(w.loads()).toBe(1)
  })

  it('loads once more where the load it joined brings what it cannot use, for all who cannot', async () => {
    const w = world()
    const early = w.get()
    const all = [w.renew((value) => value !== 'v1'), w.renew((value) => value !== 'v1')]

    await w.finish()
    expect(await early).toBe('v1')
    expect(w.loads()).toBe(2)
    await w.finish()

    expect(await Promise.all(all)).toEqual(['v2', 'v2'])
    expect(w.loads()).toBe(2)
  })

  it('takes what a load of its own brings, whatever it is', async () => {
    const w = await world().loaded()
    const renewed = w.renew(() => false)
    await w.finish()

    expect(await renewed).toBe('v2')
    expect(w.loads()).toBe(2)
  })

  it('throws what the load throws and keeps the value, whose replacement is still owed', async () => {
    const w = await world().loaded()
    const renewed = expect(w.renew()).rejects.toBe('down')
    await w.fail('down')
    await renewed
    expect(await w.get()).toBe('v1')
    expect(w.loads()).toBe(2)

    w.clock.advance(HOLD_OFF_MS)
    expect(await w.get()).toBe('v1')
    expect(w.loads()).toBe(3)
  })
})

describe('discard', () => {
  it('marks the value: it serves until the new one is there', async () => {
    const w = await world().loaded()
    w.discard()
    expect([w.peek(), w.loads()]).toEqual(['v1', 1])

    expect(await Promise.all([w.get(), w.get()])).toEqual(['v1', 'v1'])
    expect(w.loads()).toBe(2)
    await w.finish()
    expect(await w.get()).toBe('v2')
  })

  it('leaves the value in use where the new one cannot be had', async () => {
    const w = await world().loaded()
    w.discard()
    await w.get()
    await w.fail('down')

    expect(await w.get()).toBe('v1')
    w.clock.advance(USABLE_MS - 1)
    expect(await w.get()).toBe('v1')
  })

  it('during a load begins no second one: what the first brings serves, and is replaced', async () => {
    const w = world()
    const before = w.get()
    w.discard()
    const after = w.get()
    expect(w.underWay()).toBe(1)

    await w.finish()
    expect(await Promise.all([before, after])).toEqual(['v1', 'v1'])
    expect(await w.get()).toBe('v1')
    expect(w.underWay()).toBe(1)
    await w.finish()
    expect(await w.get()).toBe('v2')
  })

  it('of nothing changes nothing', async () => {
    const w = world()
    w.discard()
    const first = w.get()
    await w.finish()

    expect(await first).toBe('v1')
    await w.get()
    expect(w.loads()).toBe(1)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FRESH_MS, HOLD_OFF_MS, USABLE_MS, refreshingWorld as world } from '../../support/refreshingWorld.ts'

describe('a refreshing value', () => {
  it('waits for the first load', async () => {
    const w = world()
    const first = w.get()
    expect(w.peek()).toBeUndefined()

    await w.finish()

    expect(await first).toBe('v1')
    expect(w.peek()).toBe('v1')
  })

  it('loads once for a hundred callers', async () => {
    const w = world()
    const callers = Array.from({ length: 100 }, () => w.get())

    await w.finish()

    expect(new Set(await Promise.all(callers))).toEqual(new Set(['v1']))
    expect(w.loads()).toBe(1)
  })

  it('is served without a second thought until the last fresh millisecond', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS - 1)

    expect(await w.get()).toBe('v1')
    expect(w.loads()).toBe(1)
  })

  it('is renewed once in the background from then on, and nobody waits', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS)

    expect(await Promise.all([w.get(), w.get(), w.get()])).toEqual(['v1', 'v1', 'v1'])
    expect(w.loads()).toBe(2)

    await w.finish()
    expect(await w.get()).toBe('v2')
    expect(w.loads()).toBe(2)
  })

  it('is served until the last usable millisecond, and never after it', async () => {
    const w = await world().loaded()
    w.clock.advance(USABLE_MS - 1)
    expect(await w.get()).toBe('v1')
    expect(w.peek()).toBe('v1')

    w.clock.advance(1)
    expect(w.peek()).toBeUndefined()
    const waiting = w.get()
    await w.finish()
    expect(await waiting).toBe('v2')
  })

  it('is kept when a background renewal fails, and the fault is reported once', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS)
    await w.get()

    await w.fail('down')

    expect(w.backgroundFaults).toEqual(['down'])
    expect(await w.get()).toBe('v1')
  })

  it('is not renewed again until the hold-off is over', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS)
    await w.get()
    await w.fail('down')

    w.clock.advance(HOLD_OFF_MS - 1)
    await w.get()
    expect(w.loads()).toBe(2)
    w.clock.advance(1)
    await w.get()
    expect(w.loads()).toBe(3)
  })

  it('is asked for at once when it has run out, hold-off or not', async () => {
    const w = await world().loaded()
    w.clock.advance(USABLE_MS - 1)
    await w.get()
    await w.fail('down')
    w.clock.advance(1)

    const waiting = w.get()
    await w.finish()

    expect(await waiting).toBe('v3')
  })

  it('throws what a load throws where there is nothing to serve, and tries again for the next caller', async () => {
    const w = world()
    const first = expect(w.get()).rejects.toBe('down')
    await w.fail('down')
    await first

    const second = w.get()
    await w.finish()

    expect(await second).toBe('v2')
    expect(w.backgroundFaults).toEqual([])
  })
})

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

  it('throws what the load throws and keeps the value', async () => {
    const w = await world().loaded()
    const renewed = expect(w.renew()).rejects.toBe('down')
    await w.fail('down')

    await renewed
    expect(await w.get()).toBe('v1')
    expect(w.backgroundFaults).toEqual([])
  })
})

describe('discard', () => {
  it('makes the next caller wait for a new value', async () => {
    const w = await world().loaded()
    w.discard()
    expect(w.peek()).toBeUndefined()

    const next = w.get()
    await w.finish()

    expect(await next).toBe('v2')
  })

  it('during a load keeps what that load brings from coming back', async () => {
    const w = world()
    const before = w.get()
    w.discard()
    const after = w.get()
    expect(w.loads()).toBe(2)

    await w.finish()
    expect(await before).toBe('v1')
    expect(w.peek()).toBeUndefined()
    const joined = w.get()
    expect(w.loads()).toBe(2)

    await w.finish()
    expect(await Promise.all([after, joined])).toEqual(['v2', 'v2'])
    expect(w.peek()).toBe('v2')
  })

  it('during a load lets a late first load not displace the second', async () => {
    const w = world()
    const before = w.get()
    w.discard()
    const after = w.get()
    const late = w.renew()
    expect(w.loads()).toBe(2)

    await w.finish('newest')
    await w.finish('oldest')

    expect(await Promise.all([before, after, late])).toEqual(['v1', 'v2', 'v2'])
    expect(await w.get()).toBe('v2')
  })
})

describe('whatever happens in whatever order', () => {
  it('there is at most one load at a time, and a value is never served after its end', async () => {
    const step = fc.constantFrom('get', 'renew', 'finish', 'fail', 'tick', 'leap')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const w = world()
        let settled = 0
        for (const one of steps) {
          if (one === 'get' || one === 'renew') w[one]().catch(() => undefined)
          if (one === 'tick') w.clock.advance(FRESH_MS / 2)
          if (one === 'leap') w.clock.advance(USABLE_MS)
          if (one === 'finish' || one === 'fail') {
            if (w.loads() > settled) settled += 1
            await (one === 'finish' ? w.finish() : w.fail('down'))
          }
          expect(w.loads() - settled).toBeLessThanOrEqual(1)
          if (one === 'leap') expect(w.peek()).toBeUndefined()
        }
      }),
      { numRuns: 300 },
    )
  })
})

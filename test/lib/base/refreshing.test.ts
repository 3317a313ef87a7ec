import { describe, expect, it } from 'vitest'
import { createRefreshing } from '../../../lib/base/refreshing.ts'
import {
  FRESH_MS,
  HOLD_OFF_MS,
  LAST_RESORT_MS,
  SHORT_HOLD_OFF_MS,
  toldToWait,
  USABLE_MS,
  refreshingWorld as world,
} from '../../support/refreshingWorld.ts'

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

  it('has run out where the clock was set back to before it was loaded', async () => {
    const w = await world().loaded()
    w.clock.advance(-59_999)
    expect(w.peek()).toBe('v1')
    w.clock.advance(-1)
    expect(w.peek()).toBeUndefined()

    const waiting = w.get()
    await w.finish()
    expect(await waiting).toBe('v2')
    expect(await w.get()).toBe('v2')
    expect(w.loads()).toBe(2)
  })

  it('is kept when a renewal fails, and the fault is reported once', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS)
    await Promise.all([w.get(), w.get()])

    await w.fail('down')

    expect(w.faults).toEqual(['down'])
    expect(await w.get()).toBe('v1')
  })

  it('is not renewed again until the pause is over', async () => {
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
})

describe('a source that said when to come back', () => {
  it('is left in peace until then while the old value serves', async () => {
    const w = await world().loaded()
    w.clock.advance(FRESH_MS)
    await w.get()
    await w.fail(toldToWait(20))

    w.clock.advance(19_999)
    expect([await w.get(), w.loads()]).toEqual(['v1', 2])
    w.clock.advance(1)
    expect([await w.get(), w.loads()]).toEqual(['v1', 3])
  })
})

describe('where there is nothing to serve', () => {
  it('all who wait for a load that failed hear its fault, and it is reported once', async () => {
    const w = world()
    const waiting = Promise.allSettled(Array.from({ length: 50 }, () => w.get()))
    await w.fail('down')

    expect(new Set((await waiting).map((one) => (one as PromiseRejectedResult).reason))).toEqual(
      new Set(['down']),
    )
    expect(w.faults).toEqual(['down'])
  })

  it('whoever comes within the pause hears the same fault at once, and nothing is loaded', async () => {
    const w = world()
    const first = w.get().catch(() => undefined)
    await w.fail('down')
    await first

    w.clock.advance(SHORT_HOLD_OFF_MS - 1)
    for (let i = 0; i < 50; i += 1) await expect(w.get()).rejects.toBe('down')
    await expect(w.renew()).rejects.toBe('down')
    expect([w.loads(), w.faults]).toEqual([1, ['down']])

    w.clock.advance(1)
    const next = w.get()
    await w.finish()
    expect(await next).toBe('v2')
  })

  it.each([
    ['as long as it was told', 20, 20_000],
    ['a minute at most, told a day', 86_400, 60_000],
    ['as long as ever, told not to wait', 0, SHORT_HOLD_OFF_MS],
  ])('the source is left in peace %s', async (_name, retryAfterSec, forMs) => {
    const w = world()
    const first = w.get().catch(() => undefined)
    await w.fail(toldToWait(retryAfterSec))
    await first

    w.clock.advance(forMs - 1)
    await expect(w.get()).rejects.toMatchObject({ code: 'vault/throttled' })
    expect(w.loads()).toBe(1)
    w.clock.advance(1)
    w.get().catch(() => undefined)
    expect(w.loads()).toBe(2)
  })

  it('a value that ran out after its renewal had failed is asked for as soon as the shorter pause is over', async () => {
    const w = await world().loaded()
    w.clock.advance(USABLE_MS - 1)
    await w.get()
    await w.fail('down')
    w.clock.advance(1)
    await expect(w.get()).rejects.toBe('down')

    w.clock.advance(SHORT_HOLD_OFF_MS - 1)
    const waiting = w.get()
    await w.finish()
    expect(await waiting).toBe('v3')
  })

  it('a clock that is set back makes no pause longer', async () => {
    const w = world()
    const first = w.get().catch(() => undefined)
    await w.fail('down')
    await first
    w.clock.advance(-3_600_000)

    w.get().catch(() => undefined)
    expect(w.loads()).toBe(2)
  })

  it('a load that throws before it is a promise is a load that failed', async () => {
    const faults: unknown[] = []
    const refreshing = createRefreshing<string>({
      now: () => 0,
      onFault: (fault) => void faults.push(fault),
      load: () => {
        throw new RangeError('at once')
      },
    })

    await expect(refreshing.get()).rejects.toThrow('at once')
    await expect(refreshing.get()).rejects.toThrow('at once')
    expect(faults).toHaveLength(1)
  })
})

describe('a value with a last resort', () => {
  it('is waited for, not served first, once it is stale beyond its limit', async () => {
    const w = await world({ lastResort: true }).loaded()
    w.clock.advance(USABLE_MS)
    const waiting = w.get()
    expect(w.peek()).toBeUndefined()

    await w.finish()
    expect(await waiting).toBe('v2')
  })

  it('serves where the new one was waited for in vain, and while the source rests', async () => {
    const w = await world({ lastResort: true }).loaded()
    w.clock.advance(USABLE_MS)
    const waiting = Promise.all([w.get(), w.get()])
    await w.fail('down')
    expect(await waiting).toEqual(['v1', 'v1'])

    w.clock.advance(HOLD_OFF_MS - 1)
    expect(await w.get()).toBe('v1')
    expect([w.loads(), w.faults]).toEqual([2, ['down']])
    w.clock.advance(1)
    const next = w.get()
    await w.finish()
    expect(await next).toBe('v3')
  })

  it('has an end too', async () => {
    const w = await world({ lastResort: true }).loaded()
    w.clock.advance(LAST_RESORT_MS - 1)
    const last = w.get()
    await w.fail('down')
    expect(await last).toBe('v1')

    w.clock.advance(1)
    await expect(w.get()).rejects.toBe('down')
  })
})

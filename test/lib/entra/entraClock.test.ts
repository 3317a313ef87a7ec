import { describe, expect, it } from 'vitest'
import { clockAheadMs, createEntraClock } from '../../../lib/entra/entraClock.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

const SECOND_MS = 1_000
const dated = (ms: number, more: Record<string, string> = {}) =>
  new Headers({ date: new Date(ms).toUTCString(), ...more })

describe('how far our clock is ahead', () => {
  it.each([
    ['is the whole difference, but for the second that the header leaves out', 90_000, 89_000],
    ['is negative where ours is behind', -90_000, -90_000],
    ['is nothing where the answer was dated while we waited', 0, 0],
    ['is nothing where the header only lacks its fraction', 999, 0],
  ])('%s', (_what, offMs, found) => {
    expect(clockAheadMs(dated(START_MS), START_MS + offMs, START_MS + offMs)).toBe(found)
  })

  it('is not what an answer took to arrive', () => {
    expect(clockAheadMs(dated(START_MS), START_MS, START_MS + 5_000)).toBe(0)
    expect(clockAheadMs(dated(START_MS + 5_000), START_MS, START_MS + 5_000)).toBe(0)
  })

  it.each([
    ['no date', new Headers()],
    ['a date that is none', new Headers({ date: 'yesterday' })],
    ['a date that a cache has kept', dated(START_MS - 3_600_000, { age: '3600' })],
  ])('is not known by %s', (_what, headers) => {
    expect(clockAheadMs(headers, START_MS, START_MS)).toBeUndefined()
  })
})

describe('Entra’s clock', () => {
  /** A clock of ours that is ahead of Entra’s, whose answers are dated. */
  function world(aheadMs: number, more: Record<string, string> = {}) {
    const off = { aheadMs }
    const effects = heldEffects({
      fetch: async () => new Response('', { headers: dated(effects.now() - off.aheadMs, more) }),
    })
    const clock = createEntraClock(effects)
    return { off, effects, clock, ask: () => clock.fetch('https://login.example/'), logs: effects.logs }
  }

  it('is ours as long as nothing else is known', () => {
    const { clock, effects } = world(600_000)
    expect(clock.now()).toBe(effects.now())
  })

  it.each([90_000, 600_000, -90_000, -600_000])(
    'is known from its answers: ours is %i ms ahead',
    async (aheadMs) => {
      const { clock, effects, ask, logs } = world(aheadMs)
      await ask()
      expect(Math.abs(effects.now() - clock.now() - aheadMs)).toBeLessThanOrEqual(SECOND_MS)
      expect(logs).toEqual([
        {
          level: 'warn',
          event: 'entra.clock',
          facts: { clockAheadSec: Math.round((aheadMs > 0 ? aheadMs - 1_000 : aheadMs) / 1_000) },
        },
      ])
    },
  )

  it.each([0, 29_000, -29_000])('is ours where it differs by %i ms, and nothing is said', async (aheadMs) => {
    const { clock, effects, ask, logs } = world(aheadMs)
    await ask()
    expect([clock.now(), logs]).toEqual([effects.now(), []])
  })

  it('is told to the log once, again where the difference changes, and when it is over', async () => {
    const { off, ask, logs, clock, effects } = world(90_000)
    for (const aheadMs of [90_000, 92_000, 88_000, 300_000, 300_000, 0, 0]) {
      off.aheadMs = aheadMs
      await ask()
    }
    expect(logs.map(({ level, facts }) => [level, facts.clockAheadSec])).toEqual([
      ['warn', 89],
      ['warn', 299],
      ['info', 0],
    ])
    expect(clock.now()).toBe(effects.now())
  })

  it('is not read off an answer that a cache kept', async () => {
    const { clock, effects, ask } = world(3_600_000, { age: '3600' })
    await ask()
    expect(clock.now()).toBe(effects.now())
  })
})

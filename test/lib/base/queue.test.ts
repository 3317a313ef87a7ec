import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQueue } from '../../../lib/base/queue.ts'
import { heldClock, settled } from '../../support/heldClock.ts'

const refusal = (why: 'full' | 'late') => new Error(why)

describe('a queue', () => {
  it('begins what waits in the order in which it came, as soon as there is a place', async () => {
    const clock = heldClock()
    const queue = createQueue({ mostUnderway: 1, mostWaiting: 9, effects: clock, refusal })
    const [begun, ends] = [[] as number[], [] as (() => void)[]]
    const runs = [1, 2, 3].map((one) =>
      queue.run(() => {
        begun.push(one)
        return new Promise<void>((resolve) => ends.push(resolve))
      }, 1_000),
    )
    await settled()
    // Who waits has a wait on the clock, and nobody else.
    expect([begun, clock.asleep()]).toEqual([[1], 2])
    for (let i = 0; i < 3; i += 1) {
      ends[i]?.()
      await settled()
    }
    await Promise.all(runs)

    expect([begun, clock.asleep()]).toEqual([[1, 2, 3], 0])
  })

  it('lets nobody wait longer than they may, and gives their place to nobody', async () => {
    const clock = heldClock()
    const queue = createQueue({ mostUnderway: 1, mostWaiting: 9, effects: clock, refusal })
    const first = Promise.withResolvers<void>()
    const running = queue.run(() => first.promise, 1_000)
    let hasBegun = false
    const begin = async () => {
      hasBegun = true
    }
    const late = queue.run(begin, 500).catch((fault: Error) => fault.message)
    await clock.advance(499)
    expect(clock.asleep()).toBe(1)
    await clock.advance(1)

    expect([await late, clock.asleep()]).toEqual(['late', 0])
    first.resolve()
    await running
    expect(hasBegun).toBe(false)
    // The place is free again.
    expect(await queue.run(async () => 'at once', 0)).toBe('at once')
  })

  it('gives the place of what failed to whoever is next', async () => {
    const queue = createQueue({ mostUnderway: 1, mostWaiting: 9, effects: heldClock(), refusal })
    const [failed, next] = await Promise.allSettled([
      queue.run(() => Promise.reject(new Error('failed')), 1),
      queue.run(async () => 'done', 1),
    ])

    expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled'])
    expect(await queue.run(async () => 'at once', 0)).toBe('at once')
  })

  it('keeps both bounds, loses nobody and ends empty, whatever comes and goes when', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('come' as const), waitMs: fc.integer({ min: 0, max: 50 }) }),
      fc.record({ kind: fc.constant('end' as const), nth: fc.nat(4) }),
      fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40 }) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const clock = heldClock()
        const queue = createQueue({ mostUnderway: 2, mostWaiting: 3, effects: clock, refusal })
        const ends: (() => void)[] = []
        const outcomes: Promise<string>[] = []
        for (const one of steps) {
          if (one.kind === 'come') {
            const work = () => new Promise<void>((resolve) => ends.push(resolve))
            outcomes.push(
              queue.run(work, one.waitMs).then(
                () => 'done',
                (fault: Error) => fault.message,
              ),
            )
          }
          if (one.kind === 'end') ends.splice(one.nth, 1)[0]?.()
          if (one.kind === 'pass') await clock.advance(one.ms)
          await settled()
          const [underway, waiting] = [ends.length, clock.asleep()]
          expect(underway).toBeLessThanOrEqual(2)
          expect(waiting).toBeLessThanOrEqual(3)
          expect(waiting === 0 || underway === 2, 'nobody waits beside a free place').toBe(true)
        }
        for (let left = outcomes.length; left > 0; left -= 1) {
          for (const end of ends.splice(0)) end()
          await settled()
        }
        const ended = await Promise.all(outcomes)
        expect(ended.every((outcome) => ['done', 'full', 'late'].includes(outcome))).toBe(true)
        expect([ends.length, clock.asleep()]).toEqual([0, 0])
        // Both places are free again.
        const free = Array.from({ length: 2 }, () => queue.run(async () => 'at once', 0))
        expect(clock.asleep()).toBe(0)
        expect(await Promise.all(free)).toEqual(['at once', 'at once'])
      }),
      { numRuns: 60 },
    )
  })
})

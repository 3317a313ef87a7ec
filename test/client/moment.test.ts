import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextLookMs, timeLeft, WARNING_SEC } from '../../client/moment.ts'

describe('the nearer of the two limits', () => {
  it('counts, and use moves only the idle one', () => {
    expect(timeLeft({ idleSecondsLeft: 300, secondsLeft: 900 })).toEqual({
      secondsLeft: 300,
      renewable: true,
    })
    expect(timeLeft({ idleSecondsLeft: 900, secondsLeft: 300 })).toEqual({
      secondsLeft: 300,
      renewable: false,
    })
    expect(timeLeft({ idleSecondsLeft: 300, secondsLeft: 300 })).toEqual({
      secondsLeft: 300,
      renewable: false,
    })
  })
})

describe('the next look', () => {
  it('is when the warning is due, and after the warning when the session has ended', () => {
    expect(nextLookMs(3_600)).toBe((3_600 - WARNING_SEC) * 1_000)
    expect(nextLookMs(WARNING_SEC + 1)).toBe(1_000)
    expect(nextLookMs(WARNING_SEC)).toBe((WARNING_SEC + 1) * 1_000)
    expect(nextLookMs(0)).toBe(1_000)
  })

  it('comes after a second at the earliest, and at most twice in the life of a session that nobody uses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 604_800 }), (secondsLeft) => {
        let left = secondsLeft
        let looks = 0
        for (; left >= 0; looks += 1) {
          expect(nextLookMs(left)).toBeGreaterThanOrEqual(1_000)
          left -= nextLookMs(left) / 1_000
        }
        expect(looks).toBeLessThanOrEqual(2)
      }),
    )
  })
})

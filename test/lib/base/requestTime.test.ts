import { describe, expect, it } from 'vitest'
import { createRefreshing } from '../../../lib/base/refreshing.ts'
import { timeLeft, untilTime, withoutRequestDeadline } from '../../../lib/base/requestTime.ts'

describe('the time that a request has left', () => {
  it('goes along with all that is done for it, and with nothing else', async () => {
    const seen = await Promise.all(
      [1_000, 2_000].map((ms) =>
        untilTime(ms, async () => {
          await new Promise((resolve) => setImmediate(resolve))
          return timeLeft(400)
        }),
      ),
    )

    expect(seen).toEqual([600, 1_600])
    expect(timeLeft(400)).toBe(Number.POSITIVE_INFINITY)
  })

  it('is negative where it is over', () => {
    expect(untilTime(1_000, () => timeLeft(1_500))).toBe(-500)
  })

  it('is nobody’s where something is done for everybody', () => {
    expect(untilTime(1_000, () => withoutRequestDeadline(() => timeLeft(0)))).toBe(Number.POSITIVE_INFINITY)
  })

  it('does not bind the load of a shared value, whoever happens to ask first', async () => {
    const shared = createRefreshing({
      now: () => 0,
      onFault: () => undefined,
      load: async () => ({ value: timeLeft(0), freshUntilMs: 1, usableUntilMs: 1 }),
    })

    expect(await untilTime(10, () => shared.get())).toBe(Number.POSITIVE_INFINITY)
  })
})

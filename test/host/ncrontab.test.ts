import { describe, expect, it } from 'vitest'
import { parseNcrontab } from '../../local/host/ncrontab.ts'

const nextOf = (expression: string, after: string): string => {
  return new Date(parseNcrontab(expression)(Date.parse(after))).toISOString()
}

describe('the next moment of a schedule', () => {
  it.each([
    ['* * * * * *', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'],
    ['* * * * * *', '2026-01-01T00:00:00.999Z', '2026-01-01T00:00:01.000Z'],
    ['0 */5 * * * *', '2026-01-01T00:04:59Z', '2026-01-01T00:05:00.000Z'],
    ['0 */5 * * * *', '2026-01-01T00:05:00Z', '2026-01-01T00:10:00.000Z'],
    ['0 0 3 * * *', '2026-12-31T03:00:00Z', '2027-01-01T03:00:00.000Z'],
    ['30 15 9-17 * * MON-FRI', '2026-11-20T17:15:30Z', '2026-11-23T09:15:30.000Z'],
    ['0 0 0 29 2 *', '2026-01-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 0 0 1 JAN,jul *', '2026-01-01T00:00:00Z', '2026-07-01T00:00:00.000Z'],
    ['0 0 0 13 * 5', '2026-01-01T00:00:00Z', '2026-02-13T00:00:00.000Z'],
    ['0 5/20 * * * *', '2026-01-01T00:00:00Z', '2026-01-01T00:05:00.000Z'],
    ['0 5/20 * * * *', '2026-01-01T00:45:00Z', '2026-01-01T01:05:00.000Z'],
  ])('of %s after %s is %s', (expression, after, next) => {
    expect(nextOf(expression, after)).toBe(next)
  })
})

describe('what is not a schedule is refused', () => {
  it.each([
    '',
    '* * * * *',
    '60 * * * * *',
    '0 0 0 0 * *',
    '0 0 0 * * 7',
    '5-1 * * * * *',
    '*/0 * * * * *',
    '0 0 0 * FOO *',
  ])('"%s"', (expression) => {
    expect(() => parseNcrontab(expression)).toThrow(SyntaxError)
  })

  it('a day that never comes', () => {
    expect(() => nextOf('0 0 0 31 2 *', '2026-01-01T00:00:00Z')).toThrow(RangeError)
  })
})

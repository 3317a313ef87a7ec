import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRetryAfter, retryAfterOf } from '../../../lib/base/retryAfter.ts'
import { anyText } from '../../support/anyText.ts'

const NOW_MS = Date.UTC(1994, 10, 6, 8, 49, 0)

describe('Retry-After', () => {
  it.each([
    ['0', 1],
    ['00', 1],
    ['0.0', 1],
    ['0.2', 1],
    ['1.5', 2],
    ['-0', 1],
    ['-1', 1],
    ['-1.5', 1],
    ['-99999999999', 1],
    ['7', 7],
    ['120', 120],
    [' 7\t', 7],
    ['0007', 7],
    ['86400', 86_400],
    ['86401', 86_400],
    ['99999999999', 86_400],
    ['9'.repeat(400), 86_400],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37],
    ['Sun Nov  6 08:49:37 1994', 37],
    ['Sun Nov 06 08:49:37 1994', 37],
    ['Sun, 06 Nov 1994 08:48:00 GMT', 1],
    ['Sun, 06 Nov 1994 08:49:00 GMT', 1],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 1],
  ])('%j is %i seconds', (value, seconds) => {
    expect(parseRetryAfter(value, NOW_MS)).toBe(seconds)
  })

  it.each([
    '',
    ' ',
    '-',
    '+7',
    '.5',
    '1.',
    '1.5.2',
    '1,5',
    'NaN',
    '1e3',
    '0x10',
    '7 s',
    '7, 8',
    'soon',
    'Infinity',
    '\u00a07',
    '1994-11-06T08:49:37Z',
    'Nov 6 1994',
    'Sun, 06 Nov 1994 08:49:37 +0100',
    'Sun, 99 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37 GMT, 7',
    null,
    undefined,
  ])('%j says nothing', (value) => {
    expect(parseRetryAfter(value, NOW_MS)).toBeUndefined()
    expect(retryAfterOf(value, NOW_MS)).toEqual({})
  })

  it('counts a part of a second as a whole one, so that nobody comes too soon', () => {
    expect(parseRetryAfter('Sun, 06 Nov 1994 08:49:37 GMT', NOW_MS + 1)).toBe(37)
  })

  it('is a second at least and a day at most, whatever is sent', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText(60), fc.double().map(String), fc.bigInt().map(String)),
        fc.integer({ min: 0, max: 4e12 }),
        (value, nowMs) => {
          const seconds = parseRetryAfter(value, nowMs) ?? 1
          expect(seconds).toBeGreaterThanOrEqual(1)
          expect(seconds).toBeLessThanOrEqual(86_400)
          expect(Number.isInteger(seconds)).toBe(true)
        },
      ),
    )
  })

  it('reads back every date that it is asked in, to the second', () => {
    const date = fc.integer({ min: 0, max: 4_000_000_000 })
    fc.assert(
      fc.property(date, fc.integer({ min: 1, max: 86_400 }), (nowSec, waitSec) => {
        const header = new Date((nowSec + waitSec) * 1_000).toUTCString()
        expect(parseRetryAfter(header, nowSec * 1_000)).toBe(waitSec)
      }),
    )
  })
})

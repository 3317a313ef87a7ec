import { expect, it } from 'vitest'
import { requirePassable } from '../../../../lib/http/frontEnd/frontEndAnswer.ts'
import { faultOf, outcomeOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'

const judge = (status: number, isOwnRedirect = false, headers: Readonly<Record<string, string>> = {}) =>
  requirePassable({ status, headers: new Headers(headers) }, isOwnRedirect, START_MS)

it.each([
  [[200, 204, 206, 299, 304, 400, 403, 404, 405, 410, 416, 418, 422, 426, 428, 451, 499], 'none', 'none'],
  [[301, 302, 303, 307, 308], 'frontend/misaddressed', 'none'],
  [[300, 305, 306, 309, 399], 'frontend/misaddressed', 'frontend/misaddressed'],
  [[401, 407], 'frontend/misaddressed', 'frontend/misaddressed'],
  [[408, 421, 425, 429, 500, 502, 503, 599], 'frontend/unavailable', 'frontend/unavailable'],
  [
    [0, 99, 100, 101, 199, 600, 999, Number.NaN],
    'frontend/malformed_response',
    'frontend/malformed_response',
  ],
] as const)('%j is %s, and %s where a redirect stays with the front end', async (statuses, away, own) => {
  for (const status of statuses) {
    const outcomes = [await outcomeOf(() => judge(status)), await outcomeOf(() => judge(status, true))]
    expect([status, ...outcomes]).toEqual([status, away, own])
  }
})

it('the log is told the status, and whoever comes back when to', async () => {
  const busy = await faultOf(() => judge(503, false, { 'retry-after': '7' }))
  const silent = await faultOf(() => judge(429))
  const away = await faultOf(() => judge(302))
  const broken = await faultOf(() => judge(99))

  expect(busy.context).toEqual({ detail: 'status 503', retryAfterSec: 7 })
  expect(silent.context).toEqual({ detail: 'status 429' })
  expect(away.context).toEqual({ detail: 'status 302' })
  expect(broken.context).toEqual({ detail: 'status' })
})

it('a date to come back at is counted from now', async () => {
  const at = new Date(START_MS + 9_000).toUTCString()

  expect((await faultOf(() => judge(503, false, { 'retry-after': at }))).context.retryAfterSec).toBe(9)
})

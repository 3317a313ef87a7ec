import type { TableServiceClientOptions } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import { retryAfterPolicy } from '../../../lib/session/retryAfterPolicy.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'

type Policy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]['policy']
type Answer = Awaited<ReturnType<Policy['sendRequest']>>

const LONGEST_MS = 2_000

/** What becomes of an answer of the table: the answer itself, or the fault that is thrown in its place. */
function judge(status: number, retryAfter?: string): Promise<Answer> {
  const headers = new Headers(retryAfter === undefined ? {} : { 'retry-after': retryAfter })
  const answer = { status, headers: { get: (name: string) => headers.get(name) ?? undefined } }
  const { policy } = retryAfterPolicy(heldEffects(), LONGEST_MS)
  return policy.sendRequest({} as never, async () => answer as never)
}

describe('an answer of the table that asks to wait', () => {
  it.each([
    [429, '2', 2],
    [503, '2', 2],
    [503, '3600', 3_600],
    [503, new Date(START_MS + 60_000).toUTCString(), 60],
  ])(
    '%i for %s: longer than a call may take is told at once, with the time',
    async (status, header, seconds) => {
      const { code, context } = await faultOf(() => judge(status, header))

      expect([code, context.detail, context.retryAfterSec]).toEqual([
        'session/store_unavailable',
        `status ${status}`,
        seconds,
      ])
    },
  )

  it.each([
    ['for less than that', 503, '1'],
    ['for no time', 503, undefined],
    ['for a time that is none', 429, 'soon'],
    ['with a status that is about something else', 500, '3600'],
    ['though it is an answer', 200, '3600'],
  ])('%s is left to the SDK: %i with %s', async (_what, status, header) => {
    expect((await judge(status, header)).status).toBe(status)
  })

  it('is judged at each try by itself', () => {
    expect(retryAfterPolicy(heldEffects(), LONGEST_MS)).toMatchObject({
      position: 'perRetry',
      policy: { name: 'signetRetryAfter' },
    })
  })
})

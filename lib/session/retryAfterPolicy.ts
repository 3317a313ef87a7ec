/**
 * The SDK waits for any Retry-After, however long; our deadline would cut that wait off, and with it the word of the table when to come
 * back. An answer whose time does not fit is therefore told at once, time and all.
 */
import type { TableServiceClientOptions } from '@azure/data-tables'
import type { Effects } from '../base/effects.ts'
import { parseRetryAfter } from '../base/retryAfter.ts'
import { AppError } from '../errors/appError.ts'

type AdditionalPolicy = NonNullable<TableServiceClientOptions['additionalPolicies']>[number]

/** For each try by itself. Throws `session/store_unavailable` where the table asks for `longestMs` or more. */
export function retryAfterPolicy({ now }: Pick<Effects, 'now'>, longestMs: number): AdditionalPolicy {
  return {
    position: 'perRetry',
    policy: {
      name: 'signetRetryAfter',
      async sendRequest(request, next) {
        const answer = await next(request)
        const { status, headers } = answer
        const retryAfterSec = parseRetryAfter(headers.get('retry-after'), now())
        const isBusy = status === 429 || status === 503
        if (isBusy && retryAfterSec !== undefined && retryAfterSec * 1_000 >= longestMs)
          throw new AppError('session/store_unavailable', { detail: `status ${status}`, retryAfterSec })
        return answer
      },
    },
  }
}

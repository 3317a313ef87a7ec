/**
 * Calls of the table service: with a token of the identity, in a queue with a bound, each within the time that its request has left, and
 * once more where the fault may pass. Requests that were carried out though their answer got lost are for the store to recognise.
 */
import { withinTime } from '../base/deadline.ts'
import type { Effects } from '../base/effects.ts'
import { createQueue } from '../base/queue.ts'
import { timeLeft } from '../base/requestTime.ts'
import { parseRetryAfter } from '../base/retryAfter.ts'
import { IDENTITY_WAIT_MS, type SharedIdentity } from '../credential/sharedIdentity.ts'
import { AppError } from '../errors/appError.ts'
import { mayPass, storeError, TableRefusal } from './storeFaults.ts'
import { type TableAnswer, type TableRequest, transactionStatus } from './tableWire.ts'

/** What tokens are asked for. */
export const STORAGE_SCOPE = 'https://storage.azure.com/.default'
/** Longest wait for one call once it has begun, its retries included. Milliseconds. */
const CALL_MS = 4_000
/** What a call has in any case, however long its request has waited already. Milliseconds. */
const LEAST_MS = 2_000
/** Longest wait for a place, where nobody waits for the call. Milliseconds. */
const PLACE_MS = 20_000
const RETRIES = 2
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 300
/** A table that asks for that much or more is not waited for. Milliseconds. */
const LONGEST_RETRY_AFTER_MS = 2_000
/** Fewer than the outbound connections that the platform sets aside for an instance and one address (128). */
const MOST_UNDERWAY = 100
const MOST_WAITING = 2_000

export interface TableCalls {
  /** The answer to a request that succeeded. Throws a {@link TableRefusal} or an {@link AppError}. */
  call(request: TableRequest, signal?: AbortSignal): Promise<TableAnswer>
}

export type TableEffects = Pick<Effects, 'now' | 'random' | 'sleep' | 'exchange'>

export function createTableCalls(
  tablesUrl: string,
  identity: SharedIdentity,
  effects: TableEffects,
): TableCalls {
  const { now, random, sleep, exchange } = effects
  const base = tablesUrl.replace(/\/$/, '')
  const queue = createQueue({
    mostUnderway: MOST_UNDERWAY,
    mostWaiting: MOST_WAITING,
    effects,
    refusal: (why) => new AppError('session/store_unavailable', { detail: `queue ${why}` }),
  })

  async function once({ path, ...request }: TableRequest, signal: AbortSignal): Promise<TableAnswer> {
    const { token } = await identity.getToken(STORAGE_SCOPE)
    const headers = { ...request.headers, authorization: `Bearer ${token}` }
    const answer = await exchange(`${base}${path}`, { ...request, headers, signal })
    const status = path === '/$batch' ? transactionStatus(answer) : answer.status
    if (status >= 200 && status <= 299) return answer
    throw new TableRefusal(answer, status)
  }

  /** The pause before the next try: as the table asks, else growing and at random. Throws where it asks for too much. */
  function pauseMs(fault: unknown, tries: number): number {
    const { status, retryAfter } =
      fault instanceof TableRefusal ? fault : { status: 0, retryAfter: undefined }
    const isBusy = status === 429 || status === 503
    const askedMs = isBusy ? (parseRetryAfter(retryAfter, now()) ?? 0) * 1_000 : 0
    if (askedMs >= LONGEST_RETRY_AFTER_MS) throw storeError(fault, now())
    const share = 0.5 + (random(1)[0] ?? 0) / 512
    return Math.max(askedMs, Math.min(FIRST_PAUSE_MS * 2 ** tries, LONGEST_PAUSE_MS) * share)
  }

  async function persistently(request: TableRequest, signal: AbortSignal): Promise<TableAnswer> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await once(request, signal)
      } catch (fault) {
        if (tries === RETRIES || signal.aborted || !mayPass(fault)) throw fault
        await sleep(pauseMs(fault, tries), signal)
      }
    }
  }

  return {
    async call(request, signal) {
      // A slow identity must not use up the time that the table is given to answer.
      await identity.ready(STORAGE_SCOPE, IDENTITY_WAIT_MS)
      const left = (): number => Math.max(LEAST_MS, timeLeft(now()))
      return queue.run(
        () => withinTime(Math.min(CALL_MS, left()), (over) => persistently(request, over), signal),
        Math.min(PLACE_MS, left()),
      )
    },
  }
}

/**
 * How long the request that is being served may still wait for what it needs. It goes along with the request, through every call that is
 * made for it, so that many short waits do not add up to a long one; what serves everybody, as the renewal of a shared value, is on
 * nobody's time.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

const untilMs = new AsyncLocalStorage<number>()

/** Does `work` for a request that may wait until then, in milliseconds since the epoch. */
export function untilTime<T>(ms: number, work: () => T): T {
  return untilMs.run(ms, work)
}

/** Does `work` on no request's time: what it brings is for everybody. */
export function withoutRequestDeadline<T>(work: () => T): T {
  return untilMs.run(Number.POSITIVE_INFINITY, work)
}

/** What the request has left, in milliseconds, negative where its time is over; without end outside of a request. */
export function timeLeft(nowMs: number): number {
  return (untilMs.getStore() ?? Number.POSITIVE_INFINITY) - nowMs
}

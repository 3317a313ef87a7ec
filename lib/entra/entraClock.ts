/**
 * Entra's clock, as the Date header of its answers shows it. An assertion is dated by one clock and judged by another: where ours is far
 * off, it is dated by Entra's, so that it is neither of the future nor out of date there. What others date for us (an ID token, a
 * session) is judged by our own clock as ever: the network is no authority for that.
 */
import type { Effects } from '../base/effects.ts'
import type { AnswerHeaders, FetchAnswer } from '../base/plainFetch.ts'

/** Below that a difference is left alone: an assertion is valid a little before its time. Milliseconds. */
const LEFT_ALONE_MS = 30_000
/** A new reading replaces the one in use where the two differ by more: a header has whole seconds, and an answer takes its time. */
const READING_MS = 5_000

export interface EntraClock {
  /** Milliseconds since the epoch by Entra's clock, as far as it is known to differ from ours by more than half a minute. */
  now(): number
  /** `fetch` for Entra's addresses, which looks at the clock by the way. */
  readonly fetch: Effects['fetch']
}

/** Tells the log when our clock is found to be off, by how much, and when that is over. */
export function createEntraClock({ now, fetch, log }: Pick<Effects, 'now' | 'fetch' | 'log'>): EntraClock {
  let aheadMs = 0

  function read(answer: FetchAnswer, sentMs: number, receivedMs: number): void {
    const readMs = clockAheadMs(answer.headers, sentMs, receivedMs)
    if (readMs === undefined) return
    const found = Math.abs(readMs) < LEFT_ALONE_MS ? 0 : readMs
    if (found === aheadMs || (found !== 0 && Math.abs(found - aheadMs) <= READING_MS)) return
    aheadMs = found
    log(found === 0 ? 'info' : 'warn', 'entra.clock', { clockAheadSec: Math.round(found / 1_000) })
  }

  return {
    now: () => now() - aheadMs,
    async fetch(input, init) {
      const sentMs = now()
      const answer = await fetch(input, init)
      read(answer, sentMs, now())
      return answer
    },
  }
}

/**
 * How far our clock is ahead of the one that dated an answer (RFC 9110 section 6.6.1), at least: the answer was dated between our sending
 * and our receiving, and the header leaves out the fraction of its second. Negative where ours is behind. Undefined for an answer
 * without a date, or one that a cache kept (`Age`).
 */
export function clockAheadMs(headers: AnswerHeaders, sentMs: number, receivedMs: number): number | undefined {
  const datedMs = Date.parse(headers.get('date') ?? '')
  if (Number.isNaN(datedMs) || headers.has('age')) return undefined
  if (sentMs > datedMs + 1_000) return sentMs - datedMs - 1_000
  return Math.min(receivedMs - datedMs, 0)
}

/** The Retry-After header (RFC 9110 section 10.2.3), read once for every service that sends one, and believed within a bound. */

/** The longest that one is believed: another instance, or a person, may have set things right. Milliseconds. */
export const MOST_PAUSE_MS = 60_000

/** A service that asks for less, or for nothing, is not asked again at once. Seconds. */
const LEAST_SEC = 1
/** No one is believed for longer: what waits has shorter patience still. Seconds. */
const MOST_SEC = 86_400

/** The three forms of an HTTP date (RFC 9110 section 5.6.7), the two obsolete ones included. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

/**
 * Whole seconds to wait from `nowMs` on, within the bounds above whatever is asked for; undefined where the value says neither seconds nor a
 * date. More is read than the specification has: fractions, and what is below zero.
 */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value?.replace(/^[ \t]+|[ \t]+$/g, '') ?? ''
  const seconds = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : secondsUntil(text, nowMs)
  return seconds === undefined ? undefined : Math.min(Math.max(Math.ceil(seconds), LEAST_SEC), MOST_SEC)
}

function secondsUntil(text: string, nowMs: number): number | undefined {
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined
  const dateMs = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(dateMs) ? undefined : (dateMs - nowMs) / 1_000
}

/** A retry-after member for an error's context: absent where the header says nothing. */
export function retryAfterOf(
  value: string | null | undefined,
  nowMs: number,
): { readonly retryAfterSec?: number } {
  const retryAfterSec = parseRetryAfter(value, nowMs)
  return retryAfterSec === undefined ? {} : { retryAfterSec }
}

/** The pause that a fault asks for, in milliseconds; none where it names none. */
export function askedPauseMs(fault: unknown): number {
  const { retryAfterSec = 0 } = (fault as { context?: { retryAfterSec?: number } } | undefined)?.context ?? {}
  return Math.min(retryAfterSec * 1_000, MOST_PAUSE_MS)
}

/** The Retry-After header (RFC 9110 section 10.2.3), read once for every service that sends one. */

/** The three forms of an HTTP date (RFC 9110 section 5.6.7), the two obsolete ones included. */
const HTTP_DATES = [
  /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]+day, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
]

/** Seconds to wait from `nowMs` on, never below zero; undefined where the value says neither seconds nor a date. */
export function parseRetryAfter(value: string | null | undefined, nowMs: number): number | undefined {
  const text = value?.replace(/^[ \t]+|[ \t]+$/g, '') ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text)
  if (!HTTP_DATES.some((form) => form.test(text))) return undefined
  const dateMs = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, Math.ceil((dateMs - nowMs) / 1_000))
}

/** A retry-after member for an error's context: absent where the header says nothing. */
export function retryAfterOf(
  value: string | null | undefined,
  nowMs: number,
): { readonly retryAfterSec?: number } {
  const retryAfterSec = parseRetryAfter(value, nowMs)
  return retryAfterSec === undefined ? {} : { retryAfterSec }
}

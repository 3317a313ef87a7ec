/**
 * The bound cookie: 32 random bytes of which the row keeps the hash and the end. What came before the newest is good for a little longer, so
 * that a request which was under way while the browser got its successor loses nothing. Pure but for the bytes.
 */
import { base64url, sha256 } from '../base/crypto.ts'
import type { Binding, BoundCookie } from '../session/binding.ts'

const COOKIE_BYTES = 32
/** How long a value is good: no copy of it lives longer. Milliseconds. */
export const COOKIE_MS = 10 * 60_000
/** How much sooner the browser lets go of it: none is sent that could arrive too late. Milliseconds. */
export const MARGIN_MS = 30_000
/** How long the values before the newest are good beside it. Milliseconds. */
export const OVERLAP_MS = 60_000
/** Values that are good at the same time; a browser in a hurry refreshes several times within seconds. */
const MOST_COOKIES = 4

/** The next value, and the binding that knows it: a new round, in which no challenge of an earlier one is good. */
export function nextCookie<B extends Pick<Binding, 'cookies' | 'round'>>(
  binding: B,
  nowMs: number,
  random: (bytes: number) => Uint8Array,
): { readonly value: string; readonly binding: B } {
  const value = base64url.encode(random(COOKIE_BYTES))
  const newest = { hash: hashOf(value), endsAtMs: nowMs + COOKIE_MS }
  const others = binding.cookies
    .map(({ hash, endsAtMs }): BoundCookie => ({ hash, endsAtMs: Math.min(endsAtMs, nowMs + OVERLAP_MS) }))
    .filter(({ endsAtMs }) => nowMs < endsAtMs)
  const cookies = [newest, ...others].slice(0, MOST_COOKIES)
  return { value, binding: { ...binding, round: binding.round + 1, cookies } }
}

/** Whether this is a value of the bound cookie that is good now. */
export function isGood({ cookies }: Pick<Binding, 'cookies'>, value: string, nowMs: number): boolean {
  const hash = hashOf(value)
  return cookies.some((one) => one.hash === hash && nowMs < one.endsAtMs)
}

function hashOf(value: string): string {
  return base64url.encode(sha256(value))
}

/** The latest moment that a Date can hold, in seconds since the epoch (ECMA-262 section 21.4.1.1). */
const LATEST_SEC = 8_640_000_000_000

/**
 * Whether a claim is a time: a number of seconds since the epoch (NumericDate, RFC 7519 section 2) that a Date can hold. One beyond that
 * passes every comparison and fails where it is first written out.
 */
export function isEpochSeconds(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LATEST_SEC
}

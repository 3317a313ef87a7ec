/** Figures as far as they say something: no digit is printed that another run of the same length would not repeat. */

/** A median and the half of the rounds around it. */
export interface Spread {
  readonly median: number
  /** First and third quartile. */
  readonly low: number
  readonly high: number
}

/** Of at least one value; quartiles by linear interpolation. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => {
    const position = (sorted.length - 1) * share
    const [below = Number.NaN, above = below] = sorted.slice(Math.floor(position), Math.floor(position) + 2)
    return below + (above - below) * (position - Math.floor(position))
  }
  return { median: at(0.5), low: at(0.25), high: at(0.75) }
}

/**
 * A value without the digits that noise makes: its last one is of the size of half the spread; the median has one digit at least and
 * three at most. Plain decimals.
 */
export function withoutNoise(value: number, { median, low, high }: Spread): string {
  const size = Math.floor(Math.log10(Math.abs(median)))
  const noise = Math.round(Math.log10(Math.max((high - low) / 2, Number.MIN_VALUE)))
  const last = Math.max(Math.min(noise, size), size - 2)
  const unit = 10 ** last
  return (Math.round(value / unit) * unit).toFixed(Math.max(0, -last))
}

/** `1.2 (1.1 to 1.4)`: the median, and where half of the rounds lay. */
export function shown(spread: Spread): string {
  const [median, low, high] = [spread.median, spread.low, spread.high].map((value) =>
    withoutNoise(value, spread),
  )
  return `${median} (${low} to ${high})`
}

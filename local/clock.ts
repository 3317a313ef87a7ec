/** The one clock of all the stand-ins: a real one, or a test's, that can be moved while they run. */
export type MovableClock = {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Sets it off from what it runs by, in milliseconds; ahead where that is positive. Not added to an earlier one. */
  setOff(ms: number): void
}

export function createClock(base: () => number = Date.now): MovableClock {
  let offMs = 0
  return {
    now: () => base() + offMs,
    setOff(ms) {
      offMs = ms
    },
  }
}

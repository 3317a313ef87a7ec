import { onTestFinished, vi } from 'vitest'

/**
 * From now on a deadline of `ms` passes after `lengthOf(ms)`. Deadlines are made of `AbortSignal.timeout` and of `setTimeout`, which know no
 * clock but the machine's. Returns how to have it as it was.
 */
export function hastenDeadlines(lengthOf: (ms: number) => number): () => void {
  const timeout = AbortSignal.timeout.bind(AbortSignal)
  const ofSignals = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(lengthOf(ms)))
  const set = globalThis.setTimeout
  const later = (work: () => void, ms = 0, ...given: []): NodeJS.Timeout => set(work, lengthOf(ms), ...given)
  const ofTimers = vi.spyOn(globalThis, 'setTimeout').mockImplementation(later as typeof setTimeout)
  return () => {
    ofSignals.mockRestore()
    ofTimers.mockRestore()
  }
}

/** Until the test ends, a deadline of `ms` passes after `toMs`; all others keep their length. Returns the lengths asked for since then. */
export function shortenDeadline(ms: number, toMs = 600): readonly number[] {
  const asked: number[] = []
  onTestFinished(
    hastenDeadlines((wanted) => {
      asked.push(wanted)
      return wanted === ms ? toMs : wanted
    }),
  )
  return asked
}

import { type MockInstance, onTestFinished, vi } from 'vitest'

/**
 * Until the test ends, a deadline of `ms` passes after `toMs`; all others keep their length. `AbortSignal.timeout` is what deadlines
 * are made of, and it knows no clock but the machine's. Returns the lengths asked for since then.
 */
export function shortenDeadline(ms: number, toMs = 600): readonly number[] {
  const asked: number[] = []
  const real = AbortSignal.timeout.bind(AbortSignal)
  const spy: MockInstance = vi.spyOn(AbortSignal, 'timeout').mockImplementation((wanted) => {
    asked.push(wanted)
    return real(wanted === ms ? toMs : wanted)
  })
  onTestFinished(() => spy.mockRestore())
  return asked
}

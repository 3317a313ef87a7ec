/** Lets everything that needs no time happen. */
export const settled = () => new Promise((resolve) => setImmediate(resolve))

/** A clock in the test's hand, on which waits end in their order. */
export function heldClock() {
  const sleepers = new Set<{ readonly atMs: number; readonly wake: () => void }>()
  let nowMs = 0
  return {
    now: () => nowMs,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        const sleeper = { atMs: nowMs + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(signal.reason)
        })
      }),
    async advance(ms: number) {
      nowMs += ms
      for (const sleeper of [...sleepers].sort((a, b) => a.atMs - b.atMs))
        if (sleeper.atMs <= nowMs && sleepers.delete(sleeper)) sleeper.wake()
      await settled()
    },
    asleep: () => sleepers.size,
  }
}

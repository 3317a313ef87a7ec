/**
 * Work that may come in bursts, towards something that can do only so much at once: as much as that is under way, the rest waits in the
 * order in which it came, up to a bound and each for its own time. Nobody waits without an end, and nothing piles up without one.
 */
import type { Effects } from './effects.ts'

export interface Queue {
  /** What `work` comes to, which begins within `longestMs`. Throws what `refusal` makes where it does not. */
  run<T>(work: () => Promise<T>, longestMs: number): Promise<T>
}

interface QueueOptions {
  readonly mostUnderway: number
  readonly mostWaiting: number
  readonly effects: Pick<Effects, 'sleep'>
  /** `full`: there was no room to wait; `late`: the wait was too long. */
  readonly refusal: (why: 'full' | 'late') => Error
}

export function createQueue({ mostUnderway, mostWaiting, effects, refusal }: QueueOptions): Queue {
  let underway = 0
  const waiting = new Set<() => void>()

  /** Whoever has waited longest takes the place over; a place that nobody waits for is free. */
  function leave(): void {
    const [next] = waiting
    if (next === undefined) underway -= 1
    else next()
  }

  async function place(longestMs: number): Promise<void> {
    if (underway < mostUnderway) {
      underway += 1
      return
    }
    if (waiting.size >= mostWaiting) throw refusal('full')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const over = new AbortController()
    const enter = (): void => {
      waiting.delete(enter)
      over.abort()
      resolve()
    }
    waiting.add(enter)
    effects.sleep(longestMs, over.signal).then(
      () => {
        if (waiting.delete(enter)) reject(refusal('late'))
      },
      () => undefined,
    )
    await promise
  }

  return {
    async run(work, longestMs) {
      await place(longestMs)
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}

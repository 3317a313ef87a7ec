/** Waits that end in time. */

/**
 * Runs `work` with a signal that aborts after `ms` milliseconds, or together with `outer`. It aborts once `work` has settled, too, which closes
 * the connection to an answer that was not read to its end. The timer stops with the call; one of `AbortSignal.timeout` runs on until its
 * time has come.
 */
export async function withinTime<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const over = new AbortController()
  const end = (): void => over.abort(OVER)
  const timer = setTimeout(end, ms)
  timer.unref()
  outer?.addEventListener('abort', end)
  if (outer?.aborted) end()
  try {
    return await work(over.signal)
  } finally {
    clearTimeout(timer)
    outer?.removeEventListener('abort', end)
    end()
  }
}

/** Made once: a reason of its own for each signal would be an error with a stack. */
const OVER = new DOMException('The time is over.', 'AbortError')

/** The same for work that cannot be called off, or undefined where the signal ends the wait before. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  signal.addEventListener('abort', () => resolve(undefined))
  return Promise.race([work, promise])
}

/**
 * What `work` comes to, which cannot be called off: it goes on by itself, and whoever comes next may find it done. After `ms` milliseconds throws
 * what `late` makes.
 */
export function withinDeadline<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  AbortSignal.timeout(ms).addEventListener('abort', () => reject(late()))
  return Promise.race([work, promise])
}

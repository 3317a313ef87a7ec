/** Waits that end in time. */

/**
 * What `work` comes to, which is called off by its signal after `ms` milliseconds, or when `outer` aborts. In the end the signal ends the
 * connection to whatever was not read to its end: an answer that is refused, or one that a client has kept to itself. A clock of its own for
 * each call, stopped with it: one of `AbortSignal.timeout` goes on until its time has come.
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

/**
 * The same for work that cannot be called off: it goes on by itself, and whoever comes next may find it done. After `ms` milliseconds throws
 * what `late` makes.
 */
export function withinDeadline<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  AbortSignal.timeout(ms).addEventListener('abort', () => reject(late()))
  return Promise.race([work, promise])
}

/** A wait that ends in time, for work that cannot be called off: it goes on by itself, and whoever comes next may find it done. */

/** What `work` comes to within `ms` milliseconds; after that throws what `late` makes. */
export function withinDeadline<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  AbortSignal.timeout(ms).addEventListener('abort', () => reject(late()))
  return Promise.race([work, promise])
}

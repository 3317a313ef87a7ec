/** Work on many things at once: with a bound on how much is under way, and an end at which all of it has ended. */

/** Does `work` for each item, at most `most` at a time. Rejects with the first fault, after what had begun has ended. */
export async function inParallel<T>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values()
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item)
  }
  await allEnded(Array.from({ length: Math.min(most, items.length) }, worker))
}

/** What all of them come to. Rejects with the first fault, but not before every one has ended: nothing goes on behind the answer. */
export async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works)
  return Promise.all(works)
}

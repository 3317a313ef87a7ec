import { setImmediate } from 'node:timers/promises'

/** Waits for something that this process is about to see; looks once per turn of the event loop, for ten seconds at most. */
export async function until(holds: () => boolean): Promise<void> {
  const giveUpAt = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > giveUpAt) throw new Error(`Never came true: ${holds}`)
    await setImmediate()
  }
}

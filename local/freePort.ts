import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what Linux, macOS and Windows give to outgoing connections unless somebody set it otherwise (from 32768 on at the lowest); above the well-known. */
const FIRST = 10_000
const BEHIND = 32_768
const MOST_TRIES = 50

/**
 * A port of 127.0.0.1 that nobody listens on now, for a process that has to be told its port before it starts. Drawn at random, so that
 * two who look at the same time do not get the same.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const port = randomInt(FIRST, BEHIND)
    if (await isFree(port)) return port
  }
  throw new Error(`No port from ${FIRST} to ${BEHIND - 1} is free.`)
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
    return true
  } catch {
    return false
  } finally {
    probe.close()
  }
}

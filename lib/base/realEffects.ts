/** The real clock, random source, network and log of our own code. The SDKs of Azure bring a network and a clock of their own. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { drawRandom } from './drawRandom.ts'
import type { Effects } from './effects.ts'
import { exchange } from './exchange.ts'
import { fetchAsSent } from './fetchAsSent.ts'
import { createLogLines } from './logLines.ts'
import { plainFetch } from './plainFetch.ts'

let isFlushedAtExit = false
const log = createLogLines({
  write: (level, text) => (level === 'info' ? process.stdout : process.stderr).write(text),
  later(ms, flush) {
    setTimeout(flush, ms).unref()
    if (!isFlushedAtExit) process.once('exit', flush)
    isFlushedAtExit = true
  },
})

export const realEffects: Effects = {
  now: Date.now,
  random: drawRandom(randomBytes),
  fetch: plainFetch,
  fetchAsSent,
  exchange,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  log,
}

/** For the library: the process is another's, who may have told the global `fetch` which proxy to take. */
export const libraryEffects: Effects = { ...realEffects, fetch: (url, ask) => fetch(url, ask) }

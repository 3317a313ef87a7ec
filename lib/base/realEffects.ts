/** The real clock, random source, network and log of our own code. The SDKs of Azure bring a network and a clock of their own. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Effects, Log } from './effects.ts'
import { exchange } from './exchange.ts'
import { fetchAsSent } from './fetchAsSent.ts'
import { plainFetch } from './plainFetch.ts'

/** One JSON line per event, where the platform collects them. */
const writeLine: Log = (level, event, facts = {}) => {
  console[level](JSON.stringify({ event, ...facts }))
}

export const realEffects: Effects = {
  now: Date.now,
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  fetch: plainFetch,
  fetchAsSent,
  exchange,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  log: writeLine,
}

/** For the library: the process is another's, who may have told the global `fetch` which proxy to take. */
export const libraryEffects: Effects = { ...realEffects, fetch: (url, ask) => fetch(url, ask) }

/** The real clock, random source, network and log of our own code. The SDKs of Azure bring a network and a clock of their own. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Effects, Log } from './effects.ts'
import { fetchAsSent } from './fetchAsSent.ts'

/** One JSON line per event, where the platform collects them. */
const writeLine: Log = (level, event, facts = {}) => {
  console[level](JSON.stringify({ event, ...facts }))
}

export const realEffects: Effects = {
  now: Date.now,
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  fetch: (input, init) => fetch(input, init),
  fetchAsSent,
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  log: writeLine,
}

import { createHash } from 'node:crypto'
import type { Effects, LogLevel } from '../../lib/base/effects.ts'

export interface LogEntry {
  readonly level: LogLevel
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface HeldEffects extends Effects {
  /** Everything that was logged, in order. */
  readonly logs: LogEntry[]
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: number[]
  advance(ms: number): void
}

export const START_MS = Date.UTC(2026, 0, 15, 12)

/**
 * Effects in the test's hand: a clock that stands until it is moved (a pause moves it), random bytes that never repeat and are
 * the same in every run, a log that is kept, and no network.
 */
export function heldEffects(replaced: Partial<Effects> = {}): HeldEffects {
  let nowMs = START_MS
  let draws = 0
  const logs: LogEntry[] = []
  const pauses: number[] = []
  return {
    now: () => nowMs,
    random: (bytes) => pseudoRandom(`${draws++}`, bytes),
    fetch: async () => {
      throw new TypeError('there is no network here')
    },
    fetchAsSent: async () => {
      throw new TypeError('there is no network here')
    },
    exchange: async () => {
      throw new TypeError('there is no network here')
    },
    sleep: async (ms) => {
      pauses.push(ms)
      nowMs += ms
    },
    log: (level, event, facts = {}) => void logs.push({ level, event, facts }),
    ...replaced,
    logs,
    pauses,
    advance: (ms) => {
      nowMs += ms
    },
  }
}

function pseudoRandom(seed: string, bytes: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) =>
    createHash('sha256').update(`${seed}/${i}`).digest(),
  )
  return new Uint8Array(Buffer.concat(blocks).subarray(0, bytes))
}

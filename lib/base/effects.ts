import type { Exchange } from './exchange.ts'
import type { FetchAsSent } from './fetchAsSent.ts'
import type { Fetch } from './plainFetch.ts'

/** The world as parameters: our code meets it here and nowhere else, so that a test can put another in its place. */
export interface Effects {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Cryptographically strong random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly fetch: Fetch
  /** For what is passed on as it is: the bytes of an answer, its coding included. */
  readonly fetchAsSent: FetchAsSent
  /** For the services of the platform. */
  readonly exchange: Exchange
  /** Resolves after `ms`, or rejects when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly log: Log
}

export type LogLevel = 'info' | 'warn' | 'error'

/** Plain values by name: never a token, code, verifier, assertion, cookie or e-mail. What is undefined is left out. */
export type LogFacts = Readonly<Record<string, unknown>>

/** Writes one structured event. */
export type Log = (level: LogLevel, event: string, facts?: LogFacts) => void

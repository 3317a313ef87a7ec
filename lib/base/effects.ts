/** The world as parameters: everything here is replaced in tests, and only `compose.ts` holds the real one. */
export interface Effects {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Cryptographically strong random bytes. */
  readonly random: (bytes: number) => Uint8Array
  readonly fetch: typeof globalThis.fetch
  /** Resolves after `ms`, or rejects when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly log: Log
}

export type LogLevel = 'info' | 'warn' | 'error'

/** Writes one structured event. Values are plain facts: never a token, code, verifier, assertion, cookie or e-mail. */
export type Log = (level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>) => void

import type { Sending } from './send.ts'

export type Mode = 'buffered' | 'streaming'

/** What must be observed; what is left out is not looked at, but for the status, which is 200. */
export type Expectation = {
  readonly status?: number
  /** null: the header is absent. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly setCookie?: readonly string[]
  readonly body?: string | Buffer
  /** What reached the `echo` handler, field by field and each one whole. */
  readonly sees?: Readonly<Record<string, unknown>>
  /** Single headers that reached it; null: did not. */
  readonly seesHeaders?: Readonly<Record<string, string | null>>
}

/** Nothing comes back before the client loses patience. */
export const noAnswer = 'no answer'

export type Outcome = Expectation | typeof noAnswer

/** One request and its outcome, under every host. */
export type Case = {
  /** A sentence about the host. */
  readonly title: string
  readonly send: Sending
  readonly expect: Outcome | Readonly<Record<Mode, Outcome>>
}

/** Whoever takes part in a sign-in, from left to right on the page. */
export const PARTIES = ['browser', 'app', 'entra', 'vault', 'identity', 'tables'] as const

export type Party = (typeof PARTIES)[number]

/** One parameter, header field or claim. */
export interface Field {
  readonly name: string
  /** `undefined`: it was there, and no log keeps it. */
  readonly value: string | undefined
  readonly meaning: string
  /** Where that is asked for; empty for what nobody documents. */
  readonly spec: string
}

export interface FieldGroup {
  readonly heading: string
  readonly fields: readonly Field[]
}

/** One request, told. */
export interface Step {
  readonly from: Party
  readonly to: Party
  readonly title: string
  /** Method and path. */
  readonly call: string
  /** Milliseconds since the epoch; `undefined` for what no stand-in sees and the next step implies. */
  readonly atMs: number | undefined
  /** 0 for a request that was never answered; `undefined` as for `atMs`. */
  readonly status: number | undefined
  /** A status that looks like a refusal and is what was asked for. */
  readonly isAsExpected?: boolean
  /** What it proves or is for. */
  readonly purpose: string
  readonly spec: string
  readonly groups: readonly FieldGroup[]
}

/** A policy on certificates; all of its members are optional, as those of Graph are. */
export type KeyPolicy = {
  readonly isEnabled?: boolean
  /** Longest life, in days. */
  readonly maxLifetimeDays?: number
  /** DER of the authorities that may issue: no others may. */
  readonly authorities?: readonly Buffer[]
  /** Only applications created then or later are concerned. Milliseconds since the epoch. */
  readonly fromCreationMs?: number
  /** Whether some callers are exempt, by an attribute; this application is none of them. */
  readonly exemptsCallers?: boolean
}

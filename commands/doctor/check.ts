/** What all checks of the doctor have in common: a question about the live chain, an answer, and one fix. */
import type { Config } from '../../lib/config/config.ts'
import type { Examination } from './examination.ts'

/** The checks that every client with a certificate goes through. */
export type ClientCheckId = 'vault' | 'sign' | 'key' | 'certificate' | 'assertion' | 'rotation' | 'policy'

export type CheckId =
  | 'settings'
  | 'identity'
  | 'token-binding'
  | ClientCheckId
  | 'metadata'
  | 'clock'
  | 'managed-identity'
  | 'tpm'
  | 'pem'
  | 'sources'
  | 'permissions'
  | 'redirect'
  | 'public'
  | 'front-end'
  | 'table'
  | `app-only-${ClientCheckId}`

/** `unknown`: it could not be found out, which is neither good nor bad news. */
export type Verdict = 'pass' | 'fail' | 'unknown'

export interface Finding {
  readonly verdict: Verdict
  /** What was seen, in a sentence or two without any secret. */
  readonly seen: string
  /** What to do about it: one command, or a path in the portal. Absent when all is well. */
  readonly fix?: string
  /** What a person should look at all the same, whatever the verdict. */
  readonly note?: string
}

export interface Check {
  readonly id: CheckId
  /** What is true when it passes. */
  readonly title: string
  /** How it is found out, for the documentation. */
  readonly method: string
  /** Earlier checks that must have passed; those that do not concern the settings count as passed. */
  readonly needs: readonly CheckId[]
  /** Whether these settings leave anything to examine; always, where absent. */
  readonly concerns?: (config: Config) => boolean
  readonly examine: (examination: Examination) => Promise<Finding>
}

export interface CheckResult extends Finding {
  readonly id: CheckId
  readonly title: string
}

export const pass = (seen: string, note?: string): Finding => ({ verdict: 'pass', seen, ...noted(note) })
export const fail = (seen: string, fix: string, note?: string): Finding => ({
  verdict: 'fail',
  seen,
  fix,
  ...noted(note),
})
export const unknown = (seen: string, fix?: string): Finding => ({
  verdict: 'unknown',
  seen,
  ...(fix === undefined ? {} : { fix }),
})

function noted(note: string | undefined): Pick<Finding, 'note'> {
  return note === undefined || note === '' ? {} : { note }
}

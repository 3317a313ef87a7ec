/** What a fault says in a log line: its code and what is known of it, and no word that came from outside. */
import type { LogFacts } from '../base/effects.ts'
import { type AppError, asAppError, className } from './appError.ts'
import { stackFrames } from './stackFrames.ts'

/**
 * Code, kind, detail and named facts of any thrown value; of what lay underneath only the name of its class, because its message may
 * hold anything; and for a bug the places in our code that it passed.
 */
export function faultFacts(thrown: unknown): LogFacts {
  const fault = asAppError(thrown)
  const { detail, facts, cause } = fault.context
  return {
    ...facts,
    fault: fault.code,
    kind: fault.row.kind,
    detail,
    cause: cause instanceof Error ? className(cause) : undefined,
    frames: fault.row.kind === 'bug' ? stackFrames(origin(fault)) : undefined,
  }
}

/** Where a bug began: what has no code yet is wrapped, and its own stack leads further down. */
function origin(fault: AppError): Error {
  const { cause } = fault.context
  return cause instanceof Error ? cause : fault
}

/**
 * A session's beginning and end in the log: who, and why. A person is told by the hash that the user index knows them by, so that an operator
 * who has an account can follow it, and a log names nobody by itself.
 */
import type { App } from '../app.ts'
import type { PersonHash } from '../session/rows.ts'
import type { SignetRequest } from './request.ts'

/**
 * The person's own doing, Entra's word, our limits, a role that is no more, a sign-in in the same browser that took its place, proofs of somebody who does not hold
 * the key that it is bound to, or no key where one is required.
 */
export type SessionEnd = 'sign-out' | 'entra' | 'limit' | 'role' | 'replaced' | 'wrong-key' | 'no-key'

type Where = Pick<SignetRequest, 'correlationId'>

/** One line for a session that was written. */
export function logStarted({ effects }: App, { correlationId }: Where, person: PersonHash): void {
  effects.log('info', 'session.started', { correlationId, person })
}

/** One line for a session that was removed; none where there was none any more. */
export function logEnded(
  { effects }: App,
  { correlationId }: Where,
  by: SessionEnd,
  person: PersonHash | undefined,
): void {
  if (person !== undefined) effects.log('info', 'session.ended', { correlationId, person, by })
}

/**
 * What the last real token requests of this instance came to, in its memory alone: nothing is asked of Entra for it. The last answer that
 * tells something decides. A refused client, an endpoint that does not answer and an answer of somebody else in its place would meet the next
 * sign-in as well; any answer of the endpoint about the grant itself shows that it is there and took the client, and heals. What
 * speaks of neither changes nothing: a person, or whoever makes up a code, can bring about the others. A page with status 4xx in place of an answer
 * to a code is one of those, and is not told here: a filter on the way makes it of what the code holds.
 *
 * A fault counts for a few minutes only. An instance that nobody asks any more, because a load balancer took it out, would else stay out for
 * ever: by then it is given another try, and the answer to that decides anew.
 */
import type { Effects } from '../base/effects.ts'
import { type AppError, asAppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

/** The longest that a failed token request speaks for the next one. Milliseconds. */
const FAULT_COUNTS_MS = 5 * 60_000

const WOULD_MEET_THE_NEXT: readonly ErrorCode[] = [
  'entra/client_rejected',
  'entra/unavailable',
  'entra/malformed_response',
]
/** The client was authenticated: Entra looks at it before it looks at the grant. */
const OF_THE_GRANT: readonly ErrorCode[] = [
  'entra/grant_rejected',
  'entra/interaction_required',
  'entra/no_access',
]

export interface TokenAttempts {
  succeeded(): void
  failed(thrown: unknown): void
  /** The fault that the next sign-in would meet, as far as the last attempts tell; undefined where nothing speaks against it. */
  standingFault(): AppError | undefined
}

export function createTokenAttempts({ now }: Pick<Effects, 'now'>): TokenAttempts {
  let last: { readonly fault: AppError; readonly atMs: number } | undefined

  return {
    succeeded() {
      last = undefined
    },
    failed(thrown) {
      const fault = asAppError(thrown)
      const isOfGrant = fault.context.ofGrant === true || OF_THE_GRANT.includes(fault.code)
      if (isOfGrant) last = undefined
      else if (WOULD_MEET_THE_NEXT.includes(fault.code)) last = { fault, atMs: now() }
    },
    standingFault() {
      if (last === undefined) return undefined
      const ageMs = now() - last.atMs
      // A clock that was set back must not lengthen it.
      return ageMs >= 0 && ageMs < FAULT_COUNTS_MS ? last.fault : undefined
    },
  }
}

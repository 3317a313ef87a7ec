/** The session record and its life: what is sealed into the row, and when a session has ended. Pure. */
import type { ClientProof } from '../credential/clientCredential.ts'
import type { Redemption } from '../entra/codeRedemption.ts'
import type { Identity } from '../entra/idToken.ts'
import type { TokenSet } from '../entra/tokenEndpoint.ts'

export interface Session {
  readonly identity: Identity
  readonly tokens: TokenSet
  /** How the client proved itself when the code was redeemed. */
  readonly proof: ClientProof
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  /** The absolute end, whatever happens. Milliseconds since the epoch. */
  readonly endsAtMs: number
}

export interface SessionLimits {
  readonly idleMs: number
  readonly absoluteMs: number
}

/** How a session stands: `touch` means it lives and its last use should be written down. */
export type SessionStanding = 'live' | 'touch' | 'ended'

/** The share of the idle limit after which a use is written down, so that not every request writes. */
const TOUCH_SHARE = 0.1

export function newSession(
  { identity, tokens }: Redemption,
  proof: ClientProof,
  limits: SessionLimits,
  nowMs: number,
): Session {
  return { identity, tokens, proof, createdAtMs: nowMs, endsAtMs: nowMs + limits.absoluteMs }
}

export function standing(
  session: Session,
  usedAtMs: number,
  limits: SessionLimits,
  nowMs: number,
): SessionStanding {
  if (nowMs >= session.endsAtMs || nowMs >= usedAtMs + limits.idleMs) return 'ended'
  return nowMs - usedAtMs >= limits.idleMs * TOUCH_SHARE ? 'touch' : 'live'
}

/** When the session ends if it is not used again. Milliseconds since the epoch. */
export function idleEnd(session: Session, usedAtMs: number, limits: SessionLimits): number {
  return Math.min(session.endsAtMs, usedAtMs + limits.idleMs)
}

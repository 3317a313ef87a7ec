/** The session record and its life: what is sealed into the row, and when a session has ended. Pure. */
import type { ClientProof } from '../credential/clientCredential.ts'
import { type ClientAuthentication, clientAuthenticationOf } from '../entra/clientAuthentication.ts'
import type { Redemption } from '../entra/codeRedemption.ts'
import { type Identity, nonceHashOf } from '../entra/idToken.ts'

export interface Session {
  readonly identity: Identity
  /** Of the nonce of the sign-in, which the ID token of a refresh may hold again. Absent in a session of a build before. */
  readonly nonceHash?: string
  /** How the client proved itself when the code was redeemed. */
  readonly proof: ClientProof
  /** What Entra wrote of that proof into an access token meant for us, where there was one. */
  readonly clientAuthentication?: ClientAuthentication
  /** The kind of device in plain words, for the person's list of sessions. */
  readonly device: string
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number
  /** The absolute end, whatever happens. Milliseconds since the epoch. */
  readonly endsAtMs: number
}

/** What the person granted: the tokens, which lie in a row of their own. */
export interface Grant {
  readonly refreshToken?: string
  /** By the scopes they were asked for. */
  readonly accessTokens: Readonly<Record<string, HeldAccessToken>>
  /** Scopes, with spaces between, that Entra last refused for want of consent. */
  readonly withoutConsent?: readonly string[]
}

export interface HeldAccessToken {
  readonly token: string
  /** Milliseconds since the epoch. */
  readonly obtainedAtMs: number
  readonly expiresAtMs: number
  /** From then on a new one should be asked for. Milliseconds since the epoch. */
  readonly renewAtMs: number
}

export interface SessionLimits {
  readonly idleMs: number
  readonly absoluteMs: number
}

/** How a session stands: `touch` means it lives and its last use should be written down. */
export type SessionStanding = 'live' | 'touch' | 'ended'

/** The share of the idle limit after which a use is written down, so that not every request writes. */
const TOUCH_SHARE = 0.1

interface SignIn {
  readonly redemption: Redemption
  readonly nonce: string
  readonly clientId: string
  readonly device: string
}

/** The session and the grant that a sign-in comes to. Its access token was asked for to sign in and is not kept. */
export function newSession(
  { redemption, nonce, clientId, device }: SignIn,
  limits: SessionLimits,
  nowMs: number,
): { readonly session: Session; readonly grant: Grant } {
  const { identity, tokens, proof } = redemption
  const { accessToken, refreshToken } = tokens
  const clientAuthentication = clientAuthenticationOf(accessToken, clientId)
  return {
    session: {
      identity,
      nonceHash: nonceHashOf(nonce),
      proof,
      ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
      device,
      createdAtMs: nowMs,
      endsAtMs: nowMs + limits.absoluteMs,
    },
    grant: { ...(refreshToken === undefined ? {} : { refreshToken }), accessTokens: {} },
  }
}

export function standing(
  session: Pick<Session, 'endsAtMs'>,
  usedAtMs: number,
  limits: SessionLimits,
  nowMs: number,
): SessionStanding {
  if (nowMs >= session.endsAtMs || nowMs >= usedAtMs + limits.idleMs) return 'ended'
  return nowMs - usedAtMs >= limits.idleMs * TOUCH_SHARE ? 'touch' : 'live'
}

/** Whether none of its ends has come: neither limit, nor the moment before which all have ended. Times in milliseconds since the epoch. */
export function lives(
  {
    createdAtMs,
    usedAtMs,
    endsAtMs,
  }: Pick<Session, 'createdAtMs' | 'endsAtMs'> & { readonly usedAtMs: number },
  limits: SessionLimits,
  endedBeforeMs: number,
  nowMs: number,
): boolean {
  return createdAtMs >= endedBeforeMs && standing({ endsAtMs }, usedAtMs, limits, nowMs) !== 'ended'
}

/** When the session ends if it is not used again. Milliseconds since the epoch. */
export function idleEnd(session: Pick<Session, 'endsAtMs'>, usedAtMs: number, limits: SessionLimits): number {
  return Math.min(session.endsAtMs, usedAtMs + limits.idleMs)
}

/**
 * The person as Entra describes them now; `known` itself where that is nothing new. What the sign-in proved stays as it was proven then: its session at Entra, when and how the person
 * authenticated.
 */
export function described(known: Identity, { name, username, loginHint, roles }: Identity): Identity {
  const { roles: _before, ...kept } = known
  const next = {
    ...kept,
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(roles === undefined ? {} : { roles }),
  }
  return changing(next) === changing(known) ? known : next
}

function changing({ name, username, loginHint, roles }: Identity): string {
  return JSON.stringify([name, username, loginHint, roles])
}

/**
 * On-behalf-of (Entra's profile of RFC 7523 section 2.1): an API exchanges the token its caller sent for one to call further, as the
 * same person. Kept per caller's token and scope, never longer than either token lives. Where Entra asks for a pause, so is that.
 */
import type { TokenEndpointResponse } from 'oauth4webapi'
import { base64url, sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { putLast } from '../base/putLast.ts'
import { AppError } from '../errors/appError.ts'
import { entraPauseMs } from './entraPause.ts'
import { type TokenEndpoint, tokenSet } from './tokenEndpoint.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const EXPIRY_MARGIN_MS = 60_000
const MOST_HELD = 5_000

export interface OnBehalfOfInput {
  /** The access token that the API received and has validated. */
  readonly userAssertion: string
  /** When that token expires. Milliseconds since the epoch. */
  readonly userAssertionExpiresAtMs: number
  readonly scope: string
  /** Claims JSON of a challenge that the resource answered with. */
  readonly claims?: string
}

export interface OnBehalfOf {
  /**
   * An access token for `scope` as the caller's person. Throws `entra/interaction_required` whose `claims` the API hands to its caller
   * as a claims challenge, other `entra/*`, `vault/*`; `config/invalid` where the input is not of these types, and then nothing is asked.
   */
  exchange(input: OnBehalfOfInput): Promise<string>
}

interface Held {
  readonly token: Promise<string>
  /** The claims it was asked for with, while the answer is awaited. */
  awaitedClaims?: string | undefined
  usableUntilMs: number
  /** Entra asked to be left in peace. */
  pause?: Pause
}

interface Pause {
  readonly fault: AppError
  /** Milliseconds since the epoch, both. */
  readonly sinceMs: number
  readonly untilMs: number
}

interface OnBehalfOfOptions {
  readonly endpoint: Pick<TokenEndpoint, 'grant'>
  readonly effects: Pick<Effects, 'now'>
}

export function createOnBehalfOf({ endpoint, effects }: OnBehalfOfOptions): OnBehalfOf {
  const { now } = effects
  const held = new Map<string, Held>()

  const request = ({ userAssertion, scope, claims }: OnBehalfOfInput): Promise<TokenEndpointResponse> =>
    endpoint.grant(GRANT, {
      assertion: userAssertion,
      requested_token_use: 'on_behalf_of',
      scope,
      ...(claims === undefined ? {} : { claims }),
    })

  function start(key: string, input: OnBehalfOfInput): Promise<string> {
    const entry: Held = {
      awaitedClaims: input.claims,
      usableUntilMs: input.userAssertionExpiresAtMs,
      token: request(input).then((body) => {
        const { accessToken, accessTokenExpiresAtMs } = tokenSet(body, now())
        const endsAtMs = Math.min(accessTokenExpiresAtMs, input.userAssertionExpiresAtMs)
        entry.usableUntilMs = endsAtMs - EXPIRY_MARGIN_MS
        entry.awaitedClaims = undefined
        return accessToken
      }),
    }
    entry.token.catch((fault: unknown) => {
      const pauseMs = entraPauseMs(fault)
      if (pauseMs > 0 && fault instanceof AppError)
        entry.pause = { fault, sinceMs: now(), untilMs: now() + pauseMs }
      else if (held.get(key) === entry) held.delete(key)
    })
    putLast(held, key, entry, MOST_HELD)
    return entry.token
  }

  return {
    async exchange(input) {
      requireInput(input)
      const key = `${base64url.encode(sha256(input.userAssertion))} ${input.scope}`
      const known = held.get(key)
      if (known?.pause !== undefined) requireOver(known.pause, now())
      // Claims are demanded because the token held lacks them: only one that is being asked for with them will do.
      const fits = input.claims === undefined || input.claims === known?.awaitedClaims
      const serves = known !== undefined && known.pause === undefined && now() < known.usableUntilMs
      if (!serves || !fits) return start(key, input)
      putLast(held, key, known, MOST_HELD)
      return known.token
    },
  }
}

/** Throws the fault again while the pause lasts, with what is left of it. A clock that was set back ends it. */
function requireOver({ fault, sinceMs, untilMs }: Pause, nowMs: number): void {
  if (nowMs < sinceMs || nowMs >= untilMs) return
  throw new AppError(fault.code, { ...fault.context, retryAfterSec: Math.ceil((untilMs - nowMs) / 1_000) })
}

/** Who writes no types can hand in anything: what is no moment would make a token one that is kept for ever. Throws `config/invalid`. */
function requireInput({ userAssertion, userAssertionExpiresAtMs, scope, claims }: OnBehalfOfInput): void {
  const isText = (value: unknown): boolean => typeof value === 'string' && value !== ''
  const faults = [
    ...(isText(userAssertion) ? [] : ['userAssertion must be a token']),
    ...(Number.isFinite(userAssertionExpiresAtMs)
      ? []
      : ['userAssertionExpiresAtMs must be milliseconds since the epoch']),
    ...(isText(scope) ? [] : ['scope must be text']),
    ...(claims === undefined || isText(claims) ? [] : ['claims must be JSON text']),
  ]
  if (faults.length > 0) throw new AppError('config/invalid', { detail: `exchange: ${faults.join('; ')}` })
}

/**
 * On-behalf-of (Entra's profile of RFC 7523 section 2.1): an API exchanges the token its caller sent for one to call further, as the
 * same person. Kept per caller's token and scope, never longer than either token lives.
 */
import type { TokenEndpointResponse } from 'oauth4webapi'
import { base64url, sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
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
   * as a claims challenge, other `entra/*`, `vault/*`.
   */
  exchange(input: OnBehalfOfInput): Promise<string>
}

interface Held {
  readonly token: Promise<string>
  /** The claims it was asked for with, while the answer is awaited. */
  awaitedClaims?: string | undefined
  usableUntilMs: number
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
    entry.token.catch(() => {
      if (held.get(key) === entry) held.delete(key)
    })
    keep(key, entry)
    for (const [oldest] of held) {
      if (held.size <= MOST_HELD) break
      held.delete(oldest)
    }
    return entry.token
  }

  /** As the one used last. */
  function keep(key: string, entry: Held): void {
    held.delete(key)
    held.set(key, entry)
  }

  return {
    exchange(input) {
      const key = `${base64url.encode(sha256(input.userAssertion))} ${input.scope}`
      const known = held.get(key)
      // Claims are demanded because the token held lacks them: only one that is being asked for with them will do.
      const fits = input.claims === undefined || input.claims === known?.awaitedClaims
      if (known === undefined || !fits || now() >= known.usableUntilMs) return start(key, input)
      keep(key, known)
      return known.token
    },
  }
}

/**
 * On-behalf-of (Entra's profile of RFC 7523 section 2.1): an API exchanges the token its caller sent for one to call further, as the
 * same person. Kept per caller's token and scope, never longer than either token lives.
 */
import type { TokenEndpointResponse } from 'oauth4webapi'
import { base64url, sha256 } from '../crypto.ts'
import type { Effects } from '../effects.ts'
import { type TokenEndpoint, tokenSet } from './tokenEndpoint.ts'

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const EXPIRY_MARGIN_MS = 60_000
const MOST_HELD = 1_000

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
      usableUntilMs: input.userAssertionExpiresAtMs,
      token: request(input).then((body) => {
        const { accessToken, accessTokenExpiresAtMs } = tokenSet(body, now())
        const endsAtMs = Math.min(accessTokenExpiresAtMs, input.userAssertionExpiresAtMs)
        entry.usableUntilMs = endsAtMs - EXPIRY_MARGIN_MS
        return accessToken
      }),
    }
    entry.token.catch(() => {
      if (held.get(key) === entry) held.delete(key)
    })
    held.delete(key)
    held.set(key, entry)
    for (const oldest of held.keys()) {
      if (held.size <= MOST_HELD) break
      held.delete(oldest)
    }
    return entry.token
  }

  return {
    exchange(input) {
      const key = `${base64url.encode(sha256(input.userAssertion))} ${input.scope}`
      const known = held.get(key)
      const isUsable = known !== undefined && now() < known.usableUntilMs && input.claims === undefined
      return isUsable ? known.token : start(key, input)
    },
  }
}

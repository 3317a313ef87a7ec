/**
 * App-only access: client credentials (RFC 6749 section 4.4) with the same kind of assertion that redeems codes, by a client of its own.
 * Tokens are kept per resource, renewed before they run out, and asked for once however many callers wait. One that an API refused is
 * replaced, and serves everybody else until its successor is there.
 */
import { byKey } from '../base/byKey.ts'
import { base64url, sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { createRefreshing, type Refreshing } from '../base/refreshing.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import { type TokenEndpoint, tokenSet } from './tokenEndpoint.ts'

/**
 * A token is renewed in the background this long before it expires, a shorter-lived one at half its life, or at Entra's `refresh_in` if
 * that is earlier.
 */
const RENEW_BEFORE_MS = 10 * 60_000
const EXPIRY_MARGIN_MS = 60_000
const YOUNG_MS = 60_000

export interface AppOnlyTokens {
  /**
   * An access token for one resource, `scope` being `{resource}/.default`. Throws `entra/*`, `vault/*`, `identity/unavailable`. The token is a
   * bearer credential of the app: it belongs in an Authorization header and nowhere else.
   */
  tokenFor(scope: string): Promise<string>
  /**
   * For a caller whose API refused the token, as after a revocation: the one that takes its place, asked for once however many were
   * refused; undefined where `refused` is younger than a minute, because its successor would be refused too. Nobody else is kept waiting.
   * Throws the same.
   */
  replace(scope: string, refused: string): Promise<string | undefined>
}

interface AppOnlyOptions {
  readonly endpoint: Pick<TokenEndpoint, 'grant'>
  readonly effects: Pick<Effects, 'now' | 'log'>
}

interface Received {
  readonly token: string
  /** By which it is known again: a secret is not compared. */
  readonly digest: string
  readonly atMs: number
}

export function createAppOnlyTokens({ endpoint, effects }: AppOnlyOptions): AppOnlyTokens {
  const { now, log } = effects

  const tokens = byKey(
    (scope: string): Refreshing<Received> =>
      createRefreshing({
        now,
        onFault: (fault) => log('warn', 'app_only.renewal_failed', { scope, ...faultFacts(fault) }),
        load: async () => {
          const body = await endpoint.grant('client_credentials', { scope })
          const nowMs = now()
          const { accessToken, accessTokenExpiresAtMs } = tokenSet(body, nowMs)
          const lifetimeMs = accessTokenExpiresAtMs - nowMs
          const refreshInMs = Number(body.refresh_in) * 1_000
          const renewInMs = Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2)
          return {
            value: { token: accessToken, digest: digestOf(accessToken), atMs: nowMs },
            freshUntilMs: nowMs + (refreshInMs > 0 ? Math.min(refreshInMs, renewInMs) : renewInMs),
            usableUntilMs: accessTokenExpiresAtMs - EXPIRY_MARGIN_MS,
          }
        },
      }),
  )

  return {
    async tokenFor(scope) {
      const { token } = await tokens(scope).get()
      return token
    },
    async replace(scope, refused) {
      const held = tokens(scope).peek()
      if (held !== undefined && held.digest !== digestOf(refused)) return held.token
      if (held !== undefined && now() - held.atMs < YOUNG_MS) return undefined
      const { token } = await tokens(scope).renew()
      return token
    },
  }
}

function digestOf(token: string): string {
  return base64url.encode(sha256(token))
}

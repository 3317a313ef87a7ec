/**
 * App-only access: client credentials (RFC 6749 section 4.4) with the same kind of assertion that redeems codes, by a client of its own.
 * Tokens are kept per resource, renewed before they run out, and asked for once however many callers wait.
 */
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
   * An access token for one resource, `scope` being `{resource}/.default`. Throws `entra/*`, `vault/*`. The token is a bearer
   * credential of the app: it belongs in an Authorization header and nowhere else.
   */
  tokenFor(scope: string): Promise<string>
  /**
   * Forgets the token of a resource that refused it, as after a revocation, and says whether the next call gets another. One younger
   * than a minute is kept: its successor would be refused too.
   */
  discard(scope: string): boolean
}

interface AppOnlyOptions {
  readonly endpoint: Pick<TokenEndpoint, 'grant'>
  readonly effects: Pick<Effects, 'now' | 'log'>
}

export function createAppOnlyTokens({ endpoint, effects }: AppOnlyOptions): AppOnlyTokens {
  const { now, log } = effects
  const held = new Map<string, Refreshing<string>>()
  const receivedMs = new Map<string, number>()

  function tokensOf(scope: string): Refreshing<string> {
    const known = held.get(scope)
    if (known !== undefined) return known
    const added = createRefreshing({
      now,
      onBackgroundFault: (fault) => log('warn', 'app_only.renewal_failed', { scope, ...faultFacts(fault) }),
      load: async () => {
        const body = await endpoint.grant('client_credentials', { scope })
        const nowMs = now()
        receivedMs.set(scope, nowMs)
        const { accessToken, accessTokenExpiresAtMs } = tokenSet(body, nowMs)
        const lifetimeMs = accessTokenExpiresAtMs - nowMs
        const refreshInMs = Number(body.refresh_in) * 1_000
        const renewInMs = Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2)
        return {
          value: accessToken,
          freshUntilMs: nowMs + (refreshInMs > 0 ? Math.min(refreshInMs, renewInMs) : renewInMs),
          usableUntilMs: accessTokenExpiresAtMs - EXPIRY_MARGIN_MS,
        }
      },
    })
    held.set(scope, added)
    return added
  }

  return {
    tokenFor: (scope) => tokensOf(scope).get(),
    discard(scope) {
      const isOld = now() - (receivedMs.get(scope) ?? now()) >= YOUNG_MS
      if (isOld) held.get(scope)?.discard()
      return isOld
    },
  }
}

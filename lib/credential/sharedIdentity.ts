/**
 * One identity, many waiters. The SDK asks the platform for a token once per caller, waits for the answer without end, and gives `null` for
 * "none"; here one request serves everybody who wants the same token, every wait ends, and no token is a fault of the identity.
 */
import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity'
import { byKey } from '../base/byKey.ts'
import { withinDeadline } from '../base/deadline.ts'
import type { Effects } from '../base/effects.ts'
import { createRefreshing, type Lifetime, type Refreshing } from '../base/refreshing.ts'
import { AppError, className } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'

/** The longest that one caller waits for an identity, in milliseconds. */
export const IDENTITY_WAIT_MS = 6_000
/** When a request is given up: twice that, so that whoever joins it late still has a whole wait of their own. */
const REQUEST_MS = 12_000
const EXPIRY_MARGIN_MS = 60_000

export interface SharedIdentity extends TokenCredential {
  /** Throws `identity/unavailable` and nothing else. */
  getToken(scopes: string | string[], options?: GetTokenOptions): Promise<AccessToken>
  /**
   * Has a token at hand before a call that needs it starts its own clock; waits no longer than `withinMs`, or until the request is given
   * up. Where an identity is asked by tenant, only the call itself can say which: then it does nothing. Throws `identity/unavailable`.
   */
  ready(scope: string, withinMs?: number): Promise<void>
  /** Has the next call bring a token that was asked for anew, where that is to be had; never throws. */
  renew(scope: string): Promise<void>
  /** Whether somebody waits for a token just now: says what a wait that took too long was for. */
  isAwaited(): boolean
}

interface TokenRequest {
  readonly scopes: readonly string[]
  readonly options: GetTokenOptions
}

interface SharedIdentityOptions {
  readonly identity: TokenCredential
  readonly effects: Pick<Effects, 'now' | 'log'>
  /** A managed identity lives in one tenant, whatever tenant a service asks for: its tokens can be had before the service was asked. */
  readonly hasOneTenant: boolean
}

export function shareIdentity({ identity, effects, hasOneTenant }: SharedIdentityOptions): SharedIdentity {
  const { now, log } = effects
  let requests = 0

  async function request(scopes: readonly string[], options: GetTokenOptions): Promise<AccessToken> {
    requests += 1
    try {
      const token = await withinDeadline(REQUEST_MS, identity.getToken([...scopes], options), tooLate)
      if (token === null) throw new AppError('identity/unavailable', { detail: 'no token' })
      return token
    } catch (cause) {
      if (cause instanceof AppError) throw cause
      throw new AppError('identity/unavailable', { cause, detail: className(cause) })
    } finally {
      requests -= 1
    }
  }

  const tokens = byKey<TokenRequest, Refreshing<AccessToken>>(
    ({ scopes, options }) =>
      createRefreshing({
        now,
        onFault: (fault) => log('warn', 'identity.renewal_failed', { scopes, ...faultFacts(fault) }),
        load: async () => lifetimeOf(await request(scopes, options), now()),
      }),
    JSON.stringify,
  )

  return {
    getToken(given, { claims, ...asked } = {}) {
      const scopes = typeof given === 'string' ? [given] : given
      const held = tokens({ scopes, options: hasOneTenant ? {} : optionsOf(asked) })
      if (claims === undefined) return held.get()
      // A challenge: the token held is the one that was refused.
      held.discard()
      return request(scopes, { ...optionsOf(asked), claims })
    },
    async ready(scope, withinMs) {
      if (!hasOneTenant) return
      const held = tokens({ scopes: [scope], options: {} })
      const isThere = held.peek() !== undefined
      const token = held.get()
      await (isThere || withinMs === undefined ? token : withinDeadline(withinMs, token, tooLate))
    },
    async renew(scope) {
      if (!hasOneTenant) return
      await tokens({ scopes: [scope], options: {} })
        .renew()
        .catch(() => undefined)
    },
    isAwaited: () => requests > 0,
  }
}

function tooLate(): AppError {
  return new AppError('identity/unavailable', { detail: 'deadline' })
}

/** What makes one token another than the next; signals and tracing do not. */
function optionsOf({ tenantId, enableCae }: GetTokenOptions): GetTokenOptions {
  return {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(enableCae === undefined ? {} : { enableCae }),
  }
}

/**
 * Renewed in the background when the identity says so, else at half its life. One that says no end, as that of a credential without types
 * may, serves whoever waited for it and nobody else.
 */
function lifetimeOf(value: AccessToken, nowMs: number): Lifetime<AccessToken> {
  const { expiresOnTimestamp: stated, refreshAfterTimestamp } = value
  const expiresOnTimestamp = Number.isFinite(stated) ? stated : nowMs
  const halfLifeMs = nowMs + (expiresOnTimestamp - nowMs) / 2
  return {
    value,
    freshUntilMs: Math.min(refreshAfterTimestamp ?? halfLifeMs, expiresOnTimestamp),
    usableUntilMs: expiresOnTimestamp - EXPIRY_MARGIN_MS,
  }
}

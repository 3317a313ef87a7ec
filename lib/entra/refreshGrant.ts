/**
 * The refresh token grant (RFC 6749 section 6): an access token for one API and the successor of the refresh token. An ID token that comes
 * along is verified like the first one and has to name the same person (OpenID Connect Core section 12.2). It should hold no nonce, and Entra's
 * do all the same: then it has to be that of the sign-in.
 */
import type { Effects } from '../base/effects.ts'
import type { Config } from '../config/config.ts'
import { issuerFor } from '../config/issuerTemplate.ts'
import { AppError } from '../errors/appError.ts'
import { CLIENT_CAPABILITIES } from './clientCapabilities.ts'
import { type Identity, verifyIdToken } from './idToken.ts'
import type { ProviderKeys } from './providerKeys.ts'
import { type TokenEndpoint, tokenSet } from './tokenEndpoint.ts'

/**
 * Asked for with every API's scopes: what Entra then says of the person is why a role that was taken away, or given, is noticed. Not
 * `offline_access`: a provider may leave that out of what it grants, and then refuses whoever asks for it again (RFC 6749 section 6).
 */
const SCOPES_OF_PERSON = 'openid profile'
/** A token is asked for anew so long before it ends, a shorter-lived one at half its life. Milliseconds. */
const RENEW_BEFORE_MS = 5 * 60_000

export interface Refreshed {
  readonly held: {
    readonly token: string
    /** Milliseconds since the epoch. */
    readonly obtainedAtMs: number
    readonly expiresAtMs: number
    readonly renewAtMs: number
  }
  /** The refresh token that takes the place of the one used; absent where that one stays. */
  readonly successor?: string
  /** What Entra says of the person now; absent where it said nothing. */
  readonly identity?: Identity
}

interface RefreshInput {
  readonly refreshToken: string
  /** Scopes of one API, separated by spaces; empty where only the person is asked about. */
  readonly scope: string
  /** Whose session it is. */
  readonly identity: Identity
  /** Of the nonce of its sign-in; undefined for a session of a build that kept none. */
  readonly nonceHash?: string | undefined
}

/** Throws `entra/grant_rejected` where the grant has ended, other `entra/*` and `vault/*` where it may not have. */
export type RefreshGrant = (input: RefreshInput) => Promise<Refreshed>

interface RefreshGrantOptions {
  readonly config: Pick<Config, 'clientId' | 'allowedTenants' | 'entra'>
  readonly endpoint: Pick<TokenEndpoint, 'grant'>
  readonly keys: ProviderKeys
  readonly effects: Pick<Effects, 'now'>
}

export function createRefreshGrant({ config, endpoint, keys, effects }: RefreshGrantOptions): RefreshGrant {
  const { clientId, allowedTenants, entra } = config
  const { issuerTemplate } = entra

  async function readSamePerson(
    idToken: string,
    accessToken: string,
    { identity: person, nonceHash }: Pick<RefreshInput, 'identity' | 'nonceHash'>,
  ): Promise<Identity> {
    const nowMs = effects.now()
    const rules = {
      clientId,
      issuerTemplate,
      allowedTenants,
      nonce: undefined,
      nonceHash,
      accessToken,
      nowMs,
    }
    const identity = await verifyIdToken(idToken, keys, rules)
    const { tid, oid, sub } = identity
    if (tid !== person.tid || oid !== person.oid || sub !== person.sub)
      throw new AppError('entra/id_token_rejected', { detail: 'refreshed for somebody else', rule: 'person' })
    return identity
  }

  return async ({ refreshToken, scope, identity: person, nonceHash }) => {
    const parameters = {
      refresh_token: refreshToken,
      scope: `${scope} ${SCOPES_OF_PERSON}`.trim(),
      claims: CLIENT_CAPABILITIES,
    }
    const issuer = issuerFor(issuerTemplate, person.tid)
    const body = await endpoint.grant('refresh_token', parameters, issuer)
    const nowMs = effects.now()
    const { accessToken, accessTokenExpiresAtMs, refreshToken: successor } = tokenSet(body, nowMs)
    const identity =
      body.id_token === undefined
        ? undefined
        : await readSamePerson(body.id_token, accessToken, { identity: person, nonceHash })
    const lifetimeMs = accessTokenExpiresAtMs - nowMs
    const renewInMs = Math.max(lifetimeMs - RENEW_BEFORE_MS, lifetimeMs / 2)
    const refreshInMs = Number(body.refresh_in) * 1_000
    return {
      held: {
        token: accessToken,
        obtainedAtMs: nowMs,
        expiresAtMs: accessTokenExpiresAtMs,
        renewAtMs: nowMs + (refreshInMs > 0 ? Math.min(refreshInMs, renewInMs) : renewInMs),
      },
      ...(successor === undefined ? {} : { successor }),
      ...(identity === undefined ? {} : { identity }),
    }
  }
}

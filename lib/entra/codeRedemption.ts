/**
 * The redemption of an authorization code (RFC 6749 section 4.1.3) by `oauth4webapi`, with our client authentication. That library
 * trusts TLS for the ID token's signature; we verify it ourselves, always.
 */
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Config } from '../config.ts'
import type { ClientAssertion, ClientCredential } from '../credential/clientCredential.ts'
import type { Effects } from '../effects.ts'
import type { AuthorizationResponse } from './authorizationResponse.ts'
import { createBoundedFetch } from './boundedFetch.ts'
import { tokenResponseError } from './errorResponse.ts'
import { type Identity, verifyIdToken } from './idToken.ts'
import { allowedTenant, issuerFor } from './issuer.ts'
import type { ProviderKeys } from './providerKeys.ts'

const DEADLINE_MS = 5_000
/** A lifetime that the server does not state is taken to be short. */
const UNSTATED_LIFETIME_SEC = 300
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface TokenSet {
  readonly accessToken: string
  readonly accessTokenExpiresAtMs: number
  readonly refreshToken?: string
  readonly scope?: string
}

export interface Redemption {
  readonly identity: Identity
  readonly tokens: TokenSet
}

interface RedeemInput {
  readonly response: AuthorizationResponse
  readonly assertion: ClientAssertion
  readonly codeVerifier: string
  readonly nonce: string
  /** Sent as `client-request-id`, so that Entra's logs and ours meet. */
  readonly correlationId: string
}

/** Posts code and assertion, verifies the ID token. Throws `entra/*`. */
export type RedeemCode = (input: RedeemInput) => Promise<Redemption>

interface CodeRedemptionOptions {
  readonly config: Config
  readonly keys: ProviderKeys
  readonly credential: Pick<ClientCredential, 'discard'>
  readonly effects: Pick<Effects, 'now' | 'fetch'>
}

export function createCodeRedemption({
  config,
  keys,
  credential,
  effects,
}: CodeRedemptionOptions): RedeemCode {
  const { entra, clientId, allowedTenants } = config
  const { now } = effects
  const fetchBounded = createBoundedFetch(effects, DEADLINE_MS)
  const server = { issuer: entra.issuerTemplate, token_endpoint: entra.token }

  /** The issuer to expect in an answer: with several tenants that of the token's own tenant, if it is allowed. */
  async function issuerOf(answer: Response): Promise<string> {
    if (allowedTenants.length === 1 && allowedTenants[0] !== undefined) {
      return issuerFor(entra.issuerTemplate, allowedTenants[0])
    }
    const tid = allowedTenant(await unverifiedTenant(answer.clone()), allowedTenants)
    return issuerFor(entra.issuerTemplate, tid ?? '{tenantid}')
  }

  async function post(
    { response, assertion, codeVerifier, correlationId }: RedeemInput,
    client: oauth.Client,
  ) {
    const authenticate: oauth.ClientAuth = (_server, _client, body) => {
      body.set('client_id', clientId)
      body.set('client_assertion_type', ASSERTION_TYPE)
      body.set('client_assertion', assertion.jws)
    }
    const { redirectUri } = config.app
    return oauth.authorizationCodeGrantRequest(
      server,
      client,
      authenticate,
      response.parameters,
      redirectUri,
      codeVerifier,
      {
        headers: { 'client-request-id': correlationId },
        [oauth.customFetch]: (url, init) => fetchBounded(url, init as RequestInit),
        // The settings admit http for loopback hosts only.
        [oauth.allowInsecureRequests]: entra.origin.startsWith('http:'),
      },
    )
  }

  return async (input) => {
    const client: oauth.Client = {
      client_id: clientId,
      id_token_signed_response_alg: 'RS256',
      [oauth.clockTolerance]: 60,
      // The library reads the system clock; ours may be another.
      [oauth.clockSkew]: Math.round((now() - Date.now()) / 1_000),
    }
    try {
      const answer = await post(input, client)
      const body = await oauth.processAuthorizationCodeResponse(
        { ...server, issuer: await issuerOf(answer) },
        client,
        answer,
        {
          expectedNonce: input.nonce,
          requireIdToken: true,
        },
      )
      const identity = await verifyIdToken(body.id_token ?? '', keys, {
        clientId,
        issuerTemplate: entra.issuerTemplate,
        allowedTenants,
        nonce: input.nonce,
        nowMs: now(),
      })
      return { identity, tokens: tokenSet(body, now()) }
    } catch (fault) {
      const error = tokenResponseError(fault)
      if (error.code === 'entra/client_rejected') credential.discard()
      throw error
    }
  }
}

/** The `tid` an ID token claims, before anything about it was checked: good only to choose what to check against. */
async function unverifiedTenant(answer: Response): Promise<unknown> {
  try {
    const body: unknown = await answer.json()
    if (typeof body !== 'object' || body === null || !('id_token' in body)) return undefined
    return decodeJwt(String(body.id_token)).tid
  } catch {
    return undefined
  }
}

function tokenSet(body: oauth.TokenEndpointResponse, nowMs: number): TokenSet {
  const lifetimeSec =
    body.expires_in !== undefined && body.expires_in > 0 ? body.expires_in : UNSTATED_LIFETIME_SEC
  return {
    accessToken: body.access_token,
    accessTokenExpiresAtMs: nowMs + lifetimeSec * 1_000,
    ...(body.refresh_token === undefined ? {} : { refreshToken: body.refresh_token }),
    ...(body.scope === undefined ? {} : { scope: body.scope }),
  }
}

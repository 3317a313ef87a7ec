/**
 * The token endpoint as every grant of ours uses it: `oauth4webapi` for the protocol, our client assertion for the client, our bounds
 * on the request, and one reading of what can go wrong.
 */

import * as oauth from 'oauth4webapi'
import type { Effects } from '../base/effects.ts'
import { setClientAssertion } from '../credential/clientAssertion.ts'
import { type ClientAssertion, type ClientCredential, proofFacts } from '../credential/clientCredential.ts'
import { AppError, withFacts } from '../errors/appError.ts'
import { createBoundedFetch } from './boundedFetch.ts'
import { tokenResponseError } from './errorResponse.ts'

const DEADLINE_MS = 5_000
/** A lifetime that the server does not state is taken to be short. */
const UNSTATED_LIFETIME_SEC = 300
/** An assertion made anew and refused again was not the reason: the next one waits. */
const DISCARD_PAUSE_MS = 60_000

export interface TokenEndpoint {
  readonly clientId: string
  readonly server: { readonly issuer: string; readonly token_endpoint: string }
  /** The client as `oauth4webapi` wants it, with its clock set to ours. */
  client(): oauth.Client
  /** Client authentication by assertion (RFC 7521 section 4.2). */
  authentication(assertion: ClientAssertion): oauth.ClientAuth
  /** Bounds and headers of one request; the correlation id lets Entra's logs and ours meet. */
  options(correlationId?: string): oauth.TokenEndpointRequestOptions
  /**
   * One token request with a fresh enough assertion, for grants whose answer needs no further check. `issuer`: whose ID token may come
   * along, where the tenant is known. Throws `entra/*`, `vault/*`.
   */
  grant(
    type: string,
    parameters: Record<string, string>,
    issuer?: string,
  ): Promise<oauth.TokenEndpointResponse>
  /**
   * What a thrown value means; a client that was refused forgets its cached assertion, once a minute at most, and the fault names
   * for the log what it was refused with.
   */
  fault(thrown: unknown, assertion: ClientAssertion): AppError
}

interface TokenEndpointOptions {
  readonly clientId: string
  readonly issuerTemplate: string
  readonly url: string
  readonly credential: Pick<ClientCredential, 'assertionFor' | 'discard'>
  readonly effects: Pick<Effects, 'now' | 'fetch'>
}

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { clientId, issuerTemplate, url, credential, effects } = options
  const fetchBounded = createBoundedFetch(effects, DEADLINE_MS)
  let discardedMs = Number.NEGATIVE_INFINITY
  const endpoint: TokenEndpoint = {
    clientId,
    server: { issuer: issuerTemplate, token_endpoint: url },
    client: () => ({
      client_id: clientId,
      id_token_signed_response_alg: 'RS256',
      [oauth.clockTolerance]: 60,
      // The library reads the system clock; ours may be another.
      [oauth.clockSkew]: Math.round((effects.now() - Date.now()) / 1_000),
    }),
    authentication: (assertion) => (_server, _client, body) =>
      setClientAssertion(body, clientId, assertion.jws),
    options: (correlationId) => ({
      ...(correlationId === undefined ? {} : { headers: { 'client-request-id': correlationId } }),
      [oauth.customFetch]: (target: string, init: RequestInit) => fetchBounded(target, init),
      // The settings admit http for loopback hosts only.
      [oauth.allowInsecureRequests]: url.startsWith('http:'),
    }),
    async grant(type, parameters, issuer = issuerTemplate) {
      const assertion = await credential.assertionFor(url)
      const authentication = endpoint.authentication(assertion)
      const server = { ...endpoint.server, issuer }
      const client = endpoint.client()
      try {
        const sent = [server, client, authentication, type, parameters, endpoint.options()] as const
        const answer = await oauth.genericTokenEndpointRequest(...sent)
        return await oauth.processGenericTokenEndpointResponse(server, client, answer)
      } catch (thrown) {
        throw endpoint.fault(thrown, assertion)
      }
    },
    fault(thrown, { proof }) {
      const error = tokenResponseError(thrown)
      if (error.code !== 'entra/client_rejected') return error
      if (effects.now() - discardedMs >= DISCARD_PAUSE_MS) {
        discardedMs = effects.now()
        credential.discard()
      }
      return withFacts(error, proofFacts(proof))
    },
  }
  return endpoint
}

/** Tokens of one answer (RFC 6749 section 5.1), with the lifetime turned into a moment. */
export interface TokenSet {
  readonly accessToken: string
  /** Milliseconds since the epoch. */
  readonly accessTokenExpiresAtMs: number
  readonly refreshToken?: string
  readonly scope?: string
}

/** Throws `entra/malformed_response` for a token of another type than bearer: we would not know how to present it. */
export function tokenSet(body: oauth.TokenEndpointResponse, nowMs: number): TokenSet {
  if (body.token_type !== 'bearer') throw new AppError('entra/malformed_response', { detail: 'token_type' })
  const lifetimeSec =
    body.expires_in !== undefined && body.expires_in > 0 ? body.expires_in : UNSTATED_LIFETIME_SEC
  return {
    accessToken: body.access_token,
    accessTokenExpiresAtMs: nowMs + lifetimeSec * 1_000,
    ...(body.refresh_token === undefined ? {} : { refreshToken: body.refresh_token }),
    ...(body.scope === undefined ? {} : { scope: body.scope }),
  }
}

/**
 * The token endpoint as every grant of ours uses it: `oauth4webapi` for the protocol, our client assertion for the client, our bounds
 * on the request, and one reading of what can go wrong. A client that was refused tries once more, with an assertion by another version of
 * its certificate where there is one: Entra authenticates the client before it looks at the grant, so nothing was spent. Whatever is waited
 * for, after a time nothing is sent any more. Each request has an id under which Entra's logs and ours meet.
 */

import * as oauth from 'oauth4webapi'
import { uuid } from '../base/crypto.ts'
import { untilAborted, withinTime } from '../base/deadline.ts'
import type { Effects } from '../base/effects.ts'
import { isEpochSeconds } from '../base/epochSeconds.ts'
import { CLOCK_TOLERANCE_SEC, setClientAssertion } from '../credential/clientAssertion.ts'
import {
  type ClientAssertion,
  type ClientCredential,
  type ClientProof,
  proofFacts,
} from '../credential/clientCredential.ts'
import { AppError, withFacts } from '../errors/appError.ts'
import { createBoundedFetch } from './boundedFetch.ts'
import { isRefusalOfContents, requireTokens, tokenResponseError } from './tokenAnswer.ts'
import type { TokenAttempts } from './tokenAttempts.ts'

/** One try. Milliseconds. */
const DEADLINE_MS = 5_000
/** A token request with all that it waits for: the assertion, both tries and what lies between them. Milliseconds. */
export const TOKEN_REQUEST_MS = 8_000
/** A lifetime that the server does not state, or that ends beyond every Date, is taken to be short. */
const UNSTATED_LIFETIME_SEC = 300

/** Grants whose contents are ours or Entra's own. What any other redeems came from outside, where anybody can make it up. */
const OWN_CONTENTS: readonly string[] = ['refresh_token', 'client_credentials']

/** What the library wants to know for one request. */
export interface TokenRequest {
  readonly server: { readonly issuer: string; readonly token_endpoint: string }
  /** With its clock set to ours. */
  readonly client: oauth.Client
  /** By assertion (RFC 7521 section 4.2). */
  readonly authentication: oauth.ClientAuth
  /** Bounds and headers. */
  readonly options: oauth.TokenEndpointRequestOptions
}

export interface Grant<T> {
  send(request: TokenRequest): Promise<Response>
  /** What an answer with tokens comes to. */
  read(answer: Response, request: TokenRequest): Promise<T>
  /** The assertion to begin with. Default: the credential's own. */
  readonly assertion?: ClientAssertion
  /** Whether what is redeemed came from outside, where anybody can make it up. */
  readonly isFromOutside?: boolean
  /** Under which Entra's logs and ours meet. A UUID; by default one of its own. */
  readonly correlationId?: string
}

/** What both tries of a request share. */
interface Sending {
  readonly id: string
  /** Ends it. */
  readonly signal: AbortSignal
}

export interface TokenEndpoint {
  /** What a grant comes to, and how the client proved itself. Throws `entra/*`, `vault/*`, `identity/unavailable`. */
  request<T>(grant: Grant<T>): Promise<{ readonly granted: T; readonly proof: ClientProof }>
  /** A grant whose answer needs no further check. `issuer`: whose ID token may come along, where the tenant is known. Throws the same. */
  grant(
    type: string,
    parameters: Record<string, string>,
    issuer?: string,
  ): Promise<oauth.TokenEndpointResponse>
}

interface TokenEndpointOptions {
  readonly clientId: string
  readonly issuerTemplate: string
  readonly url: string
  readonly credential: Pick<ClientCredential, 'assertionFor' | 'alternativeTo'>
  readonly effects: Pick<Effects, 'now' | 'fetch' | 'random'>
  /** Hears what each request came to, where somebody wants to know. */
  readonly attempts?: Pick<TokenAttempts, 'succeeded' | 'failed'>
}

export function createTokenEndpoint(options: TokenEndpointOptions): TokenEndpoint {
  const { clientId, issuerTemplate, url, credential, effects, attempts } = options
  const fetchBounded = createBoundedFetch(effects, DEADLINE_MS)

  const requestWith = ({ jws }: ClientAssertion, { id, signal }: Sending): TokenRequest => ({
    server: { issuer: issuerTemplate, token_endpoint: url },
    client: {
      client_id: clientId,
      id_token_signed_response_alg: 'RS256',
      [oauth.clockTolerance]: CLOCK_TOLERANCE_SEC,
      // The library reads the system clock; ours may be another.
      [oauth.clockSkew]: Math.round((effects.now() - Date.now()) / 1_000),
    },
    authentication: (_server, _client, body) => setClientAssertion(body, clientId, jws),
    options: {
      headers: { 'client-request-id': id },
      signal,
      [oauth.customFetch]: fetchBounded,
      // The settings admit http for loopback hosts only.
      [oauth.allowInsecureRequests]: url.startsWith('http:'),
    },
  })

  async function attempt<T>({ send, read }: Grant<T>, assertion: ClientAssertion, sending: Sending) {
    const request = requestWith(assertion, sending)
    try {
      const answer = await send(request)
      await requireTokens(answer, effects.now())
      return { granted: await read(answer, request), proof: assertion.proof }
    } catch (thrown) {
      const fault = withFacts(tokenResponseError(thrown), { clientRequestId: sending.id })
      throw fault.code === 'entra/client_rejected' ? withFacts(fault, proofFacts(assertion.proof)) : fault
    }
  }

  function request<T>(grant: Grant<T>) {
    const id = grant.correlationId ?? uuid(effects.random)
    return withinTime(TOKEN_REQUEST_MS, async (signal) => {
      const assertion = grant.assertion ?? (await untilAborted(credential.assertionFor(url), signal))
      if (assertion === undefined)
        throw new AppError('vault/timeout', { detail: 'no time left for the request' })
      try {
        const answered = await withAnyVersion(grant, assertion, { id, signal })
        attempts?.succeeded()
        return answered
      } catch (fault) {
        // What somebody made up, and a filter on the way refused for what it holds, is not what the next sign-in meets.
        const isOfContents = fault instanceof AppError && isRefusalOfContents(fault)
        if (!(grant.isFromOutside && isOfContents)) attempts?.failed(fault)
        throw fault
      }
    })
  }

  async function withAnyVersion<T>(grant: Grant<T>, assertion: ClientAssertion, sending: Sending) {
    try {
      return await attempt(grant, assertion, sending)
    } catch (fault) {
      if (!(fault instanceof AppError) || fault.code !== 'entra/client_rejected') throw fault
      const { signal } = sending
      const alternative = await untilAborted(credential.alternativeTo(assertion, url), signal)
      if (alternative === undefined) throw fault
      return attempt(grant, alternative, sending)
    }
  }

  return {
    request,
    async grant(type, parameters, issuer = issuerTemplate) {
      const { granted } = await request({
        isFromOutside: !OWN_CONTENTS.includes(type),
        send: ({ server, client, authentication, options: bounds }) =>
          oauth.genericTokenEndpointRequest(server, client, authentication, type, parameters, bounds),
        read: (answer, { server, client }) =>
          oauth.processGenericTokenEndpointResponse({ ...server, issuer }, client, answer),
      })
      return granted
    },
  }
}

/** Tokens of one answer (RFC 6749 section 5.1), with the lifetime turned into a moment. */
export interface TokenSet {
  readonly accessToken: string
  /** Milliseconds since the epoch. */
  readonly accessTokenExpiresAtMs: number
  readonly refreshToken?: string
}

/** Throws `entra/malformed_response` for a token of another type than bearer: we would not know how to present it. */
export function tokenSet(body: oauth.TokenEndpointResponse, nowMs: number): TokenSet {
  if (body.token_type !== 'bearer') throw new AppError('entra/malformed_response', { detail: 'token_type' })
  const { expires_in: stated = 0 } = body
  const isLifetime = stated > 0 && isEpochSeconds(nowMs / 1_000 + stated)
  const lifetimeSec = isLifetime ? stated : UNSTATED_LIFETIME_SEC
  return {
    accessToken: body.access_token,
    accessTokenExpiresAtMs: nowMs + lifetimeSec * 1_000,
    ...(body.refresh_token === undefined ? {} : { refreshToken: body.refresh_token }),
  }
}

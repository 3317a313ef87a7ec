// The managed-identity endpoint that App Service and Azure Functions offer their apps, for one user-assigned identity.
// Its tokens are real JWTs under a key that lives as long as the endpoint.

import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { JSONWebKeySet, JWTPayload } from 'jose'
import { decodeJwt, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import type { Answer, StubOptions, StubServer } from '../stubServer.ts'
import { openStubServer } from '../stubServer.ts'

const PATH = '/msi/token'
const API_VERSION = '2019-08-01'
const FEDERATION_RESOURCE = 'api://AzureADTokenExchange'

/** A running endpoint. A process that has `env` in its environment gets its tokens here. */
export type IdentityStub = StubServer<'token'> & {
  readonly env: { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string }
  readonly tenantId: string
  /** The client id and the object id of the identity. */
  readonly clientId: string
  readonly principalId: string
  /** Verifies every token of this endpoint; the issuer of those for federation is `federationIssuer`. */
  readonly jwks: JSONWebKeySet
  readonly federationIssuer: string
  /** A token as the endpoint would issue it, without a request; for another principal of the tenant where one is named. */
  issue(resource: string, principal?: Principal): Promise<string>
  /** The claims, if this endpoint issued the token and it is in its time and for that audience; else `undefined`. */
  verify(token: string, audience?: string): Promise<JWTPayload | undefined>
}

/** By client id and object id. */
type Principal = { readonly clientId: string; readonly principalId: string }

/**
 * How an endpoint is opened; the identifiers are random and tokens live for a day by default. `@azure/identity` stays with the
 * first endpoint of its process and keeps tokens per client id: one endpoint per process, or clients that never meet.
 */
export type IdentityOptions = StubOptions<'token'> & {
  readonly tenantId?: string
  readonly clientId?: string
  readonly principalId?: string
  readonly federationIssuer?: string
  readonly tokenLifetimeSec?: number
}

/** Opens the endpoint on 127.0.0.1 over http, as the platform does. */
export async function openIdentity(options: IdentityOptions = {}): Promise<IdentityStub> {
  const { tenantId = randomUUID(), clientId = randomUUID(), principalId = randomUUID() } = options
  const { now = Date.now, tokenLifetimeSec = 86_400 } = options
  const { federationIssuer = `https://login.microsoftonline.com/${tenantId}/v2.0` } = options
  const header = randomUUID()
  const keyId = randomUUID()
  const { publicKey, privateKey } = await generateKeyPair('RS256')

  async function issue(resource: string, principal: Principal = { clientId, principalId }): Promise<string> {
    const issuedAt = Math.floor(now() / 1000)
    const isFederation = resource.startsWith(FEDERATION_RESOURCE)
    const client = isFederation
      ? { azp: principal.clientId, azpacr: '2', ver: '2.0' }
      : { appid: principal.clientId, appidacr: '2', idtyp: 'app', ver: '1.0' }
    return (
      new SignJWT({ ...client, oid: principal.principalId, tid: tenantId })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keyId })
        .setIssuer(isFederation ? federationIssuer : `https://sts.windows.net/${tenantId}/`)
        .setSubject(principal.principalId)
        .setAudience(resource)
        .setIssuedAt(issuedAt)
        // The tables judge by the machine's clock, which a dial that moves `now` leaves alone.
        .setNotBefore(Math.min(issuedAt, Math.floor(Date.now() / 1000)))
        .setExpirationTime(issuedAt + tokenLifetimeSec)
        .sign(privateKey)
    )
  }

  async function answer(request: IncomingMessage, query: URLSearchParams): Promise<Answer> {
    if (request.headers['x-identity-header'] !== header)
      return refusal(401, 'The header X-IDENTITY-HEADER is wrong.')
    if (query.get('api-version') !== API_VERSION) return refusal(400, 'The api-version is not supported.')
    if (query.get('client_id') !== clientId && query.get('principal_id') !== principalId) {
      const message =
        'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.'
      return refusal(400, message)
    }
    const resource = query.get('resource')
    if (!resource) return refusal(400, 'The query has no resource.')
    const accessToken = await issue(resource)
    return {
      status: 200,
      body: {
        access_token: accessToken,
        client_id: clientId,
        expires_on: String(decodeJwt(accessToken).exp),
        resource,
        token_type: 'Bearer',
      },
    }
  }

  const server = await openStubServer<'token', { operation: 'token'; detail?: string }>(
    {
      origin: 'http://127.0.0.1',
      async admit(_request, url) {
        return { operation: 'token', detail: url.searchParams.get('resource') ?? '(none)' }
      },
      answer: async (_admitted, request, _response, url) =>
        request.method === 'GET' && url.pathname === PATH
          ? answer(request, url.searchParams)
          : refusal(404, 'There is nothing at this address.'),
      faultBody: (kind) => refusal(0, faultMessages[kind]).body,
    },
    options,
  )

  return {
    ...server,
    env: { IDENTITY_ENDPOINT: `http://127.0.0.1:${server.port}${PATH}`, IDENTITY_HEADER: header },
    tenantId,
    clientId,
    principalId,
    federationIssuer,
    jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: keyId, alg: 'RS256', use: 'sig' }] },
    issue,
    async verify(token, audience) {
      const expected = audience === undefined ? {} : { audience }
      const verified = await jwtVerify(token, publicKey, { ...expected, currentDate: new Date(now()) }).catch(
        () => undefined,
      )
      return verified?.payload
    },
  }
}

const faultMessages = {
  throttle: 'Too many requests.',
  forbid: 'Forbidden.',
  unavailable: 'The service is unavailable.',
  broken: 'An unexpected error occurred while fetching the identity token.',
}

function refusal(status: number, message: string): Answer & { body: object } {
  return { status, body: { statusCode: status, message, correlationId: randomUUID() } }
}

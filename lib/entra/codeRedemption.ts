/**
 * The redemption of an authorization code (RFC 6749 section 4.1.3). `oauth4webapi` trusts TLS for the ID token's signature; we verify it
 * ourselves, always.
 */
import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import type { Effects } from '../base/effects.ts'
import type { Config } from '../config/config.ts'
import { issuerFor } from '../config/issuerTemplate.ts'
import { isGuid } from '../config/settingsReader.ts'
import type { ClientAssertion, ClientProof } from '../credential/clientCredential.ts'
import { AppError } from '../errors/appError.ts'
import type { AuthorizationResponse } from './authorizationResponse.ts'
import { CLIENT_CAPABILITIES } from './clientCapabilities.ts'
import { type Identity, verifyIdToken } from './idToken.ts'
import { isForAnyTenant } from './issuer.ts'
import type { ProviderKeys } from './providerKeys.ts'
import { type TokenEndpoint, type TokenSet, tokenSet } from './tokenEndpoint.ts'

export interface Redemption {
  readonly identity: Identity
  readonly tokens: TokenSet
  /** How the client proved itself: by the assertion given, or by that of another certificate version where Entra refused it. */
  readonly proof: ClientProof
}

interface RedeemInput {
  readonly response: AuthorizationResponse
  readonly assertion: ClientAssertion
  readonly codeVerifier: string
  readonly nonce: string
  readonly correlationId: string
}

/** Posts code and assertion, verifies the ID token. Throws `entra/*`, `callback/issuer_mismatch`. */
export type RedeemCode = (input: RedeemInput) => Promise<Redemption>

interface CodeRedemptionOptions {
  readonly config: Config
  readonly endpoint: TokenEndpoint
  readonly keys: ProviderKeys
  readonly effects: Pick<Effects, 'now'>
}

export function createCodeRedemption({ config, endpoint, keys, effects }: CodeRedemptionOptions): RedeemCode {
  const { clientId, allowedTenants } = config
  const { issuerTemplate } = config.entra

  return async ({ response, assertion, codeVerifier, nonce, correlationId }) => {
    const { granted, proof } = await endpoint.request({
      assertion,
      isFromOutside: true,
      correlationId,
      send: ({ server, client, authentication, options }) =>
        oauth.authorizationCodeGrantRequest(
          server,
          client,
          authentication,
          response.parameters,
          config.app.redirectUri,
          codeVerifier,
          { ...options, additionalParameters: { claims: CLIENT_CAPABILITIES } },
        ),
      async read(answer, { server, client }) {
        const issuer = await issuerOf(answer, issuerTemplate)
        const checks = { expectedNonce: nonce, requireIdToken: true }
        const body = await oauth.processAuthorizationCodeResponse(
          { ...server, issuer },
          client,
          answer,
          checks,
        )
        const { access_token: accessToken, id_token: idToken = '' } = body
        const rules = { clientId, issuerTemplate, allowedTenants, nonce, accessToken, nowMs: effects.now() }
        const identity = await verifyIdToken(idToken, keys, rules)
        requireIssuerOf(response, issuerFor(issuerTemplate, identity.tid))
        return { identity, tokens: tokenSet(body, effects.now()) }
      },
    })
    return { ...granted, proof }
  }
}

/**
 * Where the response said who made it (RFC 9207 section 2.4), that is who made the ID token: of several tenants, one does not answer for another.
 * Throws `callback/issuer_mismatch`.
 */
function requireIssuerOf({ parameters }: AuthorizationResponse, issuer: string): void {
  if (parameters.has('iss') && parameters.get('iss') !== issuer)
    throw new AppError('callback/issuer_mismatch', { detail: 'ID token of another issuer' })
}

/** The issuer to expect in an answer: ours, or that of the token's own tenant where any may come; the rules judge the tenant. */
async function issuerOf(answer: Response, issuerTemplate: string): Promise<string> {
  if (!isForAnyTenant(issuerTemplate)) return issuerTemplate
  const tid = await unverifiedTenant(answer.clone())
  return isGuid(tid) ? issuerFor(issuerTemplate, tid) : issuerTemplate
}

/** The `tid` an ID token claims, before anything about it was checked: good only to choose what to check against. */
async function unverifiedTenant(answer: Response): Promise<unknown> {
  try {
    const body = (await answer.json()) as { readonly id_token?: unknown }
    return decodeJwt(String(body.id_token)).tid
  } catch {
    return undefined
  }
}

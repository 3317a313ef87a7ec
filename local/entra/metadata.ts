import { generateKeyPairSync } from 'node:crypto'
import type { JWK } from 'jose'
import { issuerFor, TENANT_PLACEHOLDER } from '../../lib/config/issuerTemplate.ts'
import type { TenantPath } from './directory/tenant.ts'
import type { SigningKey } from './signingKeys.ts'
import { override } from './switches.ts'
import type { Exchange } from './wire/exchange.ts'
import { json, type Reply } from './wire/reply.ts'
import type { World } from './world.ts'

/** The v2.0 issuer under a path: a tenant's own, or Entra's template where any tenant may sign in. */
export function issuerUnder(world: World, path: TenantPath): string {
  return issuerOf(world, path.tenant?.tenantId ?? TENANT_PLACEHOLDER)
}

/** The v2.0 issuer of one tenant: `iss` of ID tokens and v2 access tokens. */
export function issuerOf(world: World, tenantId: string): string {
  const template = world.switches.metadata.issuer ?? `${world.origin}/${TENANT_PLACEHOLDER}/v2.0`
  return issuerFor(template, tenantId)
}

/**
 * `GET /{tenant}/v2.0/.well-known/openid-configuration`. The members are those Entra publishes and no others: no
 * `code_challenge_methods_supported`, no `token_endpoint_auth_signing_alg_values_supported`, no RFC 9207 flag,
 * no revocation, introspection or back-channel logout. With `?appid=` it is the document of that application.
 */
export async function metadataEndpoint(world: World, exchange: Exchange): Promise<Reply> {
  const base = `${world.origin}/${exchange.tenant.segment}`
  const appId = exchange.query.get('appid')
  const members = {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys${appId === undefined ? '' : `?appid=${appId}`}`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuerUnder(world, exchange.tenant),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${world.origin}/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      'sub',
      'iss',
      'cloud_instance_name',
      'cloud_instance_host_name',
      'cloud_graph_host_name',
      'msgraph_host',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    tenant_region_scope: exchange.tenant.tenant ? 'EU' : null,
    cloud_instance_name: new URL(world.origin).host,
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  }
  return json(200, override(members, world.switches.metadata.override), cacheForADay)
}

/**
 * `GET /{tenant}/.well-known/openid-configuration`: the document of version 1, whose issuer is that of version 1 access tokens. Its
 * authorization and token endpoints are not served here; libraries that validate tokens read issuer and keys.
 */
export async function metadataV1Endpoint(world: World, exchange: Exchange): Promise<Reply> {
  const { segment, tenant } = exchange.tenant
  const base = `${world.origin}/${segment}`
  const members = {
    token_endpoint: `${base}/oauth2/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'token id_token', 'token'],
    scopes_supported: ['openid'],
    issuer: `${world.origin}/${tenant?.tenantId ?? TENANT_PLACEHOLDER}/`,
    microsoft_multi_refresh_token: true,
    authorization_endpoint: `${base}/oauth2/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/logout`,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'acr',
      'amr',
      'nonce',
      'email',
      'given_name',
      'family_name',
      'nickname',
    ],
    check_session_iframe: `${base}/oauth2/checksession`,
    userinfo_endpoint: `${base}/openid/userinfo`,
    tenant_region_scope: tenant ? 'EU' : null,
    cloud_instance_name: new URL(world.origin).host,
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  }
  return json(200, override(members, world.switches.metadata.override), cacheForADay)
}

/** `GET /{tenant}/discovery/keys`: the same keys, as version 1 publishes them, without an issuer. */
export async function keysV1Endpoint(world: World): Promise<Reply> {
  const keys = world.signingKeys.published().map(({ jwk }) => jwk)
  return json(200, { keys }, cacheForADay)
}

/** `GET /{tenant}/discovery/v2.0/keys`. Each key carries Entra's own `issuer` member: the one issuer it may sign for. */
export async function keysEndpoint(world: World, exchange: Exchange): Promise<Reply> {
  const issuer = issuerUnder(world, exchange.tenant)
  const { onlyCurrent, decoys, ofApplications } = world.switches.keys
  const application = ofApplications ? world.applications.get(exchange.query.get('appid') ?? '') : undefined
  const own =
    application !== undefined
      ? [await world.signingKeys.ofApplication(application.clientId)]
      : onlyCurrent
        ? [world.signingKeys.current()]
        : world.signingKeys.published()
  const foreign = onlyCurrent ? undefined : world.signingKeys.publishedForeign()
  const keys = [
    ...(decoys ? decoysOf(world.signingKeys.current().kid) : []),
    ...own.map((key) => ({ ...key.jwk, issuer })),
    ...(foreign ? [{ ...foreign.jwk, issuer: issuerOf(world, foreignTenantId) }] : []),
  ]
  return json(200, { keys }, cacheForADay)
}

/** The key that signs a token for an application: the issuer's, or one of its own. */
export async function signingKeyFor({ signingKeys, switches }: World, appId: string): Promise<SigningKey> {
  return switches.keys.ofApplications ? signingKeys.ofApplication(appId) : signingKeys.current()
}

/** The tenant of personal accounts: the one foreign issuer whose key is worth misusing (`foreign-tenant-key`). */
const foreignTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

const cacheForADay = {
  'cache-control': 'max-age=86400, private',
  'access-control-allow-origin': '*',
}

function decoysOf(kid: string): JWK[] {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const encryption = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
  return [
    { ...(elliptic as JWK), kid, use: 'sig' },
    { ...(encryption as JWK), kid, use: 'enc' },
  ]
}

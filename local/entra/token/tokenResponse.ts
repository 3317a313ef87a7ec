import { randomBytes } from 'node:crypto'
import { AadstsError } from '../aadsts.ts'
import type { Account } from '../directory/person.ts'
import { findResource, graphAppId } from '../directory/resource.ts'
import { formatScope, parseScopes, type ResourceScopes, type Scopes } from '../directory/scopes.ts'
import { signingKeyFor } from '../metadata.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import { accessTokenClaims, signAccessToken } from './accessToken.ts'
import type { AuthenticatedClient } from './clientAuthentication.ts'
import { issueIdToken } from './idToken.ts'
import type { UserGrant } from './userGrant.ts'

const refreshTokenLifetimeMs = 90 * 24 * 3600 * 1000

type Request = {
  readonly client: AuthenticatedClient
  readonly grant: UserGrant
  /** The `scope` of the token request, or undefined: then the first resource of the authorization request. */
  readonly scope: string | undefined
  /** For the ID token of a code redemption. */
  readonly nonce: string | undefined
  readonly issuesRefreshToken: boolean
  readonly issuesIdToken: boolean
}

/**
 * Answers a grant that speaks for a person: access token, ID token when `openid` was asked, refresh token when
 * `offline_access` was. Throws AADSTS65001 for what nobody consented to, 50076 for a stronger authentication and 50057 for a
 * disabled account.
 */
export async function issueUserTokens(
  world: World,
  exchange: Exchange,
  { client, grant, scope, nonce, issuesRefreshToken, issuesIdToken }: Request,
): Promise<Record<string, unknown>> {
  const authorized = parseScopes(grant.scope, world.applications)
  const asked = scope === undefined ? authorized : parseScopes(scope, world.applications)
  if (scope !== undefined && asked.resources.length > 1) throw new AadstsError(28000)
  const target = asked.resources[0] ?? graphSignIn(world)

  if (world.disabled.has(grant.account.person.oid)) throw new AadstsError(50057)
  requireConsent(world, client, grant.account, target)
  requireAuthenticationContext(grant, target)
  const permissions = [
    ...openIdPermissions(target, asked),
    ...world.consents.granted(client.application, grant.account, target),
  ]
  const claims = accessTokenClaims(world, client, target.resource, {
    kind: 'user',
    account: grant.account,
    sid: grant.sid,
    permissions,
    authenticationContexts: grant.authenticationContexts,
  })
  note(exchange, {
    resource: target.resource.identifier,
    permissions,
    accessTokenVersion: String(claims.ver),
  })

  const has = (name: 'openid' | 'offline_access') => asked.openId.has(name) || authorized.openId.has(name)
  const openId = new Set([...asked.openId, ...authorized.openId])
  const lifetime = world.switches.token.accessTokenLifetimeSeconds
  return {
    token_type: 'Bearer',
    scope: permissions.map((permission) => formatScope(target.resource, permission)).join(' '),
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: await signAccessToken(
      claims,
      await signingKeyFor(world, target.resource.appId),
      target.resource,
    ),
    ...(issuesRefreshToken && has('offline_access')
      ? { refresh_token: issueRefreshToken(world, grant) }
      : {}),
    ...(issuesIdToken && has('openid')
      ? { id_token: await issueIdToken(world, client.application, grant, openId, nonce) }
      : {}),
    ...(exchange.form.get('client_info') === '1' ? { client_info: clientInfo(grant.account) } : {}),
  }
}

/** MSAL's `client_info`: the account's home identifiers, base64url JSON. */
export function clientInfo({ oid, tid, person, homeTenantId }: Account): string {
  const uid = homeTenantId === tid ? oid : (person.home?.oid ?? oid)
  return Buffer.from(JSON.stringify({ uid, utid: homeTenantId })).toString('base64url')
}

/** With OpenID scopes alone, Entra issues an access token for Graph's UserInfo. */
function graphSignIn(world: World): ResourceScopes {
  const resource = findResource(graphAppId, world.applications)
  if (!resource) throw new AadstsError(500011)
  return { resource, permissions: [] }
}

/** Graph tokens list the OpenID scopes among their own; tokens for other APIs do not. */
function openIdPermissions({ resource }: ResourceScopes, { openId }: Scopes): string[] {
  return resource.application ? [] : [...openId].filter((scope) => scope !== 'offline_access')
}

function requireConsent(
  world: World,
  client: AuthenticatedClient,
  account: Account,
  asked: ResourceScopes,
): void {
  const missing = world.consents.missing(client.application, account, asked)
  if (missing.length > 0) throw new AadstsError(65001, `Missing: ${missing.join(' ')}.`)
}

function requireAuthenticationContext(grant: UserGrant, { resource }: ResourceScopes): void {
  const required = resource.application?.requiresAuthenticationContext
  if (required === undefined || grant.authenticationContexts.includes(required)) return
  throw challengeFor(required)
}

/** The refusal that asks for an authentication context, with the claims to ask for it. */
export function challengeFor(authenticationContext: string): AadstsError {
  const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: authenticationContext } } })
  return new AadstsError(50076, undefined, { claims })
}

function issueRefreshToken(world: World, grant: UserGrant): string {
  const refreshToken = `1.${randomBytes(64).toString('base64url')}`
  world.refreshGrants.set(refreshToken, { grant, expiresAtMs: world.now() + refreshTokenLifetimeMs })
  return refreshToken
}

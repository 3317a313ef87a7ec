/*
 * Access tokens in the three shapes Entra has. The resource decides: v2 or v1 by its `requestedAccessTokenVersion`, and
 * Microsoft Graph's, which only Graph can read. At Entra a v1 issuer is https://sts.windows.net/{tid}/; here it is
 * {origin}/{tid}/.
 */
import { createHash, randomBytes } from 'node:crypto'
import { CompactSign } from 'jose'
import type { Account } from '../directory/person.ts'
import type { Resource } from '../directory/resource.ts'
import { issuerOf } from '../metadata.ts'
import type { SigningKey } from '../signingKeys.ts'
import type { World } from '../world.ts'
import { type AuthenticatedClient, authenticationClassOf } from './clientAuthentication.ts'
import { backdatingSeconds } from './idToken.ts'
import { pairwiseSubject } from './pairwise.ts'

/** Whom the token speaks for: a person through the client, or the client itself. */
export type TokenSubject =
  | {
      readonly kind: 'user'
      readonly account: Account
      readonly sid: string
      readonly permissions: readonly string[]
      readonly authenticationContexts: readonly string[]
    }
  | { readonly kind: 'app'; readonly tid: string; readonly roles: readonly string[] }

/** The claims of an access token for that resource, in the resource's version. */
export function accessTokenClaims(
  world: World,
  client: AuthenticatedClient,
  resource: Resource,
  subject: TokenSubject,
): Record<string, unknown> {
  const version = resource.application?.requestedAccessTokenVersion ?? 1
  const nowSec = Math.floor(world.now() / 1000)
  const tid = subject.kind === 'user' ? subject.account.tid : subject.tid
  return {
    aud: version === 2 ? resource.appId : resource.identifier,
    iss: version === 2 ? issuerOf(world, tid) : `${world.origin}/${tid}/`,
    iat: nowSec - backdatingSeconds,
    nbf: nowSec - backdatingSeconds,
    exp: nowSec + world.switches.token.accessTokenLifetimeSeconds,
    ...clientClaims(client, version),
    ...(subject.kind === 'user' ? userClaims(resource, subject, version) : appClaims(world, client, subject)),
    tid,
    uti: randomBytes(16).toString('base64url'),
    ver: version === 2 ? '2.0' : '1.0',
  }
}

function clientClaims({ application, proof }: AuthenticatedClient, version: 1 | 2) {
  const acr = authenticationClassOf(proof)
  return version === 2
    ? { azp: application.clientId, azpacr: acr }
    : { appid: application.clientId, appidacr: acr, app_displayname: application.displayName }
}

function userClaims(
  resource: Resource,
  { account, sid, permissions, authenticationContexts }: Extract<TokenSubject, { kind: 'user' }>,
  version: 1 | 2,
) {
  const { person, tid, oid } = account
  const roles = person.roles?.[resource.appId]
  return {
    name: person.name,
    oid,
    scp: permissions.join(' '),
    sid,
    sub: pairwiseSubject(resource.appId, tid, oid),
    ...(roles ? { roles } : {}),
    ...(authenticationContexts.length > 0 ? { acrs: authenticationContexts } : {}),
    ...(version === 2
      ? { preferred_username: person.preferredUsername }
      : {
          acr: '1',
          amr: authenticationContexts.length > 0 ? ['pwd', 'mfa'] : ['pwd'],
          family_name: person.familyName,
          given_name: person.givenName,
          unique_name: person.preferredUsername,
          upn: person.preferredUsername,
        }),
  }
}

function appClaims(
  world: World,
  { application }: AuthenticatedClient,
  { tid, roles }: Extract<TokenSubject, { kind: 'app' }>,
) {
  const { servicePrincipalId } = application
  return {
    idp: `${world.origin}/${tid}/`,
    idtyp: 'app',
    oid: servicePrincipalId,
    sub: servicePrincipalId,
    ...(roles.length > 0 ? { roles } : {}),
  }
}

/** Signs an access token. Graph's carries a `nonce` in its header, so that no ordinary verification succeeds. */
export async function signAccessToken(
  claims: Record<string, unknown>,
  key: SigningKey,
  resource: Pick<Resource, 'application'>,
): Promise<string> {
  const header = {
    typ: 'JWT',
    alg: 'RS256',
    ...(claims.ver === '1.0' ? { x5t: key.kid } : {}),
    kid: key.kid,
  }
  const payload = Buffer.from(JSON.stringify(claims))
  if (resource.application) return new CompactSign(payload).setProtectedHeader(header).sign(key.privateKey)

  const nonce = randomBytes(32).toString('base64url')
  const hashedNonce = createHash('sha256').update(nonce).digest('base64url')
  const signed = await new CompactSign(payload)
    .setProtectedHeader({ ...header, nonce: hashedNonce })
    .sign(key.privateKey)
  const shownHeader = Buffer.from(JSON.stringify({ ...header, nonce })).toString('base64url')
  return `${shownHeader}${signed.slice(signed.indexOf('.'))}`
}

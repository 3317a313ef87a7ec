import { randomBytes } from 'node:crypto'
import type { Application } from '../directory/application.ts'
import { loginHintOf } from '../directory/person.ts'
import type { OpenIdScope } from '../directory/scopes.ts'
import { issuerOf, signingKeyFor } from '../metadata.ts'
import { override } from '../switches.ts'
import type { World } from '../world.ts'
import { bend } from './idTokenFlaws.ts'
import { pairwiseSubject } from './pairwise.ts'
import type { UserGrant } from './userGrant.ts'

/** Entra dates tokens five minutes back, against slow clocks (seen in recorded tokens, not documented). */
export const backdatingSeconds = 300

const idTokenLifetimeSeconds = 3600

/**
 * Signs a v2.0 ID token, bent as the switches say. No `at_hash` or `c_hash`: Entra puts those only into ID tokens from
 * the authorization endpoint. `nonce` is set at code redemption only.
 */
export async function issueIdToken(
  world: World,
  client: Application,
  grant: UserGrant,
  openId: ReadonlySet<OpenIdScope>,
  nonce: string | undefined,
): Promise<string> {
  if (world.switches.keys.rotateBeforeSigning) await world.signingKeys.rotate({ withdraw: true })
  const claims = override(claimsOf(world, client, grant, openId, nonce), world.switches.idToken.override)
  const key = await signingKeyFor(world, client.clientId)
  const signingKeys = { ...world.signingKeys, current: () => key }
  return bend({ ...world, signingKeys }, claims, world.switches.idToken.flaw)
}

function claimsOf(
  world: World,
  client: Application,
  grant: UserGrant,
  openId: ReadonlySet<OpenIdScope>,
  nonce: string | undefined,
): Record<string, unknown> {
  const nowSec = Math.floor(world.now() / 1000)
  const { account } = grant
  const { person, tid, oid } = account
  const roles = person.roles?.[client.clientId]
  const optional = new Set([...grant.idTokenClaims, ...client.optionalIdTokenClaims])
  return {
    aud: client.clientId,
    iss: issuerOf(world, tid),
    iat: nowSec - backdatingSeconds,
    nbf: nowSec - backdatingSeconds,
    exp: nowSec + idTokenLifetimeSeconds,
    auth_time: optional.has('auth_time') ? Math.floor(grant.authenticatedAtMs / 1000) : undefined,
    acct: optional.has('acct') ? Number(account.isGuest) : undefined,
    acrs:
      optional.has('acrs') && grant.authenticationContexts.length > 0
        ? grant.authenticationContexts
        : undefined,
    email: openId.has('email') ? person.email : undefined,
    idp: account.isGuest ? `${world.origin}/${account.homeTenantId}/` : undefined,
    login_hint: loginHintOf(account),
    name: openId.has('profile') ? person.name : undefined,
    nonce,
    oid: openId.has('profile') ? oid : undefined,
    preferred_username: openId.has('profile') ? person.preferredUsername : undefined,
    rh: `1.${randomBytes(24).toString('base64url')}.`,
    roles,
    sid: grant.sid,
    sub: pairwiseSubject(client.clientId, tid, oid),
    tid,
    uti: randomBytes(16).toString('base64url'),
    ver: '2.0',
  }
}

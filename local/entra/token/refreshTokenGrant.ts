import { AadstsError } from '../aadsts.ts'
import { readClaimsRequest } from '../authorize/claimsRequest.ts'
import { type Account, accountUnder } from '../directory/person.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import type { AuthenticatedClient } from './clientAuthentication.ts'
import { challengeFor, issueUserTokens } from './tokenResponse.ts'
import type { UserGrant } from './userGrant.ts'

/**
 * Refreshes (RFC 6749 section 6). The new refresh token does not end the old one. The ID token of a refresh has no nonce.
 * A claims challenge that the grant does not satisfy is answered by AADSTS50076 with the same claims, and so is a policy that asks for
 * more than the sign-in had.
 */
export async function refresh(
  world: World,
  exchange: Exchange,
  client: AuthenticatedClient,
): Promise<Record<string, unknown>> {
  const found = world.refreshGrants.get(exchange.form.require('refresh_token'))
  if (!found || found.grant.clientId !== client.application.clientId) throw new AadstsError(70000)
  exchange.entry.signIn = found.grant.signIn
  const grant = { ...found.grant, account: accountInPath(world, exchange, client, found.grant) }
  const nowMs = world.now()
  if (nowMs >= found.expiresAtMs) throw new AadstsError(700082)
  const revokedAtMs = world.revocations.get(grant.account.person.oid)
  if (revokedAtMs !== undefined && grant.authenticatedAtMs <= revokedAtMs) throw new AadstsError(50173)
  requirePolicy(world, grant)

  const claims = exchange.form.get('claims')
  const request = readClaimsRequest(claims)
  const isUnmet = request.authenticationContexts.some((acr) => !grant.authenticationContexts.includes(acr))
  if (claims !== undefined && isUnmet) throw new AadstsError(50076, undefined, { claims })

  return issueUserTokens(world, exchange, {
    client,
    grant,
    scope: exchange.form.get('scope'),
    nonce: undefined,
    issuesRefreshToken: true,
    issuesIdToken: true,
  })
}

/**
 * The tenant in the path decides whose tokens these are: of the account that the person has there, as a guest or at home. An application of
 * one tenant is refreshed under that tenant alone.
 */
function accountInPath(
  world: World,
  { tenant: path }: Exchange,
  { application }: AuthenticatedClient,
  { account: { person } }: UserGrant,
): Account {
  if (path.tenant === undefined && !application.isMultiTenant) throw new AadstsError(50194)
  const account = accountUnder(path, person, world.tenants[0].tenantId)
  if (account === undefined)
    throw new AadstsError(50020, `Tenant '${path.segment}'.`, { error: 'invalid_grant' })
  return account
}

function requirePolicy({ switches }: World, grant: UserGrant): void {
  const { signInsSinceMs, authenticationContext } = switches.policy
  if (signInsSinceMs !== undefined && grant.authenticatedAtMs <= signInsSinceMs) throw new AadstsError(50058)
  if (authenticationContext === undefined) return
  if (!grant.authenticationContexts.includes(authenticationContext)) throw challengeFor(authenticationContext)
}

import { errors, jwtVerify } from 'jose'
import { AadstsError } from '../aadsts.ts'
import { accountUnder } from '../directory/person.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import type { AuthenticatedClient } from './clientAuthentication.ts'
import { issueUserTokens } from './tokenResponse.ts'
import type { UserGrant } from './userGrant.ts'

/**
 * Exchanges a user's access token for this client into one for another API (`requested_token_use=on_behalf_of`,
 * grant type RFC 7523). Needs a tenant in the path; app-only tokens are refused.
 */
export async function actOnBehalfOf(
  world: World,
  exchange: Exchange,
  client: AuthenticatedClient,
): Promise<Record<string, unknown>> {
  if (!exchange.tenant.tenant) throw new AadstsError(9001023)
  if (exchange.form.require('requested_token_use') !== 'on_behalf_of') {
    throw new AadstsError(900144, "Expected requested_token_use 'on_behalf_of'.")
  }
  const scope = exchange.form.require('scope')
  const claims = await verifyUserAssertion(world, exchange.form.require('assertion'))
  requireAudience(client, claims.aud)
  if (typeof claims.scp !== 'string') throw new AadstsError(7000114)

  return issueUserTokens(world, exchange, {
    client,
    grant: grantOf(world, exchange, client, claims),
    scope,
    nonce: undefined,
    issuesRefreshToken: scope.split(' ').includes('offline_access'),
    issuesIdToken: scope.split(' ').includes('openid'),
  })
}

async function verifyUserAssertion(world: World, assertion: string): Promise<Record<string, unknown>> {
  try {
    const keyOf = ({ kid }: { kid?: string }) => {
      const key = world.signingKeys.published().find((candidate) => candidate.kid === kid)
      if (!key) throw new AadstsError(50013, 'No key of ours has signed it.')
      return key.publicKey
    }
    const options = { algorithms: ['RS256'], currentDate: new Date(world.now()), requiredClaims: ['exp'] }
    return (await jwtVerify(assertion, keyOf, options)).payload
  } catch (error) {
    if (error instanceof AadstsError) throw error
    throw new AadstsError(error instanceof errors.JWTExpired ? 500133 : 50013)
  }
}

/** The comparison is exact, case included: `api://` in the wrong case fails, as at Entra. */
function requireAudience({ application }: AuthenticatedClient, audience: unknown): void {
  const own = [application.clientId, `api://${application.clientId}`]
  if (!own.some((candidate) => candidate === audience)) throw new AadstsError(500131)
}

function grantOf(
  world: World,
  exchange: Exchange,
  { application }: AuthenticatedClient,
  claims: Record<string, unknown>,
): UserGrant {
  const [firstTenant] = world.tenants
  const account = world.people
    .map((person) => accountUnder(exchange.tenant, person, firstTenant.tenantId))
    .find((candidate) => candidate?.oid === claims.oid && candidate?.tid === claims.tid)
  if (!account) throw new AadstsError(50013, 'Its user is unknown in this tenant.')
  const { acrs } = claims
  return {
    clientId: application.clientId,
    account,
    sid: String(claims.sid),
    authenticatedAtMs: Number(claims.iat) * 1000,
    authenticationContexts: Array.isArray(acrs) ? acrs.map(String) : [],
    scope: '',
    idTokenClaims: [],
    nonce: undefined,
    signIn: exchange.entry.signIn ?? exchange.trace.correlationId,
  }
}

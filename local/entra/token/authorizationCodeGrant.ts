import { createHash } from 'node:crypto'
import { AadstsError } from '../aadsts.ts'
import { readClaimsRequest } from '../authorize/claimsRequest.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import type { AuthenticatedClient } from './clientAuthentication.ts'
import { issueUserTokens } from './tokenResponse.ts'
import type { IssuedCode } from './userGrant.ts'

/**
 * Redeems an authorization code (RFC 6749 section 4.1.3): once, within ten minutes, by the client it was issued to, under
 * the tenant path it was issued under, with the same redirect URI and the verifier of its challenge (RFC 7636).
 */
export async function redeemCode(
  world: World,
  exchange: Exchange,
  client: AuthenticatedClient,
): Promise<Record<string, unknown>> {
  const issued = world.codes.get(exchange.form.require('code'))
  if (!issued || issued.grant.clientId !== client.application.clientId) throw new AadstsError(70000)
  exchange.entry.signIn = issued.grant.signIn
  if (issued.redeemed) throw new AadstsError(54005)
  if (world.now() >= issued.expiresAtMs) throw new AadstsError(70008)
  if (issued.tenantSegment !== exchange.tenant.segment) throw new AadstsError(700005)
  if (exchange.form.require('redirect_uri') !== issued.redirectUri) throw new AadstsError(500112)
  requireVerifier(issued, exchange.form.get('code_verifier'))
  readClaimsRequest(exchange.form.get('claims'))

  // From here on the code is spent, whatever comes of it.
  issued.redeemed = true
  return issueUserTokens(world, exchange, {
    client,
    grant: issued.grant,
    scope: exchange.form.get('scope'),
    nonce: issued.grant.nonce,
    issuesRefreshToken: true,
    issuesIdToken: true,
  })
}

function requireVerifier({ codeChallenge }: IssuedCode, verifier: string | undefined): void {
  if (codeChallenge === undefined) {
    // RFC 9700 section 2.1.1: a verifier without a challenge betrays a downgrade.
    if (verifier !== undefined) throw new AadstsError(501481)
    return
  }
  const derived =
    codeChallenge.method === 'plain'
      ? verifier
      : createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url')
  if (verifier === undefined || derived !== codeChallenge.value) throw new AadstsError(501481)
}

import { randomBytes } from 'node:crypto'
import { AadstsError } from '../aadsts.ts'
import { consentPage } from '../pages/consentPage.ts'
import { clientInfo } from '../token/tokenResponse.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'
import type { AuthorizationRequest } from './authorizationRequest.ts'
import { authorizationResponse } from './authorizationResponse.ts'
import type { SignedInAccount } from './signedInAccount.ts'

const codeLifetimeMs = 10 * 60 * 1000

/**
 * The person is known: asks for consent where some is missing, and issues the code. Throws AADSTS65001 where consent is
 * missing and no page may be shown.
 */
export async function complete(
  world: World,
  exchange: Exchange,
  request: AuthorizationRequest,
  signedIn: SignedInAccount,
  options: { isInteractive: boolean; hasJustConsented?: boolean },
): Promise<Reply> {
  const { account } = signedIn
  note(exchange, { person: account.person.name, tid: account.tid })
  const missing = request.scopes.resources.flatMap((asked) =>
    world.consents.missing(request.client, account, asked),
  )
  const asksAnyway = request.prompt === 'consent' && !options.hasJustConsented
  if (missing.length > 0 || asksAnyway) {
    if (!options.isInteractive) throw new AadstsError(65001, undefined, { error: 'consent_required' })
    note(exchange, { outcome: 'consent page' })
    return consentPage(world, exchange, request, account)
  }

  signedIn.clients.add(request.client.clientId)
  const code = issueCode(world, exchange, request, signedIn)
  note(exchange, { outcome: 'code', responseMode: request.responseMode })
  return authorizationResponse(world, request, [
    ['code', code],
    ...(request.wantsClientInfo ? [['client_info', clientInfo(account)] as const] : []),
    ['session_state', signedIn.sid],
  ])
}

function issueCode(
  world: World,
  exchange: Exchange,
  request: AuthorizationRequest,
  signedIn: SignedInAccount,
): string {
  // As codes of Entra do, it begins with its version, and with what names the application.
  const origin = Buffer.from(request.client.clientId.replaceAll('-', ''), 'hex')
  const code = `1.A${origin.toString('base64url')}.${randomBytes(48).toString('base64url')}`
  world.codes.set(code, {
    grant: {
      clientId: request.client.clientId,
      account: signedIn.account,
      sid: signedIn.sid,
      authenticatedAtMs: signedIn.authenticatedAtMs,
      authenticationContexts: [...signedIn.authenticationContexts],
      scope: request.scope,
      // OpenID Connect Core 2: required where max_age was asked.
      idTokenClaims: [
        ...request.claims.idTokenClaims,
        ...(request.maxAgeSec === undefined ? [] : ['auth_time' as const]),
      ],
      nonce: request.nonce,
      signIn: exchange.entry.signIn ?? exchange.trace.traceId,
    },
    redirectUri: request.redirectUri,
    tenantSegment: exchange.tenant.segment,
    codeChallenge: request.codeChallenge,
    expiresAtMs: world.now() + codeLifetimeMs,
    redeemed: false,
  })
  return code
}

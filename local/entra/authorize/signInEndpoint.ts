import { AadstsError } from '../aadsts.ts'
import { disabledPage } from '../pages/errorPage.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import { type Reply, withHeaders } from '../wire/reply.ts'
import type { World } from '../world.ts'
import { accountsUnder } from './accountsUnder.ts'
import type { AuthorizationRequest } from './authorizationRequest.ts'
import { withRequest } from './authorizeEndpoint.ts'
import { findBrowserSession, openBrowserSession, sessionCookie, signInTo } from './browserSession.ts'
import { complete } from './complete.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * `POST /{tenant}/login`: where the look-alike's own pages post. The query is the authorization request, checked again in
 * full; the form says who signs in (`person`) or which refusal to answer with (`refuse`). Whoever is disabled stays at Entra.
 */
export async function signInEndpoint(world: World, exchange: Exchange): Promise<Reply> {
  const flow = exchange.form.get('flow') ?? ''
  exchange.entry.signIn = uuid.test(flow) ? flow : exchange.trace.traceId
  return withRequest(world, exchange, exchange.query, async (request) => {
    note(exchange, { clientId: request.client.clientId })
    switch (exchange.form.get('refuse')) {
      case 'cancel':
        throw new AadstsError(65004)
      case 'consent':
        throw new AadstsError(65001, undefined, { error: 'consent_required' })
      case 'blocked':
        throw new AadstsError(53003)
      default:
        return signIn(world, exchange, request)
    }
  })
}

async function signIn(world: World, exchange: Exchange, request: AuthorizationRequest): Promise<Reply> {
  const person = exchange.form.require('person')
  const account = accountsUnder(world, exchange.tenant).find(({ oid }) => oid === person)
  if (!account) throw new AadstsError(50020)
  if (world.disabled.has(account.person.oid)) return disabledPage(world, exchange)
  if (account.person.policy === 'blocked') throw new AadstsError(53003)
  if (account.person.policy === 'needs-admin-consent') throw new AadstsError(90094)

  const session = findBrowserSession(world, exchange) ?? openBrowserSession(world)
  const signedIn = signInTo(world, session, account)
  for (const acr of request.claims.authenticationContexts) signedIn.authenticationContexts.add(acr)
  const hasJustConsented = exchange.form.get('consent') === 'accept'
  if (hasJustConsented) {
    for (const asked of request.scopes.resources) world.consents.accept(request.client, account, asked)
  }
  const reply = await complete(world, exchange, request, signedIn, { isInteractive: true, hasJustConsented })
  return withHeaders(reply, { 'set-cookie': sessionCookie(world, session) })
}

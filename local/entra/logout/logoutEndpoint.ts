import { findBrowserSession } from '../authorize/browserSession.ts'
import type { SignedInAccount } from '../authorize/signedInAccount.ts'
import { isHintFor } from '../directory/person.ts'
import { signedOutPage } from '../pages/signedOutPage.ts'
import { type Exchange, note } from '../wire/exchange.ts'
import type { Parameters } from '../wire/parameters.ts'
import type { Reply } from '../wire/reply.ts'
import type { World } from '../world.ts'

/**
 * `GET|POST /{tenant}/oauth2/v2.0/logout`. Ends the sign-on of the hinted account, or of all; tells each application by
 * its front-channel logout URL with `sid` and nothing else, no `iss`; returns only to a registered redirect URI.
 */
export async function logoutEndpoint(world: World, exchange: Exchange): Promise<Reply> {
  const parameters = exchange.method === 'POST' ? exchange.form : exchange.query
  const hint = parameters.get('logout_hint')
  const ended = endAccounts(world, exchange, hint)
  const frontChannel = ended.flatMap((signedIn) => frontChannelUrls(world, signedIn))
  const returnTo = returnAddress(world, parameters)
  note(exchange, {
    signedOut: ended.map(({ account }) => account.person.name),
    frontChannel,
    postLogoutRedirectUri: parameters.get('post_logout_redirect_uri'),
    returns: returnTo !== undefined,
    hasLogoutHint: hint !== undefined,
  })
  const { displayName } = exchange.tenant.tenant ?? world.tenants[0]
  return signedOutPage({ organisation: displayName, frontChannel, returnTo })
}

function endAccounts(world: World, exchange: Exchange, hint: string | undefined): SignedInAccount[] {
  const session = findBrowserSession(world, exchange)
  if (!session) return []
  const ends = ({ account }: SignedInAccount) => hint === undefined || isHintFor(account, hint)
  const ended = session.accounts.filter(ends)
  const staying = session.accounts.filter((signedIn) => !ends(signedIn))
  if (staying.length === 0) world.browserSessions.delete(session.id)
  else session.accounts.splice(0, session.accounts.length, ...staying)
  return ended
}

function frontChannelUrls(world: World, { clients, sid }: SignedInAccount): string[] {
  return [...clients].flatMap((clientId) => {
    const logoutUrl = world.applications.get(clientId)?.logoutUrl
    if (logoutUrl === undefined) return []
    const url = new URL(logoutUrl)
    url.searchParams.set('sid', sid)
    return [url.href]
  })
}

function returnAddress(world: World, parameters: Parameters): string | undefined {
  const uri = parameters.get('post_logout_redirect_uri')
  const isRegistered = [...world.applications.values()].some(({ redirectUris }) =>
    redirectUris.some((registered) => registered === uri),
  )
  if (uri === undefined || !isRegistered) return undefined
  const state = parameters.get('state')
  const fate = world.switches.logout.state
  if (state === undefined || fate === 'absent') return uri
  const url = new URL(uri)
  url.searchParams.set('state', fate === 'other' ? `${state}-other` : state)
  return url.href
}

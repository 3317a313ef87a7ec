import { randomUUID } from 'node:crypto'
import { type Account, isHintFor } from '../directory/person.ts'
import { type Exchange, readCookie } from '../wire/exchange.ts'
import type { World } from '../world.ts'
import type { BrowserSession, SignedInAccount } from './signedInAccount.ts'

/** Cookies know no ports, so the name carries ours: two look-alikes on one machine stay apart. */
function cookieName(world: World): string {
  return `ESTSAUTH-${new URL(world.origin).port}`
}

/** The browser session of the request's cookie, if it is still alive. */
export function findBrowserSession(world: World, exchange: Exchange): BrowserSession | undefined {
  const id = readCookie(exchange, cookieName(world))
  return id === undefined ? undefined : world.browserSessions.get(id)
}

/** Signs a person in to the browser session, or again: then `sid` stays and the time of authentication is now. */
export function signInTo(world: World, session: BrowserSession, account: Account): SignedInAccount {
  const known = session.accounts.find(
    ({ account: { oid, tid } }) => oid === account.oid && tid === account.tid,
  )
  const signedIn = known ?? {
    account,
    sid: randomUUID(),
    authenticatedAtMs: 0,
    authenticationContexts: new Set<string>(),
    clients: new Set<string>(),
  }
  signedIn.authenticatedAtMs = world.now()
  if (!known) session.accounts.push(signedIn)
  return signedIn
}

/** Opens a browser session; send `setCookie` along with the reply. */
export function openBrowserSession(world: World): BrowserSession {
  const session: BrowserSession = { id: randomUUID(), accounts: [] }
  world.browserSessions.set(session.id, session)
  return session
}

/** The `Set-Cookie` of a session. Lax, not None as Entra's: plain http holds no Secure cookie. */
export function sessionCookie(world: World, session: BrowserSession): string {
  return `${cookieName(world)}=${session.id}; Path=/; HttpOnly; SameSite=Lax`
}

/** Those of the session who may use this path, narrowed to the hinted one when there is a hint. */
export function candidates(
  session: BrowserSession | undefined,
  exchange: Exchange,
  hint: string | undefined,
): SignedInAccount[] {
  const { tenant } = exchange.tenant
  return (session?.accounts ?? []).filter(
    ({ account }) =>
      (tenant === undefined || account.tid === tenant.tenantId) &&
      (hint === undefined || isHintFor(account, hint)),
  )
}

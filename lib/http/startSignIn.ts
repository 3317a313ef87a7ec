/** The redirect that starts a sign-in: one new transaction, one cookie, no I/O. */
import type { App } from '../app.ts'
import { authorizationUrl } from '../entra/authorizationRequest.ts'
import { openTicket } from '../session/ticket.ts'
import { newTransaction, sealState } from '../session/transaction.ts'
import {
  answeredTransactions,
  expiredCookie,
  isTransactionCookie,
  MOST_TRANSACTIONS,
  SESSION_COOKIE,
  type SetCookie,
  transactionCookie,
} from './cookies.ts'
import { type Reply, redirect } from './reply.ts'
import type { SignetRequest } from './request.ts'
import type { SignInLink } from './signInLink.ts'
import { requireNoLoop } from './signInLoop.ts'

interface SignInStart {
  readonly link: SignInLink
  /** How often this sign-in was already started anew without the person asking. */
  readonly restarts: number
  /** Proof of the session that the new one replaces; by default that of the request. */
  readonly replaces?: string | undefined
}

/** Throws `login/loop`. */
export function startSignIn(
  app: App,
  request: SignetRequest,
  { link, restarts, replaces }: SignInStart,
  status: 302 | 303,
): Reply {
  const { config, effects, credential } = app
  const startedAtMs = Math.floor(effects.now())
  requireNoLoop(request, link.wishes, link.returnTo, startedAtMs)
  credential.warm(config.entra.token)
  const keys = newTransaction(effects.random)
  const { handle, nonce, codeVerifier, secret } = keys
  // What the answer has to show, and a restart asks for again. The hints travel once: by then Entra knows the person.
  const { loginHint: _login, domainHint: _domain, ...kept } = link.parameters
  const content = {
    startedAtMs,
    link: kept,
    replaces: replaces ?? openTicket(request.cookies.get(SESSION_COOKIE) ?? '')?.endProof,
  }
  const state = sealState(keys, restarts, content, effects.random)
  const location = authorizationUrl(config, { state, nonce, codeVerifier }, link.wishes)
  return redirect(status, location, [...makeRoom(request.cookies), transactionCookie(handle, secret)])
}

/** Removes what is too much with one more: the sign-ins that were answered first, then the oldest. */
function makeRoom(cookies: SignetRequest['cookies']): SetCookie[] {
  const answeredFirst = new Set([
    ...answeredTransactions(cookies).map(({ name }) => name),
    ...[...cookies.keys()].filter(isTransactionCookie),
  ])
  const tooMany = Math.max(0, answeredFirst.size - MOST_TRANSACTIONS + 1)
  return [...answeredFirst].slice(0, tooMany).map(expiredCookie)
}

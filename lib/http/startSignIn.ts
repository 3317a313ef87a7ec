/** The redirect that starts a sign-in: one new transaction, one cookie, no I/O. */
import type { App } from '../app.ts'
import { authorizationUrl, type SignInWishes } from '../entra/authorizationRequest.ts'
import { openTicket } from '../session/ticket.ts'
import { newTransaction, sealState } from '../session/transaction.ts'
import {
  doneTransactions,
  expiredCookie,
  isTransactionCookie,
  MOST_TRANSACTIONS,
  SESSION_COOKIE,
  type SetCookie,
  transactionCookie,
} from './cookies.ts'
import { type Reply, redirect } from './reply.ts'
import type { SignetRequest } from './request.ts'
import type { LocalPath } from './returnTo.ts'

interface SignInStart {
  readonly returnTo: LocalPath
  readonly wishes: SignInWishes
  /** How often this sign-in was already restarted without the person asking. */
  readonly restarts: number
  /** Proof of the session that the new one replaces; that of the request unless told. */
  readonly replaces?: string | undefined
}

export async function startSignIn(
  app: App,
  request: SignetRequest,
  start: SignInStart,
  status: 302 | 303,
): Promise<Reply> {
  const { config, effects, credential } = app
  credential.warm(config.entra.token)
  const keys = newTransaction(effects.random)
  const replaces = start.replaces ?? openTicket(request.cookies.get(SESSION_COOKIE) ?? '')?.endProof
  // What the answer has to show, and a restart asks for again. The hints travel once: by then Entra knows the person.
  const { loginHint: _login, domainHint: _domain, ...wishes } = start.wishes
  const state = await sealState(keys, { ...start, wishes, replaces, startedAtMs: effects.now() })
  const location = authorizationUrl(
    config,
    { state, nonce: keys.nonce, codeVerifier: keys.codeVerifier },
    start.wishes,
  )
  return redirect(status, location, [
    ...makeRoom(request.cookies),
    transactionCookie(keys.handle, keys.secret),
  ])
}

/** Removes what is too much with one more: the sign-ins that are done first, then the oldest. */
function makeRoom(cookies: SignetRequest['cookies']): SetCookie[] {
  const doneFirst = new Set([
    ...doneTransactions(cookies),
    ...[...cookies.keys()].filter(isTransactionCookie),
  ])
  const tooMany = Math.max(0, doneFirst.size - MOST_TRANSACTIONS + 1)
  return [...doneFirst].slice(0, tooMany).map(expiredCookie)
}

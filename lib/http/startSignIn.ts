/** The redirect that starts a sign-in: one new transaction, one cookie, no I/O. */
import type { App } from '../app.ts'
import { authorizationUrl, type SignInWishes } from '../entra/authorizationRequest.ts'
import { AppError } from '../errors.ts'
import { openTicket } from '../session/ticket.ts'
import { newTransactionSecret, sealState, TRANSACTION_MS, transactionKeys } from '../session/transaction.ts'
import {
  expiredCookie,
  isTransactionCookie,
  MOST_TRANSACTIONS,
  SESSION_COOKIE,
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
  /** Id of the session that the new one replaces; that of the request unless told. */
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
  const secret = newTransactionSecret(effects.random)
  const keys = transactionKeys(secret)
  if (keys === undefined) throw new AppError('bug/unexpected', { detail: 'transaction secret' })
  const replaces = start.replaces ?? openTicket(request.cookies.get(SESSION_COOKIE) ?? '')?.id
  const state = await sealState(keys, { ...start, replaces, startedAtMs: effects.now() })
  const location = authorizationUrl(
    config,
    { state, nonce: keys.nonce, codeVerifier: keys.codeVerifier },
    start.wishes,
  )
  const inFlight = [...request.cookies.keys()].filter(isTransactionCookie)
  const dropped = inFlight.slice(0, Math.max(0, inFlight.length - MOST_TRANSACTIONS + 1)).map(expiredCookie)
  return redirect(status, location, [
    ...dropped,
    transactionCookie(keys.handle, secret, TRANSACTION_MS / 1_000),
  ])
}

/**
 * POST /auth/callback: the authorization response becomes a session. Order matters: everything that can be judged without effect
 * comes first, the assertion is in hand before the transaction is spent, and a session is written only for a verified ID token.
 */
import type { App } from '../../app.ts'
import { type AuthorizationResponse, judgeAuthorizationResponse } from '../../entra/authorizationResponse.ts'
import { AppError, asAppError, withReturnTo } from '../../errors.ts'
import { newSession } from '../../session/session.ts'
import { newSessionSecret, openTicket } from '../../session/ticket.ts'
import {
  handleOf,
  openState,
  TRANSACTION_MS,
  type TransactionKeys,
  type TransactionState,
  transactionKeys,
} from '../../session/transaction.ts'
import { expiredCookie, sessionCookie, TRANSACTION_COOKIE } from '../cookies.ts'
import { findSession } from '../currentSession.ts'
import { type Reply, redirect } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { HOME, type LocalPath, parseReturnTo } from '../returnTo.ts'
import type { Handle } from '../route.ts'
import { startSignIn } from '../startSignIn.ts'

/** How often a sign-in is restarted without the person asking. */
const MOST_RESTARTS = 1

interface Transaction {
  readonly keys: TransactionKeys
  readonly state: TransactionState
  readonly returnTo: LocalPath
}

/** Throws `callback/*`, `entra/*`, `vault/*`, `session/*`. */
export const callback: Handle = async (app, request) => {
  const form = await request.readForm()
  const sealedState = form.get('state')
  if (sealedState === null) throw new AppError('callback/malformed', { detail: 'no state' })
  const transaction = await findTransaction(request, sealedState)
  if (transaction === undefined) return answerWithoutTransaction(app, request)
  try {
    return await complete(app, request, transaction, form, sealedState)
  } catch (fault) {
    throw withReturnTo(fault, transaction.returnTo)
  }
}

async function complete(
  app: App,
  request: SignetRequest,
  transaction: Transaction,
  form: URLSearchParams,
  sealedState: string,
): Promise<Reply> {
  const { config, effects, credential, sessions } = app
  const { keys, state } = transaction
  if (effects.now() >= state.startedAtMs + TRANSACTION_MS) throw new AppError('callback/expired')
  const response = judge(() => judgeAuthorizationResponse(config, form, sealedState))
  const assertion =
    response instanceof AppError ? undefined : await credential.assertionFor(config.entra.token)
  const isFirst = await sessions.spend(keys.markerId, state.startedAtMs + TRANSACTION_MS)
  if (response instanceof AppError || assertion === undefined) throw response
  if (!isFirst) return answerReplay(app, request, transaction)
  const { nonce, codeVerifier } = keys
  const redemption = await app
    .redeemCode({ response, assertion, nonce, codeVerifier, correlationId: request.correlationId })
    .catch((fault: unknown) => asAppError(fault))
  if (redemption instanceof AppError) return answerFailedRedemption(app, request, transaction, redemption)

  const secret = newSessionSecret(effects.random)
  const ticket = openTicket(secret)
  if (ticket === undefined) throw new AppError('bug/unexpected', { detail: 'session secret' })
  await sessions.insert(ticket, newSession(redemption, assertion.proof, config.sessions, effects.now()))
  await endPreviousSession(app, request, state)
  const cookies = [sessionCookie(secret), expiredCookie(`${TRANSACTION_COOKIE}${keys.handle}`)]
  return redirect(303, transaction.returnTo, cookies)
}

/** The transaction that a state names, if this browser started it; undefined when its cookie is not there. */
async function findTransaction(
  { cookies }: SignetRequest,
  sealedState: string,
): Promise<Transaction | undefined> {
  const handle = handleOf(sealedState)
  if (handle === undefined) throw new AppError('callback/malformed', { detail: 'state' })
  const secret = cookies.get(`${TRANSACTION_COOKIE}${handle}`)
  if (secret === undefined) return undefined
  const keys = transactionKeys(secret)
  const state = keys === undefined ? undefined : await openState(keys, sealedState)
  if (keys === undefined || state === undefined || keys.handle !== handle)
    throw new AppError('callback/state_mismatch')
  return { keys, state, returnTo: parseReturnTo(state.returnTo) ?? HOME }
}

function judge(judgement: () => AuthorizationResponse): AuthorizationResponse | AppError {
  try {
    return judgement()
  } catch (fault) {
    return asAppError(fault)
  }
}

/** A second submit whose cookie is gone: whoever is signed in goes home, anybody else starts again. */
async function answerWithoutTransaction(app: App, request: SignetRequest): Promise<Reply> {
  const { current } = await findSession(app, request)
  if (current !== undefined) return redirect(303, HOME)
  throw new AppError('callback/transaction_lost')
}

/** The same answer a second time: the first one did the work, or was cut off before it could. */
async function answerReplay(app: App, request: SignetRequest, transaction: Transaction): Promise<Reply> {
  const { current } = await findSession(app, request)
  if (current !== undefined) return redirect(303, transaction.returnTo)
  return restart(app, request, transaction, new AppError('callback/replayed'))
}

/** A code that may have been spent by a request we never heard back from: one silent new start, then the screen. */
async function answerFailedRedemption(
  app: App,
  request: SignetRequest,
  transaction: Transaction,
  fault: AppError,
): Promise<Reply> {
  const mayPass = fault.code === 'entra/unavailable' && fault.context.retryAfterSec === undefined
  if (!mayPass) throw fault
  return restart(app, request, transaction, fault)
}

async function restart(
  app: App,
  request: SignetRequest,
  transaction: Transaction,
  fault: AppError,
): Promise<Reply> {
  const { state, returnTo, keys } = transaction
  if (state.restarts >= MOST_RESTARTS) throw fault
  app.effects.log('warn', 'callback.restarted', { correlationId: request.correlationId, after: fault.code })
  const reply = await startSignIn(
    app,
    request,
    { returnTo, wishes: state.wishes, restarts: state.restarts + 1, replaces: state.replaces },
    303,
  )
  return {
    ...reply,
    cookies: [...(reply.cookies ?? []), expiredCookie(`${TRANSACTION_COOKIE}${keys.handle}`)],
  }
}

/** Signing in again replaces the session that was there. A row that cannot be removed now runs out by itself. */
async function endPreviousSession(
  { sessions, effects }: App,
  { correlationId }: SignetRequest,
  { replaces }: TransactionState,
): Promise<void> {
  try {
    if (replaces !== undefined) await sessions.end(replaces)
  } catch (fault) {
    effects.log('warn', 'session.previous_left', {
      correlationId,
      fault: asAppError(fault).code,
    })
  }
}

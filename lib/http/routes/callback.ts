/**
 * POST /auth/callback: the authorization response becomes a session. Order matters: everything that can be judged without effect
 * comes first, the assertion is in hand before the transaction is spent, and a session is written only for a verified ID token.
 */
import type { App } from '../../app.ts'
import { type AuthorizationResponse, judgeAuthorizationResponse } from '../../entra/authorizationResponse.ts'
import { AppError, asAppError, withReturnTo } from '../../errors/appError.ts'
import { personHash } from '../../session/rows.ts'
import { newSession } from '../../session/session.ts'
import { idOfEndProof, newTicket } from '../../session/ticket.ts'
import {
  doneValue,
  handleOf,
  isDone,
  openState,
  openTransaction,
  TRANSACTION_MS,
  type TransactionKeys,
  type TransactionState,
} from '../../session/transaction.ts'
import { sessionCookie, TRANSACTION_COOKIE, transactionCookie } from '../cookies.ts'
import { deviceOf } from '../device.ts'
import { type Reply, redirect } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { asLocalPath, HOME, type LocalPath } from '../returnTo.ts'
import type { Handle } from '../route.ts'
import { logEnded, logStarted } from '../sessionEvents.ts'
import { startSignIn } from '../startSignIn.ts'

/** How often a sign-in is restarted without the person asking. */
const MOST_RESTARTS = 1

interface Transaction {
  readonly keys: TransactionKeys
  readonly state: TransactionState
  readonly returnTo: LocalPath
  /** It became a session already. */
  readonly isDone: boolean
}

/** Throws `callback/*`, `entra/*`, `vault/*`, `session/*`. */
export const callback: Handle = async (app, request) => {
  const form = await request.readForm()
  const sealedState = form.get('state')
  if (sealedState === null) throw new AppError('callback/malformed', { detail: 'no state' })
  const transaction = await findTransaction(request, sealedState)
  if (transaction.isDone) return redirect(303, transaction.returnTo)
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
  const ticket = newTicket(effects.random)
  const isFirst = await sessions.spend(keys.markerId, ticket.id)
  if (response instanceof AppError || assertion === undefined) throw response
  if (!isFirst) return restart(app, request, transaction, new AppError('callback/replayed'))
  const { nonce, codeVerifier } = keys
  const redemption = await app
    .redeemCode({ response, assertion, nonce, codeVerifier, correlationId: request.correlationId })
    .catch((fault: unknown) => asAppError(fault))
  if (redemption instanceof AppError) return answerFailedRedemption(app, request, transaction, redemption)

  const signIn = { redemption, clientId: config.clientId, device: deviceOf(request) }
  const { session, grant } = newSession(signIn, config.sessions, effects.now())
  if (!(await sessions.insert(ticket, session, grant)))
    throw new AppError('session/required', { detail: 'ended by Entra meanwhile' })
  logStarted(app, request, personHash(redemption.identity))
  await endPreviousSession(app, request, state)
  const cookies = [sessionCookie(ticket.secret), transactionCookie(keys.handle, doneValue(keys))]
  return redirect(303, transaction.returnTo, cookies)
}

/** The transaction that a state names, if this browser started it. Throws `callback/*`. */
async function findTransaction({ cookies }: SignetRequest, sealedState: string): Promise<Transaction> {
  const handle = handleOf(sealedState)
  if (handle === undefined) throw new AppError('callback/malformed', { detail: 'state' })
  const cookie = cookies.get(`${TRANSACTION_COOKIE}${handle}`)
  if (cookie === undefined) throw new AppError('callback/transaction_lost')
  const keys = openTransaction(cookie)
  const state = keys === undefined ? undefined : await openState(keys, sealedState)
  if (keys === undefined || state === undefined || keys.handle !== handle)
    throw new AppError('callback/state_mismatch')
  return { keys, state, returnTo: asLocalPath(state.returnTo) ?? HOME, isDone: isDone(cookie) }
}

function judge(judgement: () => AuthorizationResponse): AuthorizationResponse | AppError {
  try {
    return judgement()
  } catch (fault) {
    return asAppError(fault)
  }
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

/**
 * Entra is asked once more, which costs a person who is signed in there no press of a button. The old cookie stays, so that one more
 * post of the old answer ends here again.
 */
async function restart(
  app: App,
  request: SignetRequest,
  { state, returnTo }: Transaction,
  fault: AppError,
): Promise<Reply> {
  if (state.restarts >= MOST_RESTARTS) throw fault
  app.effects.log('warn', 'callback.restarted', { correlationId: request.correlationId, after: fault.code })
  const { wishes, restarts, replaces } = state
  return startSignIn(app, request, { returnTo, wishes, restarts: restarts + 1, replaces }, 303)
}

/** Signing in again replaces the session that was there. A row that cannot be removed now runs out by itself. */
async function endPreviousSession(
  app: App,
  request: SignetRequest,
  { replaces }: TransactionState,
): Promise<void> {
  try {
    if (replaces !== undefined)
      logEnded(app, request, 'replaced', await app.sessions.end(idOfEndProof(replaces)))
  } catch (fault) {
    app.effects.log('warn', 'session.previous_left', {
      correlationId: request.correlationId,
      fault: asAppError(fault).code,
    })
  }
}

/**
 * POST /auth/callback: the authorization response becomes a session. Order matters: everything that can be judged without effect
 * comes first, the assertion is in hand before the transaction is spent, and a session is written only for a verified ID token that
 * proves what was asked.
 */
import type { App } from '../../app.ts'
import type { ClientAssertion } from '../../credential/clientCredential.ts'
import { askedOf, requireAsAsked } from '../../entra/asked.ts'
import { type AuthorizationResponse, judgeAuthorizationResponse } from '../../entra/authorizationResponse.ts'
import { authorizationError } from '../../entra/errorResponse.ts'
import { hasRole } from '../../entra/roles.ts'
import { AppError, asAppError, metBy, withReturnTo } from '../../errors/appError.ts'
import { personHash } from '../../session/rows.ts'
import { newSession } from '../../session/session.ts'
import { idOfEndProof, newTicket, type Ticket } from '../../session/ticket.ts'
import { answeredValue, TRANSACTION_MS } from '../../session/transaction.ts'
import { answerByAddress } from '../answerByAddress.ts'
import type { SetCookie } from '../cookies.ts'
import { sessionCookie, transactionCookie } from '../cookies.ts'
import { deviceOf } from '../device.ts'
import { findTransaction, requireState, type Transaction } from '../findTransaction.ts'
import { signedInSilentlyPage } from '../pages/screens.ts'
import { page, type Reply, redirect } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { restartLost, restartSignIn } from '../restartSignIn.ts'
import type { Handle } from '../route.ts'
import { logEnded, logStarted } from '../sessionEvents.ts'
import type { SignInLink } from '../signInLink.ts'
import { isLostSilent, isSilent, silentFault } from '../silentSignIn.ts'

/** Throws `http/method_not_allowed`, `callback/*`, `entra/*`, `vault/*`, `session/*`, `login/loop`. */
export const callback: Handle = async (app, request) => {
  if (request.method !== 'POST') return answerByAddress(request, app.config.app.paths.login)
  const form = await request.readForm()
  const state = requireState(form)
  const transaction = findTransaction(app, request, state)
  if (transaction === undefined) {
    if (isLostSilent(form)) throw silentFault(authorizationError(form))
    return restartLost(app, request, state, form)
  }
  if (transaction.isDone) return signedIn(transaction.link)
  try {
    return await complete(app, request, transaction, form)
  } catch (fault) {
    throw withWayOn(fault, transaction)
  }
}

/** What carries no code has spent nothing by the time it is refused. */
async function complete(
  app: App,
  request: SignetRequest,
  transaction: Transaction,
  form: URLSearchParams,
): Promise<Reply> {
  const { config, effects, credential, providerKeys } = app
  const response = judgeAuthorizationResponse(config, form, form.get('state') ?? '')
  const { startedAtMs } = transaction
  if (effects.now() >= startedAtMs + TRANSACTION_MS)
    return restartSignIn(app, request, transaction, new AppError('callback/expired'))
  const [assertion] = await Promise.all([
    credential.assertionFor(config.entra.token),
    requireAnnouncedIss(providerKeys, response),
  ])
  const code = response.parameters.get('code') ?? ''
  // What is turned away here has spent nothing: the same answer may be posted again.
  return app.redemptions.admit(code, () => redeem(app, request, transaction, { response, assertion }))
}

async function redeem(
  app: App,
  request: SignetRequest,
  transaction: Transaction,
  parts: Omit<SignInParts, 'ticket'>,
): Promise<Reply> {
  const { effects, sessions } = app
  const { keys, startedAtMs } = transaction
  const ticket = newTicket(effects.random)
  const isFirst = await sessions.spend({ markerId: keys.markerId, startedAtMs }, ticket.id)
  if (!isFirst) return restartSignIn(app, request, transaction, new AppError('callback/replayed'))
  try {
    return await signIn(app, request, transaction, { ...parts, ticket })
  } catch (fault) {
    // The code may have been spent by a request we never heard back from.
    const mayPass = fault instanceof AppError && fault.code === 'entra/unavailable'
    if (!mayPass || fault.context.retryAfterSec !== undefined) throw fault
    return restartSignIn(app, request, transaction, fault)
  }
}

/** RFC 9207 section 2.4, once there is a code to lose. Throws `callback/issuer_mismatch`, and what fetching metadata throws. */
async function requireAnnouncedIss(
  providerKeys: App['providerKeys'],
  { parameters }: AuthorizationResponse,
): Promise<void> {
  if (!parameters.has('iss') && (await providerKeys.announcesIss()))
    throw new AppError('callback/issuer_mismatch', { detail: 'no iss' })
}

interface SignInParts {
  readonly response: AuthorizationResponse
  readonly assertion: ClientAssertion
  /** Of the session to be. */
  readonly ticket: Ticket
}

async function signIn(
  app: App,
  request: SignetRequest,
  { keys, link, startedAtMs, replaces }: Transaction,
  { response, assertion, ticket }: SignInParts,
): Promise<Reply> {
  const { config, effects, sessions } = app
  const { nonce, codeVerifier, handle } = keys
  const { correlationId } = request
  const redemption = await app.redeemCode({ response, assertion, nonce, codeVerifier, correlationId })
  requireAsAsked(redemption.identity, askedOf(link.wishes, startedAtMs))
  if (!hasRole(redemption.identity, config.signInRoles))
    throw new AppError('entra/no_access', { detail: 'none of SIGN_IN_ROLES' })
  const proven = { redemption, nonce, clientId: config.clientId, device: deviceOf(request) }
  const { session, grant } = newSession(proven, config.sessions, effects.now())
  if (!(await sessions.insert(ticket, session, grant)))
    throw new AppError('session/required', { detail: 'ended by Entra meanwhile' })
  logStarted(app, request, personHash(redemption.identity))
  if (replaces !== undefined) await endReplaced(app, request, replaces)
  const done = answeredValue(keys, { kind: 'done', atMs: effects.now() })
  return signedIn(link, [sessionCookie(ticket.secret), transactionCookie(handle, done)])
}

/** On to where the person was going, or to the page that tells so. */
function signedIn(link: SignInLink, cookies: readonly SetCookie[] = []): Reply {
  if (isSilent(link)) return page(200, signedInSilentlyPage(link.returnTo), cookies)
  return redirect(303, link.returnTo, cookies)
}

/** Signing in again replaces the session that was there. A row that cannot be removed now runs out by itself. */
async function endReplaced(app: App, request: SignetRequest, endProof: string): Promise<void> {
  try {
    logEnded(app, request, 'replaced', await app.sessions.end(idOfEndProof(endProof)))
  } catch (fault) {
    app.effects.log('warn', 'session.previous_left', {
      correlationId: request.correlationId,
      fault: asAppError(fault).code,
    })
  }
}

/** The way on from a fault leads to where the person was going, and asks again for what was asked where that did not come back. */
function withWayOn(thrown: unknown, { link, keys, replaces }: Transaction): AppError {
  const { returnTo, parameters } = link
  const going = withReturnTo(thrown, returnTo)
  // The answer comes from another site, without the session cookie: whether there was one, the transaction knows.
  const isSecond = going.code === 'entra/cancelled' && replaces !== undefined
  const fault = metBy(going, () => (isSecond ? 'signed-in' : 'signing-in'))
  if (isSilent(link)) return silentFault(reasked(fault, parameters), { handle: keys.handle, parameters })
  return reasked(fault, parameters)
}

function reasked(fault: AppError, parameters: SignInLink['parameters']): AppError {
  if (fault.code !== 'callback/not_as_asked') return fault
  const { returnTo: _path, ...asked } = parameters
  // Entra has no word on max_age, and keeps to prompt=login.
  const loginParameters = asked.maxAge === undefined ? asked : { ...asked, prompt: 'login' }
  return new AppError(fault.code, { ...fault.context, loginParameters })
}

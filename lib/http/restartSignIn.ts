/**
 * A sign-in started anew without the person asking: Entra is asked once more, which costs whoever is signed in there no press of a
 * button. Once for a sign-in, and only in a window; after that, or for a script, the fault is told.
 */
import type { App } from '../app.ts'
import { AppError } from '../errors/appError.ts'
import { answeredValue, MOST_RESTARTS, type SealedState } from '../session/transaction.ts'
import { transactionCookie } from './cookies.ts'
import type { Transaction } from './findTransaction.ts'
import type { Reply } from './reply.ts'
import type { SignetRequest } from './request.ts'
import { isNavigation } from './requestGuards.ts'
import { parseSignInLink } from './signInLink.ts'
import { startSignIn } from './startSignIn.ts'

/**
 * After `fault`. The old cookie stays, marked, so that one more post of the old answer ends here again. Throws the fault where the
 * sign-in was started anew before, and `login/loop`.
 */
export function restartSignIn(
  app: App,
  request: SignetRequest,
  { keys, link, restarts, replaces }: Transaction,
  fault: AppError,
): Reply {
  requireRestartable(app, request, restarts, fault)
  const mark = transactionCookie(keys.handle, answeredValue(keys, { kind: 'again', atMs: app.effects.now() }))
  const cookies = new Map(request.cookies).set(mark.name, mark.value)
  const reply = startSignIn(app, { ...request, cookies }, { link, restarts: restarts + 1, replaces }, 303)
  return { ...reply, cookies: [mark, ...(reply.cookies ?? [])] }
}

/**
 * Where the cookie of a sign-in did not come. Where the person was going went with it: to the start page, then. Nothing of the answer is
 * believed, its number of restarts included: whoever makes it up could as well have linked to `/auth/login`. The session that was there is
 * replaced only where its cookie comes along, which a browser keeps back when another site posts (SameSite=Lax). Throws
 * `callback/transaction_lost`, `login/loop`.
 */
export function restartLost(
  app: App,
  request: SignetRequest,
  { restarts }: SealedState,
  form: URLSearchParams,
): Reply {
  const fault = new AppError('callback/transaction_lost')
  if (!form.has('code') || form.has('error')) throw fault
  requireRestartable(app, request, restarts, fault)
  const link = parseSignInLink([], app.config)
  return startSignIn(app, request, { link, restarts: restarts + 1 }, 303)
}

function requireRestartable(app: App, request: SignetRequest, restarts: number, fault: AppError): void {
  const isWindow = isNavigation(request) && request.wantsPage
  if (restarts >= MOST_RESTARTS || !isWindow) throw fault
  app.effects.log('warn', 'callback.restarted', { correlationId: request.correlationId, after: fault.code })
}

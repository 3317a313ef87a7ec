/**
 * POST /auth/logout: ends the session here first, then at Entra (OpenID Connect RP-Initiated Logout 1.0). Whoever has no session here
 * any more may still have one there, and means to end it.
 */
import { endSessionUrl } from '../../entra/endSession.ts'
import { answeredTransactions, DEVICE_COOKIE, expiredCookie, SESSION_COOKIE } from '../cookies.ts'
import { findSession } from '../currentSession.ts'
import { redirect } from '../reply.ts'
import { requireOwnPage } from '../requestGuards.ts'
import type { Handle } from '../route.ts'
import { logEnded } from '../sessionEvents.ts'

/** Throws `http/cross_site`, and `session/*` when the row could not be removed: then nobody is told to be signed out. */
export const logout: Handle = async (app, request) => {
  requireOwnPage(request, app.config.app.origin)
  const { current } = await findSession(app, request, 'leave')
  if (current !== undefined) logEnded(app, request, 'sign-out', await app.sessions.end(current.ticket.id))
  const answered = answeredTransactions(request.cookies).map(({ name }) => name)
  const left = [SESSION_COOKIE, DEVICE_COOKIE, ...answered]
  const location = endSessionUrl(app.config, current?.session.identity.loginHint)
  return redirect(303, location, left.map(expiredCookie))
}

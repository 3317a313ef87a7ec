/** GET /: a way in, or who you are and how your sign-in was proven. To open it is a use of the session, to fetch it is a look. */
import { findSession } from '../currentSession.ts'
import { signedInPage, welcomePage } from '../pages/home.ts'
import { page } from '../reply.ts'
import { isNavigation } from '../requestGuards.ts'
import type { Handle } from '../route.ts'

/** Throws `session/*`. */
export const home: Handle = async (app, request) => {
  const isVisit = request.method === 'GET' && isNavigation(request)
  const { current, cookies } = await findSession(app, request, isVisit ? 'use' : 'look')
  if (current === undefined) return page(200, welcomePage(app.config.credential.kind), cookies)
  const { identity, proof, clientAuthentication, createdAtMs } = current.session
  const view = {
    name: identity.name ?? identity.username ?? identity.oid,
    username: identity.username ?? identity.oid,
    tenantId: identity.tid,
    signedInAtMs: createdAtMs,
    endsAtMs: current.idleEndsAtMs,
    proof,
    entraOrigin: app.config.entra.origin,
    ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
  }
  return page(200, signedInPage(view), cookies)
}

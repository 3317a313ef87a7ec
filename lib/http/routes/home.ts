/** GET /auth: a way in, or who you are and how your sign-in was proven. To open it is a use of the session, to fetch it is a look. */
import { apisOf } from '../apisOf.ts'
import { findSession } from '../currentSession.ts'
import { ownSessions } from '../ownSessions.ts'
import { signedInPage, welcomePage } from '../pages/home.ts'
import { page } from '../reply.ts'
import { isNavigation } from '../requestGuards.ts'
import { HOME } from '../returnTo.ts'
import type { Handle } from '../route.ts'
import { signInPath } from '../signInLink.ts'

/** Throws `session/*`. */
export const home: Handle = async (app, request) => {
  const isVisit = request.method === 'GET' && isNavigation(request)
  const { current, cookies } = await findSession(app, request, isVisit ? 'use' : 'look')
  if (current === undefined) {
    const { basePath, paths } = app.config.app
    // Where the root is somebody else's page, whoever began on ours comes back to it.
    const isRootOurs = app.config.frontEnd === undefined && basePath === ''
    const returnTo = isRootOurs || request.path === HOME ? HOME : paths.page
    const [first] = app.config.credentials
    return page(200, welcomePage(first?.kind ?? 'vault', signInPath(paths.login, { returnTo })), cookies)
  }
  const { identity, proof, clientAuthentication, createdAtMs, endsAtMs } = current.session
  const [apis, { listed, notListed }] = await Promise.all([apisOf(app, current), ownSessions(app, current)])
  const nowMs = app.effects.now()
  const view = {
    name: identity.name ?? identity.username ?? identity.oid,
    username: identity.username ?? identity.oid,
    tenantId: identity.tid,
    signedInAtMs: createdAtMs,
    endsAtMs: current.idleEndsAtMs,
    leftMs: current.idleEndsAtMs - nowMs,
    leftAtMostMs: endsAtMs - nowMs,
    roles: identity.roles ?? [],
    apis,
    sessionsNotListed: notListed,
    sessions: listed.map(({ id, device, createdAtMs, usedAtMs, isBound }) => ({
      id,
      device,
      signedInAtMs: createdAtMs,
      usedAtMs,
      isCurrent: id === current.ticket.id,
      isBound,
    })),
    proof,
    isBound: current.isBound,
    ...(current.mayBind ? { iconPath: app.config.app.paths.icon } : {}),
    paths: app.config.app.paths,
    entraOrigin: app.config.entra.origin,
    ...(clientAuthentication === undefined ? {} : { clientAuthentication }),
  }
  return page(200, signedInPage(view), cookies)
}

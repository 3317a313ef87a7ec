/**
 * GET /auth/session: what the front end may know of the session; never a token. It is a look, so that a page may ask as often as it
 * likes; POST says that the person is still here, has Entra confirm it, and answers the same.
 */
import { apisOf, needsGrant } from '../apisOf.ts'
import { type ConfirmedLookup, confirmSession } from '../confirmSession.ts'
import { findSession } from '../currentSession.ts'
import { offerOf } from '../deviceOffer.ts'
import { json } from '../reply.ts'
import { requireOwnFrontEnd } from '../requestGuards.ts'
import type { Handle } from '../route.ts'

/** Throws `http/cross_site`, `http/csrf_header_required`, `session/*`. */
export const session: Handle = async (app, request) => {
  requireOwnFrontEnd(request, app.config.app.origin)
  const { current, cookies, loginUrl }: ConfirmedLookup =
    request.method === 'POST'
      ? await confirmSession(app, request)
      : await findSession(app, request, 'look', needsGrant(app.config) ? 'session and grant' : 'session')
  if (current === undefined)
    return json(200, { authenticated: false, loginUrl: app.config.app.paths.login }, cookies)
  const { identity, proof, clientAuthentication, createdAtMs, endsAtMs } = current.session
  const { tid, oid, name, username, roles, authTimeMs, acrs } = identity
  // Rounded down to whole seconds: a count of what is left holds even where the browser's clock is wrong.
  const secondsUntil = (ms: number): number => Math.floor((ms - app.effects.now()) / 1_000)
  const body = {
    authenticated: true,
    user: { tenantId: tid, objectId: oid, name, username },
    roles: roles ?? [],
    apis: await apisOf(app, current),
    signedInAt: new Date(createdAtMs).toISOString(),
    ...(authTimeMs === undefined ? {} : { authTime: new Date(authTimeMs).toISOString() }),
    acrs: acrs ?? [],
    idleExpiresAt: new Date(current.idleEndsAtMs).toISOString(),
    idleSecondsLeft: secondsUntil(current.idleEndsAtMs),
    expiresAt: new Date(endsAtMs).toISOString(),
    secondsLeft: secondsUntil(endsAtMs),
    clientProof: {
      method: proof.method,
      keyId: proof.keyId,
      // As the certificate is found in the registration and in Entra's sign-in log.
      thumbprint: proof.certificate?.thumbprintS256,
      ...clientAuthentication,
    },
    deviceBound: current.isBound,
    ...(loginUrl === undefined ? {} : { loginUrl }),
    logout: { method: 'POST', url: app.config.app.paths.logout },
  }
  return { ...json(200, body, cookies), headers: offerOf(app, request, current) }
}

/** GET /auth/session: what the front end may know of the session; never a token. */
import { clientAuthenticationOf } from '../../entra/clientAuthentication.ts'
import { findSession } from '../currentSession.ts'
import { json } from '../reply.ts'
import { refuseForeignReader } from '../requestGuards.ts'
import type { Handle } from '../route.ts'

/** Throws `http/cross_site`, `session/*`. */
export const session: Handle = async (app, request) => {
  refuseForeignReader(request)
  const { current, cookies } = await findSession(app, request)
  if (current === undefined) return json(200, { authenticated: false, loginUrl: '/auth/login' }, cookies)
  const { identity, tokens, proof, createdAtMs, endsAtMs } = current.session
  const { tid, oid, name, username } = identity
  const clientAuthentication = clientAuthenticationOf(tokens.accessToken, app.config.clientId)
  const body = {
    authenticated: true,
    user: { tenantId: tid, objectId: oid, name, username },
    signedInAt: new Date(createdAtMs).toISOString(),
    idleExpiresAt: new Date(current.idleEndsAtMs).toISOString(),
    expiresAt: new Date(endsAtMs).toISOString(),
    clientProof: { method: proof.method, keyId: proof.keyId, ...clientAuthentication },
    logout: { method: 'POST', url: '/auth/logout' },
  }
  return json(200, body, cookies)
}

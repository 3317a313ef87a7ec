/**
 * GET /auth/frontchannel-logout: Entra, in a hidden frame, says that one of its sessions has ended (OpenID Connect Front-Channel
 * Logout 1.0 section 2). It sends `sid` and no `iss`, and our session cookie is not sent to a frame of another site: so sessions are found
 * by `sid`, and whoever knows one can end them, which is all that it is good for.
 */
import { isIssuerOfOne } from '../../entra/issuer.ts'
import type { Handle } from '../route.ts'
import { logEnded } from '../sessionEvents.ts'

const LONGEST_SID = 128

/** 200 also for an unknown `sid` and for none; HEAD ends nothing. Throws `session/*` when the table fails: what did not end is not said to have ended. */
export const frontchannelLogout: Handle = async (app, request) => {
  const { entra, allowedTenants } = app.config
  const { query } = request
  const sids = query.getAll('sid')
  const [sid = ''] = sids
  const iss = query.get('iss')
  const isOurs = iss === null || isIssuerOfOne(iss, entra.issuerTemplate, allowedTenants)
  if (
    request.method === 'GET' &&
    isOurs &&
    sids.length === 1 &&
    sid.length > 0 &&
    sid.length <= LONGEST_SID
  ) {
    await app.sessions.endBySid(sid, (person) => logEnded(app, request, 'entra', person))
  }
  return { status: 200, body: { kind: 'frame', frameAncestor: entra.origin } }
}

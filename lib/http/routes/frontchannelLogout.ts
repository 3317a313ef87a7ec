/**
 * GET /auth/frontchannel-logout: Entra, in a hidden frame, says that one of its sessions has ended (OpenID Connect Front-Channel
 * Logout 1.0 section 2). It sends `sid` and no `iss`, and no cookie reaches a frame of another site, so the sessions are found by `sid`.
 */
import { isIssuerOfOne } from '../../entra/issuer.ts'
import type { Handle } from '../route.ts'
import { logEnded } from '../sessionEvents.ts'

const LONGEST_SID = 128

/** Always answers 200: an unknown `sid` is no news. Throws `session/*` when the table fails, so that Entra may show it. */
export const frontchannelLogout: Handle = async (app, request) => {
  const { entra, allowedTenants } = app.config
  const { query } = request
  const sids = query.getAll('sid')
  const [sid = ''] = sids
  const iss = query.get('iss')
  const isOurs = iss === null || isIssuerOfOne(iss, entra.issuerTemplate, allowedTenants)
  if (isOurs && sids.length === 1 && sid.length > 0 && sid.length <= LONGEST_SID) {
    for (const person of await app.sessions.endBySid(sid)) logEnded(app, request, 'entra', person)
  }
  return { status: 200, body: { kind: 'frame', frameAncestor: entra.origin } }
}

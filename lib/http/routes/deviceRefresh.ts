/**
 * POST /auth/device/refresh: a browser asks for its next bound cookie and proves that it still holds the key. It holds requests back while it
 * waits, so a good proof costs the look that every request makes, and one write. A status between 400 and 499 that is not 403 makes the
 * browser forget the key: it is the answer where the session is over, and where the proof is not of its key.
 */
import type { App } from '../../app.ts'
import { stringItem } from '../../device/proof.ts'
import { decideRefresh, type RefreshDecision } from '../../device/refresh.ts'
import { AppError } from '../../errors/appError.ts'
import type { Binding } from '../../session/binding.ts'
import { personHash } from '../../session/rows.ts'
import type { FoundSession } from '../currentSession.ts'
import { challengeReply, grantedReply } from '../deviceReplies.ts'
import { decideOnRow } from '../deviceRow.ts'
import type { Reply } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { requireOwnPage } from '../requestGuards.ts'
import type { Handle } from '../route.ts'
import { logEnded } from '../sessionEvents.ts'

/**
 * 403 with a challenge is no fault. Throws `http/cross_site`, `session/*` and `device/proof_refused`; `session/not_found` for the session of
 * an earlier sign-in in this browser.
 */
export const deviceRefresh: Handle = async (app, request) => {
  requireOwnPage(request, app.config.app.origin)
  const named = stringItem(request.header('sec-secure-session-id') ?? '')
  return decideOnRow(app, request, async (found) => {
    const { binding } = found.stored
    if (binding === undefined || named !== found.ticket.id) throw new AppError('session/not_found')
    return refresh(app, request, found, binding)
  })
}

async function refresh(
  app: App,
  request: SignetRequest,
  found: FoundSession,
  binding: Binding,
): Promise<Reply | undefined> {
  const { effects, sessions } = app
  const { ticket, stored } = found
  const proof = request.header('secure-session-response')
  const decision = await decideRefresh(binding, proof, effects.now(), effects.random)
  if (decision.kind === 'challenge') return challengeReply(app, ticket, binding, decision.why)
  if (decision.kind === 'refused' && decision.isAttack) {
    const fault = refused(app, request, found, decision)
    logEnded(app, request, 'wrong-key', await sessions.end(ticket.id))
    throw fault
  }
  if ((await sessions.bind(ticket, stored.etag, decision.next)) === undefined) return undefined
  if (decision.kind === 'refused') throw refused(app, request, found, decision)
  const person = personHash(stored.session.identity)
  effects.log('info', 'device.refreshed', { correlationId: request.correlationId, person })
  return grantedReply(app, ticket, decision.next, decision.cookie)
}

/** The fault, after its line in the log. */
function refused(
  { effects }: App,
  { correlationId }: SignetRequest,
  { stored }: FoundSession,
  { flaw }: Extract<RefreshDecision, { kind: 'refused' }>,
): AppError {
  const person = personHash(stored.session.identity)
  effects.log('warn', 'device.refused', { correlationId, person, flaw })
  return new AppError('device/proof_refused', { detail: flaw })
}

/**
 * POST /auth/device: a browser answers the offer to bind its session, with the public half of a key that its device keeps (Device Bound
 * Session Credentials). It gets the first bound cookie, the first challenge to renew it, and the instructions of its session. Once only:
 * whoever has a copy of the session cookie would register a key of their own.
 */
import type { App } from '../../app.ts'
import { mayRegister, newBinding, standingOf } from '../../device/boundSession.ts'
import { isRegistrationChallenge } from '../../device/challenge.ts'
import { judgeRegistration, type Proven } from '../../device/proof.ts'
import { AppError } from '../../errors/appError.ts'
import { personHash } from '../../session/rows.ts'
import { DEVICE_COOKIE } from '../cookies.ts'
import type { FoundSession } from '../currentSession.ts'
import { requireRegisteredInTime } from '../deviceProof.ts'
import { grantedReply } from '../deviceReplies.ts'
import { decideOnRow } from '../deviceRow.ts'
import type { Reply } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { requireOwnPage } from '../requestGuards.ts'
import type { Handle } from '../route.ts'

/** Throws `http/cross_site`, `session/*`, `device/registration_refused`, and `http/not_found` where bindings are switched off. */
export const device: Handle = async (app, request) => {
  requireOwnPage(request, app.config.app.origin)
  if (app.config.sessions.deviceBinding === 'off') throw new AppError('http/not_found')
  return decideOnRow(app, request, (found) => register(app, request, found))
}

async function register(app: App, request: SignetRequest, found: FoundSession): Promise<Reply | undefined> {
  const { effects, sessions } = app
  const { ticket, stored } = found
  await requireRegisteredInTime(app, request, found)
  const { key } = await requireProof(app, request, found)
  const nowMs = effects.now()
  const { value, binding } = newBinding(key, nowMs, effects.random)
  if ((await sessions.bind(ticket, stored.etag, binding)) === undefined) return undefined
  const { identity, createdAtMs } = stored.session
  const facts = { person: personHash(identity), afterMs: nowMs - createdAtMs }
  effects.log('info', 'device.registered', { correlationId: request.correlationId, ...facts })
  return grantedReply(app, ticket, binding, value)
}

/** What the browser proved. Throws `device/registration_refused`. */
async function requireProof(app: App, request: SignetRequest, found: FoundSession): Promise<Proven> {
  const nowMs = app.effects.now()
  const { ticket, stored } = found
  const standing = standingOf(stored.binding, request.cookies.get(DEVICE_COOKIE), nowMs)
  if (!mayRegister(stored.binding, standing, nowMs)) throw refused('bound already')
  const judged = await judgeRegistration(request.header('secure-session-response') ?? '')
  if ('flaw' in judged) throw refused(judged.flaw)
  if (!isRegistrationChallenge(ticket, judged.challenge, nowMs)) throw refused('challenge')
  return judged
}

function refused(detail: string): AppError {
  return new AppError('device/registration_refused', { detail })
}

/**
 * /auth/sessions: a person's own sessions, on whatever device. GET lists them; DELETE ends the one that `id` names, or with `others` all but
 * this one. The list says what kind of device and when, never where from.
 */
import { AppError } from '../../errors/appError.ts'
import type { ListedSession } from '../../session/tableStore.ts'
import { expiredCookie, SESSION_COOKIE } from '../cookies.ts'
import { type CurrentSession, findSession } from '../currentSession.ts'
import { json, type Reply } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { requireOwnFrontEnd } from '../requestGuards.ts'
import type { Handle } from '../route.ts'
import { logEnded } from '../sessionEvents.ts'

/** Throws `http/cross_site`, `session/*`. */
export const sessions: Handle = async (app, request) => {
  requireOwnFrontEnd(request, app.config.app.origin)
  const isDeletion = request.method === 'DELETE'
  const { current } = await findSession(app, request, isDeletion ? 'use' : 'look')
  if (current === undefined) throw new AppError('session/required')
  const listed = await app.sessions.listOf(current.session.identity)
  const living = listed.filter(({ usedAtMs, endsAtMs }) => {
    const nowMs = app.effects.now()
    return nowMs < endsAtMs && nowMs < usedAtMs + app.config.sessions.idleMs
  })
  if (!isDeletion) return json(200, { sessions: living.map((one) => shown(one, current)) })
  return end(app, request, current, chosen(request.query, living, current))
}

function shown(
  { id, device, createdAtMs, usedAtMs, endsAtMs }: ListedSession,
  current: CurrentSession,
): unknown {
  return {
    id,
    current: id === current.ticket.id,
    device,
    signedInAt: new Date(createdAtMs).toISOString(),
    lastUsedAt: new Date(usedAtMs).toISOString(),
    expiresAt: new Date(endsAtMs).toISOString(),
  }
}

/** The sessions to end, all of them the person's own. Throws `session/not_found` where the list holds none such. */
function chosen(
  query: URLSearchParams,
  living: readonly ListedSession[],
  current: CurrentSession,
): readonly ListedSession[] {
  const id = query.get('id')
  if (query.has('others') && id === null) return living.filter((one) => one.id !== current.ticket.id)
  const named = living.filter((one) => one.id === id)
  if (named.length === 0) throw new AppError('session/not_found')
  return named
}

async function end(
  app: Parameters<Handle>[0],
  request: SignetRequest,
  current: CurrentSession,
  ending: readonly ListedSession[],
): Promise<Reply> {
  await Promise.all(
    ending.map(async ({ id }) => logEnded(app, request, 'sign-out', await app.sessions.end(id))),
  )
  const isGone = ending.some(({ id }) => id === current.ticket.id)
  return json(200, { ended: ending.length }, isGone ? [expiredCookie(SESSION_COOKIE)] : [])
}

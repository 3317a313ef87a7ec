/**
 * /auth/sessions: a person's own sessions, on whatever device. GET lists them; DELETE ends the one that `id` names, or with `others=true` all
 * but this one; POST does the same for a form of our own page, and leads back to it. The list says what kind of device and when, never where from.
 */
import type { App } from '../../app.ts'
import { AppError } from '../../errors/appError.ts'
import type { ListedSession } from '../../session/tableStore.ts'
import { DEVICE_COOKIE, expiredCookie, SESSION_COOKIE, type SetCookie } from '../cookies.ts'
import { type CurrentSession, findSession } from '../currentSession.ts'
import { ownSessions } from '../ownSessions.ts'
import { SESSIONS_PLACE } from '../pages/ownSessionsSection.ts'
import { json, redirect } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { requireOwnFrontEnd, requireOwnPage } from '../requestGuards.ts'
import type { Handle } from '../route.ts'
import { logEnded } from '../sessionEvents.ts'

/** Throws `http/cross_site`, `http/invalid_parameter`, `session/*`, and for a form `http/unsupported_media_type`, `http/body_too_large`. */
export const sessions: Handle = async (app, request) => {
  if (request.method === 'POST') return endByForm(app, request)
  requireOwnFrontEnd(request, app.config.app.origin)
  const isDeletion = request.method === 'DELETE'
  const wish = isDeletion ? readWish(request.query) : undefined
  const { current } = await findSession(app, request, isDeletion ? 'use' : 'look')
  if (current === undefined) throw new AppError('session/required')
  const living = await ownSessions(app, current)
  if (wish === undefined) return json(200, { sessions: living.map((one) => shown(one, current)) })
  const ending = chosen(wish, living, current)
  if (ending.length === 0 && wish !== 'others') throw new AppError('session/not_found')
  const cookies = await end(app, request, current, ending)
  return json(200, { ended: ending.length }, cookies)
}

/** A button pressed twice, or after the session ended by itself, leads back to the list like any other. */
const endByForm: Handle = async (app, request) => {
  requireOwnPage(request, app.config.app.origin)
  const wish = readWish(await request.readForm())
  const { current } = await findSession(app, request, 'use')
  if (current === undefined) throw new AppError('session/required')
  const ending = chosen(wish, await ownSessions(app, current), current)
  return redirect(
    303,
    `${app.config.app.paths.page}#${SESSIONS_PLACE}`,
    await end(app, request, current, ending),
  )
}

function shown(
  { id, device, createdAtMs, usedAtMs, endsAtMs, isBound }: ListedSession,
  current: CurrentSession,
): unknown {
  return {
    id,
    current: id === current.ticket.id,
    device,
    deviceBound: isBound,
    signedInAt: new Date(createdAtMs).toISOString(),
    lastUsedAt: new Date(usedAtMs).toISOString(),
    expiresAt: new Date(endsAtMs).toISOString(),
  }
}

/** All others, or the one with this id. */
type Wish = 'others' | { readonly id: string }

/** One parameter, once, and no other beside it: what says two things, or nothing, ends nothing. Throws `http/invalid_parameter`. */
function readWish(asked: URLSearchParams): Wish {
  const [[name, value] = [], ...more] = [...asked]
  if (more.length === 0 && name === 'others' && value === 'true') return 'others'
  if (more.length === 0 && name === 'id' && value) return { id: value }
  throw new AppError('http/invalid_parameter')
}

/** The sessions to end, all of them the person's own: the one that is named, or all others. */
function chosen(
  wish: Wish,
  living: readonly ListedSession[],
  current: CurrentSession,
): readonly ListedSession[] {
  if (wish === 'others') return living.filter((one) => one.id !== current.ticket.id)
  return living.filter((one) => one.id === wish.id)
}

/** What becomes of the cookie once these have ended. */
async function end(
  app: App,
  request: SignetRequest,
  current: CurrentSession,
  ending: readonly ListedSession[],
): Promise<readonly SetCookie[]> {
  await Promise.all(
    ending.map(async ({ id }) => logEnded(app, request, 'sign-out', await app.sessions.end(id))),
  )
  const isGone = ending.some(({ id }) => id === current.ticket.id)
  return isGone ? [SESSION_COOKIE, DEVICE_COOKIE].map(expiredCookie) : []
}

/**
 * /auth/sessions: a person's own sessions, on whatever device. GET lists them; DELETE ends the one that `id` names, or with `others=true` all
 * but this one; POST does the same for a form of our own page, and leads back to it. The list says what kind of device and when, never where from.
 */
import type { App } from '../../app.ts'
import { AppError } from '../../errors/appError.ts'
import { isSessionId, type PersonHash } from '../../session/rows.ts'
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

/** Throws `http/cross_site`, `http/csrf_header_required`, `http/invalid_parameter`, `session/*`, and for a form `http/unsupported_media_type`, `http/body_too_large`. */
export const sessions: Handle = async (app, request) => {
  if (request.method === 'POST') return endByForm(app, request)
  requireOwnFrontEnd(request, app.config.app.origin)
  const isDeletion = request.method === 'DELETE'
  const wish = isDeletion ? readWish(request.query) : undefined
  const { current } = await findSession(app, request, isDeletion ? 'use' : 'look')
  if (current === undefined) throw new AppError('session/required')
  if (wish === undefined) {
    const { listed, notListed } = await ownSessions(app, current)
    const sessions = listed.map((one) => shown(one, current))
    return json(200, { sessions, ...(notListed === 0 ? {} : { notListed }) })
  }
  const { ended, cookies } = await end(app, request, current, wish)
  if (ended === 0 && wish !== 'others') throw new AppError('session/not_found')
  return json(200, { ended }, cookies)
}

/** A button pressed twice, or after the session ended by itself, leads back to the list like any other. */
const endByForm: Handle = async (app, request) => {
  requireOwnPage(request, app.config.app.origin)
  const wish = readWish(await request.readForm())
  const { current } = await findSession(app, request, 'use')
  if (current === undefined) throw new AppError('session/required')
  const { cookies } = await end(app, request, current, wish)
  return redirect(303, `${app.config.app.paths.page}#${SESSIONS_PLACE}`, cookies)
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

/** Ends what is wished for, of the person's own alone: how many that were, and what becomes of the cookies. */
async function end(
  app: App,
  request: SignetRequest,
  { ticket, session }: CurrentSession,
  wish: Wish,
): Promise<{ readonly ended: number; readonly cookies: readonly SetCookie[] }> {
  const { sessions } = app
  let count = 0
  const ended = (person: PersonHash): void => {
    count += 1
    logEnded(app, request, 'sign-out', person)
  }
  if (wish === 'others') await sessions.endAllOf(session.identity, ended, ticket.id)
  else {
    const person = isSessionId(wish.id) ? await sessions.endOwn(session.identity, wish.id) : undefined
    if (person !== undefined) ended(person)
  }
  const isGone = count > 0 && wish !== 'others' && wish.id === ticket.id
  return { ended: count, cookies: isGone ? [SESSION_COOKIE, DEVICE_COOKIE].map(expiredCookie) : [] }
}

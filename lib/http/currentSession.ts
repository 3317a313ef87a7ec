/** The session a request comes with: from cookie to ticket to row, with the limits applied and the use noted. */
import type { App } from '../app.ts'
import { asAppError } from '../errors/appError.ts'
import { idleEnd, type Session, standing } from '../session/session.ts'
import { openTicket, type Ticket } from '../session/ticket.ts'
import { expiredCookie, SESSION_COOKIE, type SetCookie } from './cookies.ts'
import type { SignetRequest } from './request.ts'
import { logEnded } from './sessionEvents.ts'

export interface CurrentSession {
  readonly ticket: Ticket
  readonly session: Session
  /** When it ends if it is not used again. Milliseconds since the epoch. */
  readonly idleEndsAtMs: number
}

export interface SessionLookup {
  readonly current?: CurrentSession
  /** Removes a cookie that opens nothing any more. */
  readonly cookies: readonly SetCookie[]
}

/**
 * What a request is to the session it comes with. A look leaves no trace, or else a page that polls would never let it end; a use is
 * written down once in a while; what is asked for as proof of presence, at once.
 */
export type Visit = 'look' | 'use' | 'presence'

/** The live session of a request, if there is one. Throws `session/*`: a store that fails is not a signed-out person. */
export async function findSession(app: App, request: SignetRequest, visit: Visit): Promise<SessionLookup> {
  const { sessions, config, effects } = app
  const value = request.cookies.get(SESSION_COOKIE)
  if (value === undefined) return { cookies: [] }
  const ended: SessionLookup = { cookies: [expiredCookie(SESSION_COOKIE)] }
  const ticket = openTicket(value)
  if (ticket === undefined) return ended
  const stored = await sessions.read(ticket)
  if (stored === undefined) return ended
  const nowMs = effects.now()
  const { session, usedAtMs, etag } = stored
  const stands = standing(session, usedAtMs, config.sessions, nowMs)
  if (stands === 'ended') {
    logEnded(app, request, 'limit', await sessions.end(ticket.id))
    return ended
  }
  const isToNote = visit === 'presence' || (visit === 'use' && stands === 'touch')
  const isNoted = isToNote && (await noteUse(app, request, () => sessions.touch(ticket.id, etag, nowMs)))
  const lastUseMs = isNoted ? nowMs : usedAtMs
  return {
    current: { ticket, session, idleEndsAtMs: idleEnd(session, lastUseMs, config.sessions) },
    cookies: [],
  }
}

/** A use that cannot be written down now is no reason to refuse it: the next one tries again. */
async function noteUse(
  { effects }: App,
  { correlationId }: SignetRequest,
  note: () => Promise<void>,
): Promise<boolean> {
  try {
    await note()
    return true
  } catch (fault) {
    effects.log('warn', 'session.use_not_noted', { correlationId, fault: asAppError(fault).code })
    return false
  }
}

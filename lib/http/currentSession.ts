/** The session a request comes with: from cookie to ticket to row, with the limits applied, the device asked for and the use noted. */
import type { App } from '../app.ts'
import { mayRegister } from '../device/boundSession.ts'
import { asAppError } from '../errors/appError.ts'
import type { SignedIn } from '../grant/userTokens.ts'
import { idleEnd, standing } from '../session/session.ts'
import type { StoredSession } from '../session/tableStore.ts'
import { openTicket, type Ticket } from '../session/ticket.ts'
import { DEVICE_COOKIE, expiredCookie, SESSION_COOKIE, type SetCookie } from './cookies.ts'
import { requireDevice } from './deviceProof.ts'
import type { SignetRequest } from './request.ts'
import { logEnded } from './sessionEvents.ts'

export interface CurrentSession extends SignedIn {
  /** The last use that is written down. Milliseconds since the epoch. */
  readonly usedAtMs: number
  /** When it ends if it is not used again. Milliseconds since the epoch. */
  readonly idleEndsAtMs: number
  /** Bound to the device that it is used on. */
  readonly isBound: boolean
  /** The browser may be offered to bind it. */
  readonly mayBind: boolean
}

export interface SessionLookup {
  readonly current?: CurrentSession
  /** Removes a cookie that opens nothing any more. */
  readonly cookies: readonly SetCookie[]
}

/**
 * What a request is to the session it comes with. A look leaves no trace, or else a page that polls would never let it end; a use is
 * written down once in a while; what is asked for as proof of presence, at once. Whoever leaves is not asked for the device: to end a session
 * opens nothing, and a browser that lost its key has to be able to.
 */
export type Visit = 'look' | 'use' | 'presence' | 'leave'

/** What is read of it: the grant comes along in the same request. */
export type Parts = 'session' | 'session and grant'

/**
 * The live session of a request, if there is one. Throws `session/*`: a store that fails is not a signed-out person, and a bound session
 * whose device did not show itself (`session/device_proof_required`) is neither.
 */
export async function findSession(
  app: App,
  request: SignetRequest,
  visit: Visit,
  parts: Parts = 'session',
): Promise<SessionLookup> {
  const { sessions, config, effects } = app
  const { found, cookies } = await findStored(app, request, parts)
  if (found === undefined) return { cookies }
  const { ticket, stored, stands } = found
  const device = visit === 'leave' ? 'missing' : await requireDevice(app, request, found)
  const nowMs = effects.now()
  const isToNote = visit === 'presence' || (visit === 'use' && stands === 'touch')
  const noted = isToNote ? await noteUse(app, request, () => sessions.touch(ticket.id, nowMs)) : undefined
  if (noted === false) return { cookies: endedCookies(request) }
  const lastUseMs = noted === true ? nowMs : stored.usedAtMs
  const { session, binding, grantRow } = stored
  const isOn = config.sessions.deviceBinding !== 'off'
  const current = {
    ticket,
    session,
    ...(grantRow === undefined ? {} : { grantRow }),
    usedAtMs: lastUseMs,
    idleEndsAtMs: idleEnd(session, lastUseMs, config.sessions),
    isBound: isOn && binding !== undefined,
    mayBind: isOn && mayRegister(binding, device, nowMs),
  }
  return { current, cookies }
}

export interface FoundSession {
  readonly ticket: Ticket
  readonly stored: StoredSession
  readonly stands: 'live' | 'touch'
}

/** The live session of a request, whatever its device: for the routes that judge proofs of it. Throws `session/*`. */
export async function findStored(
  app: App,
  request: SignetRequest,
  parts: Parts = 'session',
): Promise<{ readonly found?: FoundSession; readonly cookies: readonly SetCookie[] }> {
  const { sessions, config, effects } = app
  const value = request.cookies.get(SESSION_COOKIE)
  if (value === undefined) return { cookies: [] }
  const ended = { cookies: endedCookies(request) }
  const ticket = openTicket(value)
  if (ticket === undefined) return ended
  const stored = await (parts === 'session' ? sessions.read(ticket) : sessions.readWithGrant(ticket))
  if (stored === undefined) return ended
  const stands = standing(stored.session, stored.usedAtMs, config.sessions, effects.now())
  if (stands !== 'ended') return { found: { ticket, stored, stands }, cookies: [] }
  logEnded(app, request, 'limit', await sessions.end(ticket.id))
  return ended
}

/** Removes what a session that has ended leaves in the browser. */
export function endedCookies({ cookies }: Pick<SignetRequest, 'cookies'>): SetCookie[] {
  return [SESSION_COOKIE, DEVICE_COOKIE].filter((name) => cookies.has(name)).map(expiredCookie)
}

/** A use that cannot be written down now (undefined) is no reason to refuse it: the next one tries again. */
async function noteUse(
  { effects }: App,
  { correlationId }: SignetRequest,
  note: () => Promise<boolean>,
): Promise<boolean | undefined> {
  try {
    return await note()
  } catch (fault) {
    effects.log('warn', 'session.use_not_noted', { correlationId, fault: asAppError(fault).code })
    return undefined
  }
}

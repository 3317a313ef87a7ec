/**
 * The one place where a bound session asks for its bound cookie. A request without a good one is not that session, whatever else it brings;
 * it is told so, and the session goes on for whoever holds the key.
 */
import type { App } from '../app.ts'
import { type Standing, shown, standingOf } from '../device/boundSession.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { personHash } from '../session/rows.ts'
import type { StoredSession } from '../session/tableStore.ts'
import type { Ticket } from '../session/ticket.ts'
import { DEVICE_COOKIE } from './cookies.ts'
import type { SignetRequest } from './request.ts'
import { logEnded } from './sessionEvents.ts'
import { wayBackTo } from './wayBack.ts'

/** How long a browser has to register where a binding is required. Milliseconds. */
const REGISTRATION_MS = 60_000
/** Pause of a page before it tries again where the browser could not or would not ask for the cookie. Seconds. */
const SKIPPED_SEC = 2
/** Why a browser goes without the cookie ("Secure-Session-Skipped" of the draft). */
const SKIPPED = /\b(unreachable|server_error|quota_exceeded)\b/

interface Found {
  readonly ticket: Ticket
  readonly stored: StoredSession
}

/**
 * How the request stands to the binding of its session; the first show of the cookie is noted. Throws `session/device_proof_required`, and
 * `session/device_required` where a binding is required and there is none.
 */
export async function requireDevice(
  app: App,
  request: SignetRequest,
  { ticket, stored }: Found,
): Promise<Standing> {
  const { config, effects, sessions } = app
  const { binding, etag } = stored
  const nowMs = effects.now()
  const mode = config.sessions.deviceBinding
  const standing = standingOf(binding, request.cookies.get(DEVICE_COOKIE), nowMs)
  await requireRegisteredInTime(app, request, { ticket, stored })
  if (standing === 'missing' && mode !== 'off') throw proofRequired(app, request, stored)
  if (standing !== 'shown' || binding === undefined) return standing
  await sessions.bind(ticket, etag, shown(binding, nowMs)).catch((fault: unknown) => {
    const { correlationId } = request
    effects.log('warn', 'device.show_not_noted', { correlationId, fault: asAppError(fault).code })
  })
  return standing
}

/**
 * Where a binding is required, a session that has none a minute after sign-in ends at the next request, a registration among them: whoever
 * comes so late with a key need not be the one who signed in. Throws `session/device_required`.
 */
export async function requireRegisteredInTime(
  app: App,
  request: SignetRequest,
  { ticket, stored: { binding, session } }: Found,
): Promise<void> {
  const isInTime = app.effects.now() < session.createdAtMs + REGISTRATION_MS
  if (app.config.sessions.deviceBinding !== 'require' || binding !== undefined || isInTime) return
  logEnded(app, request, 'no-key', await app.sessions.end(ticket.id))
  throw new AppError('session/device_required')
}

/**
 * A page tries again by itself, once: a link on another site starts no refresh, our own page does. What it starts comes from this origin and
 * without a hand on it, which is how the second try is known. A browser that does not say so has no such key, and would try for ever.
 */
function proofRequired(app: App, request: SignetRequest, { session }: StoredSession): AppError {
  const { effects, config } = app
  const { header, method, correlationId, cookies } = request
  const returnTo = wayBackTo(request, config.app)
  const skipped = SKIPPED.exec(header('secure-session-skipped') ?? '')?.[1]
  if (skipped !== undefined)
    effects.log('info', 'device.skipped', {
      correlationId,
      why: skipped,
      person: personHash(session.identity),
    })
  const site = header('sec-fetch-site')
  const isFirstTry = site !== undefined && (site !== 'same-origin' || header('sec-fetch-user') === '?1')
  const isSafe = method === 'GET' || method === 'HEAD'
  return new AppError('session/device_proof_required', {
    ...(skipped === undefined ? {} : { facts: { skipped } }),
    ...(cookies.has(DEVICE_COOKIE) ? { staleCookie: DEVICE_COOKIE } : {}),
    ...(returnTo === undefined ? {} : { returnTo }),
    ...(isSafe && isFirstTry ? { reloadAfterSec: skipped === undefined ? 0 : SKIPPED_SEC } : {}),
  })
}

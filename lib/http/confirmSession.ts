/**
 * The session of a person who says that they are still here: noted at once, and confirmed by Entra where it was not asked for a minute. So a
 * disabled account is out, and a role that was given or taken away is seen, without a call of an API.
 */
import type { App } from '../app.ts'
import { asAppError } from '../errors/appError.ts'
import { endedCookies, findSession, type SessionLookup } from './currentSession.ts'
import type { SignetRequest } from './request.ts'
import { demandedClaims, signInPath } from './signInLink.ts'

export interface ConfirmedLookup extends SessionLookup {
  /** Where the person goes because Entra wants them once more; the session lives on until they do. */
  readonly loginUrl?: string
}

/** Throws `session/*`. What else fails at Entra or on the way there leaves the session as it is. */
export async function confirmSession(app: App, request: SignetRequest): Promise<ConfirmedLookup> {
  const found = await findSession(app, request, 'presence')
  const { current } = found
  if (current === undefined) return found
  try {
    const { session, hasGrant, fault } = await app.userTokens.confirm(current)
    if (!hasGrant && (await app.sessions.read(current.ticket)) === undefined)
      return { cookies: endedCookies(request) }
    const isPersons = fault?.code === 'entra/interaction_required' || fault?.code === 'entra/no_access'
    const loginUrl = isPersons
      ? { loginUrl: signInPath(app.config.app.paths.login, { ...demandedClaims(fault.context.claims) }) }
      : {}
    return { ...found, current: { ...current, session }, ...loginUrl }
  } catch (thrown) {
    const fault = asAppError(thrown)
    if (fault.code === 'session/required') return { cookies: endedCookies(request) }
    throw fault
  }
}

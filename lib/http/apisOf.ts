/** The APIs that a front end can call, and whether the person has to do something before the first call of each. */
import type { App } from '../app.ts'
import { hasRole } from '../entra/roles.ts'
import type { CurrentSession } from './currentSession.ts'

export interface ShownApi {
  readonly name: string
  /**
   * `ready`: a call needs nothing of the person. `unknown`: the first call tells whether consent is needed. `consent`: the last call told that
   * it is. `role`: a role is missing.
   */
  readonly state: 'ready' | 'unknown' | 'consent' | 'role'
  /** Where the person gives what is needed. */
  readonly loginUrl?: string
}

/** In the order of the setting. Throws `session/*`. */
export async function apisOf(
  { config, userTokens }: App,
  { ticket, session }: CurrentSession,
): Promise<ShownApi[]> {
  const apis = Object.entries(config.downstreamApis)
  const isAsked = apis.some(([, { as }]) => as !== 'app')
  const held = isAsked ? await userTokens.heldScopes(ticket) : new Set<string>()
  return apis.map(([name, { as, roles, userScopes }]) => {
    if (!hasRole(session.identity, roles)) return { name, state: 'role' }
    return { name, state: as === 'app' || held.has(userScopes.join(' ')) ? 'ready' : 'unknown' }
  })
}

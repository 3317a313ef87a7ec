/** The APIs that a front end can call, and what each needs of the person. */
import type { App } from '../app.ts'
import type { Config } from '../config/config.ts'
import { hasRole } from '../entra/roles.ts'
import type { CurrentSession } from './currentSession.ts'
import { scopeOfSignIn } from './proxy/apiTokens.ts'
import { signInPath } from './signInLink.ts'

export interface ShownApi {
  readonly name: string
  /**
   * `ready`: a call needs nothing of the person. `unknown`: the next call asks for a token, and tells whether consent is needed. `consent`:
   * the last one told that it is. `role`: a role is missing.
   */
  readonly state: 'ready' | 'unknown' | 'consent' | 'role'
  /** With `consent`: the sign-in that asks for it. The front end adds its `returnTo`. */
  readonly loginUrl?: string
}

/** Whether what is shown of the APIs follows from what the person granted. */
export function needsGrant({ downstreamApis }: Config): boolean {
  return Object.values(downstreamApis).some(({ as }) => as !== 'app')
}

/** In the order of the setting. Throws `session/*`. */
export async function apisOf({ config, userTokens }: App, current: CurrentSession): Promise<ShownApi[]> {
  const apis = Object.entries(config.downstreamApis)
  const standing = needsGrant(config) ? await userTokens.standingOf(current) : undefined
  return apis.map(([name, { as, roles, userScopes }]) => {
    if (!hasRole(current.session.identity, roles)) return { name, state: 'role' }
    const scope = userScopes.join(' ')
    if (as === 'app' || standing?.held.has(scope)) return { name, state: 'ready' }
    if (!standing?.withoutConsent.has(scope)) return { name, state: 'unknown' }
    return {
      name,
      state: 'consent',
      loginUrl: signInPath(config.app.paths.login, scopeOfSignIn(config, userScopes)),
    }
  })
}

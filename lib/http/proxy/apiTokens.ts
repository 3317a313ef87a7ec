/** Whose token an API is called with: the person's where it is called as the person, else the app's. */
import type { App } from '../../app.ts'
import type { Config } from '../../config/config.ts'
import type { DownstreamApi } from '../../config/downstreamApi.ts'
import { AppError, asAppError } from '../../errors/appError.ts'
import type { SignedIn } from '../../grant/userTokens.ts'
import type { HeldAccessToken } from '../../session/session.ts'

const OF_SIGN_IN = new Set(['openid', 'profile', 'email', 'offline_access'])

export interface ApiTokens {
  /** Whether they are the person's, who may be asked for more than a token has. */
  readonly areOfPerson: boolean
  get(): Promise<string>
  /** Another one for the token that the API refused; undefined where there is none: what the API refuses is not the token's age. */
  another(): Promise<string | undefined>
}

/** Throws `session/required` where the API is called as the person and nobody is signed in. */
export function apiTokens(app: App, api: DownstreamApi, signedIn: SignedIn | undefined): ApiTokens {
  if (api.as === 'app' || (api.as === 'user-or-app' && signedIn === undefined)) return ofApp(app, api)
  if (signedIn === undefined) throw new AppError('session/required')
  const { userTokens, config } = app
  const { userScopes } = api
  const orPerson = needsPerson(config, userScopes)
  const held = (): Promise<HeldAccessToken> => userTokens.tokenFor(signedIn, userScopes).catch(orPerson)
  let first: HeldAccessToken | undefined
  return {
    areOfPerson: true,
    async get() {
      first = await held()
      return first.token
    },
    async another() {
      const refused = first ?? (await held())
      const next = await userTokens.renew(signedIn, userScopes, refused).catch(orPerson)
      return next.obtainedAtMs === refused.obtainedAtMs ? undefined : next.token
    },
  }
}

/** What only the person can give is asked for in one sign-in: consent to these scopes, or what Entra demands besides. */
function needsPerson(config: Config, userScopes: readonly string[]): (fault: unknown) => never {
  return (fault) => {
    const error = asAppError(fault)
    if (error.code !== 'entra/interaction_required' && error.code !== 'entra/no_access') throw error
    const loginParameters = scopeOfSignIn(config, userScopes)
    throw new AppError('entra/interaction_required', { ...error.context, loginParameters })
  }
}

/** What a sign-in asks for that is to end with consent to these scopes of an API. */
export function scopeOfSignIn({ scopes }: Config, userScopes: readonly string[]): { readonly scope: string } {
  const ofSignIn = scopes.filter((scope) => OF_SIGN_IN.has(scope))
  return { scope: [...ofSignIn, ...userScopes].join(' ') }
}

function ofApp({ appOnly }: App, { appScope }: DownstreamApi): ApiTokens {
  if (appOnly === undefined) throw new AppError('bug/unexpected', { detail: 'no app-only client' })
  let held: string | undefined
  return {
    areOfPerson: false,
    async get() {
      held = await appOnly.tokenFor(appScope)
      return held
    },
    another: async () => (held === undefined ? undefined : appOnly.replace(appScope, held)),
  }
}

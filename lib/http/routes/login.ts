/** GET /auth/login: sends the browser to Entra. Reads nothing but its parameters and writes nothing but a cookie. */
import type { Config } from '../../config/config.ts'
import type { SignInWishes } from '../../entra/authorizationRequest.ts'
import { AppError } from '../../errors/appError.ts'
import { readParameters, requireNavigation } from '../requestGuards.ts'
import { HOME, type LocalPath, parseReturnTo } from '../returnTo.ts'
import type { Handle } from '../route.ts'
import { startSignIn } from '../startSignIn.ts'

const LIMITS = {
  returnTo: 1_024,
  loginHint: 512,
  domainHint: 253,
  prompt: 32,
  scope: 1_024,
  claims: 2_048,
} as const
const PROMPTS = ['login', 'none', 'consent', 'select_account'] as const

type Parameters = Partial<Record<keyof typeof LIMITS, string>>

/** Throws `login/invalid_parameter`, `login/not_a_navigation`. */
export const login: Handle = async (app, request) => {
  requireNavigation(request)
  const parameters = readParameters(request.query, LIMITS, 'login/invalid_parameter')
  const wishes = readWishes(parameters, app.config)
  return startSignIn(app, request, { returnTo: readReturnTo(parameters), wishes, restarts: 0 }, 302)
}

function readReturnTo({ returnTo }: Parameters): LocalPath {
  if (returnTo === undefined) return HOME
  return parseReturnTo(returnTo) ?? refuse('returnTo')
}

function readWishes(parameters: Parameters, config: Config): SignInWishes {
  const { loginHint, domainHint, prompt, scope, claims } = parameters
  if (loginHint !== undefined && !/^[^\x00-\x1f\x7f]+$/.test(loginHint)) refuse('loginHint')
  if (domainHint !== undefined && !/^[A-Za-z0-9.-]+$/.test(domainHint)) refuse('domainHint')
  const knownPrompt = PROMPTS.find((one) => one === prompt)
  if (prompt !== undefined && knownPrompt === undefined) refuse('prompt')
  if (prompt === 'select_account' && loginHint !== undefined) refuse('loginHint with prompt=select_account')
  return {
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(domainHint === undefined ? {} : { domainHint }),
    ...(knownPrompt === undefined ? {} : { prompt: knownPrompt }),
    ...(scope === undefined ? {} : { scopes: readScopes(scope, config.scopes) }),
    ...(claims === undefined ? {} : { claims: readClaims(claims) }),
  }
}

/** The scopes asked for, all of them configured ones; those of sign-in itself are always among them. */
function readScopes(scope: string, configured: readonly string[]): readonly string[] {
  const asked = new Set(['openid', 'profile', ...scope.split(' ').filter(Boolean)])
  for (const one of asked) if (!configured.includes(one)) refuse('scope')
  return [...asked]
}

/** The claims request (OpenID Connect Core 5.5) as compact JSON. */
function readClaims(claims: string): string {
  try {
    const parsed: unknown = JSON.parse(claims)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return JSON.stringify(parsed)
  } catch {
    // Not JSON: refused below like everything else that is no claims request.
  }
  return refuse('claims')
}

function refuse(parameter: string): never {
  throw new AppError('login/invalid_parameter', { detail: parameter })
}

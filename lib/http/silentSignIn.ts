/**
 * Sign-in without a question (`prompt=none`), in a small window of its own: whether it succeeds or not it ends on a page that tells the
 * front end's pages by BroadcastChannel and closes itself, because Entra's pages cut the tie between a window and its opener. Pure.
 */
import { AppError, asAppError, type SilentFailure } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'
import type { LinkParameters, SignInLink } from './signInLink.ts'

/** Entra's errors that a page is told by name (OpenID Connect Core 3.1.2.6, RFC 6749 section 4.1.2.1); anything else by a code of ours. */
const TOLD_ERRORS = [
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
  'access_denied',
  'server_error',
  'temporarily_unavailable',
]
/** What a sign-in with the person at the window mends. */
const NEEDS_THE_PERSON: readonly ErrorCode[] = ['entra/interaction_required', 'callback/not_as_asked']
/** Errors that come of `prompt=none` and of nothing else. */
const ONLY_OF_SILENT = ['login_required', 'interaction_required']

export function isSilent({ wishes }: SignInLink): boolean {
  return wishes.prompt === 'none'
}

interface SilentSignIn {
  /** Of its transaction, whose cookie goes. */
  readonly handle?: string
  /** What was asked, for the way on. */
  readonly parameters?: LinkParameters
}

/** A fault of a silent sign-in. Its way on asks for the same with the person at the window. */
export function silentFault(thrown: unknown, { handle, parameters }: SilentSignIn = {}): AppError {
  const { code, context } = asAppError(thrown)
  const error = TOLD_ERRORS.find((name) => name === context.facts?.entraError)
  // Not asked for a page, Entra says of missing consent that it is missing; nobody has refused it.
  const isNeeded = NEEDS_THE_PERSON.includes(code) || error === 'consent_required'
  const { prompt: _none, returnTo: _path, ...asked } = { ...parameters, ...context.loginParameters }
  const promptNow = context.loginParameters?.prompt
  const silent: SilentFailure = {
    outcome: isNeeded ? 'sign-in-needed' : 'failed',
    code: error ?? code,
    ...(handle === undefined ? {} : { handle }),
  }
  const loginParameters =
    promptNow === undefined || promptNow === 'none' ? asked : { ...asked, prompt: promptNow }
  const codeNow = error === 'consent_required' ? 'entra/interaction_required' : code
  return new AppError(codeNow, { ...context, loginParameters, silent })
}

/**
 * Where the cookie of a sign-in did not come, the error alone can tell that it was a silent one. Nothing is begun anew: it ends on the page
 * like any other.
 */
export function isLostSilent(form: URLSearchParams): boolean {
  return !form.has('code') && ONLY_OF_SILENT.some((error) => error === form.get('error'))
}

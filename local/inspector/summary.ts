import type { Happening } from './happening.ts'
import type { SignIn } from './timeline.ts'

/** A sign-in in a line. */
export interface Summary {
  /** `Ada Lindqvist signed in`. */
  readonly headline: string
  readonly startedAtMs: number
  /** From the first request to the tokens; `undefined` where there are none. */
  readonly tookMs: number | undefined
  readonly requests: number
  readonly clientId: string
  /** `open`: nobody knows yet what comes of it. */
  readonly outcome: 'succeeded' | 'failed' | 'open'
  /** Why it failed, in a sentence; absent where it did not. */
  readonly failed?: string
}

/** What came of a sign-in so far. Pure. */
export function summaryOf({ happenings }: SignIn): Summary {
  const entra = happenings.flatMap(({ to, request }) => (to === 'entra' ? [request] : []))
  const startedAtMs = happenings[0]?.request.at ?? 0
  const tokens = entra.find(({ kind, details }) => kind === 'token' && details.outcome === 'issued')
  const { headline, ...result } = resultOf(entra, happenings)
  return {
    headline,
    startedAtMs,
    tookMs: tokens === undefined ? undefined : tokens.at - startedAtMs,
    requests: happenings.length,
    clientId: String(entra.find(({ details }) => details.clientId !== undefined)?.details.clientId ?? ''),
    ...result,
  }
}

type EntraRequests = readonly Extract<Happening, { to: 'entra' }>['request'][]
type Result = Pick<Summary, 'headline' | 'outcome' | 'failed'>

const NOT_KEPT =
  'Entra issued tokens, and the app wrote no session: it did not accept the ID token, could not keep the session, or asked for more than it was given. Its log names the code.'

function resultOf(entra: EntraRequests, happenings: readonly Happening[]): Result {
  const person = entra.findLast(({ details }) => details.person !== undefined)?.details.person
  const who = typeof person === 'string' ? person : 'Somebody'
  const last = entra.findLast(({ kind }) => ['authorize', 'sign-in', 'token', 'logout'].includes(kind))
  if (last?.kind === 'logout') return { headline: `${who} signed in and out again`, outcome: 'succeeded' }
  const { outcome } = last?.details ?? {}
  if (last?.kind === 'token') return resultOfTokens(who, String(outcome), entra, happenings)
  if (outcome === 'refused' || outcome === 'error page')
    return {
      headline: 'A sign-in that came to nothing',
      outcome: 'failed',
      failed: 'Entra turned it away before there was a code.',
    }
  return {
    headline: outcome === 'code' ? `${who} has a code, not yet redeemed` : 'Somebody is asked who they are',
    outcome: 'open',
  }
}

/** Tokens are no session: the app judges them, and writes one only then. */
function resultOfTokens(
  who: string,
  outcome: string,
  entra: EntraRequests,
  happenings: readonly Happening[],
): Result {
  const isIssued = outcome === 'issued'
  if (isIssued && (isStored(happenings) || wantsTokensOnly(entra)))
    return { headline: `${who} signed in`, outcome: 'succeeded' }
  if (isIssued) return { headline: `${who} got tokens, and no session`, outcome: 'failed', failed: NOT_KEPT }
  const how = outcome === 'refused' ? 'was refused' : 'failed'
  return {
    headline: `${who}: the token request ${how}`,
    outcome: 'failed',
    failed: `The token request ${how}: there are no tokens.`,
  }
}

/** The rows of a session are written together, and by nobody else. */
function isStored(happenings: readonly Happening[]): boolean {
  return happenings.some(
    ({ to, request }) =>
      to === 'tables' && request.operation === 'batch' && request.status >= 200 && request.status < 300,
  )
}

/** A client without a session of its own, such as the walkthrough or the library: tokens are all that it wants. */
function wantsTokensOnly(entra: EntraRequests): boolean {
  return !entra.some(({ details }) => String(details.redirect_uri ?? '').endsWith('/auth/callback'))
}

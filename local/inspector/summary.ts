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
}

/** What came of a sign-in so far. Pure. */
export function summaryOf({ happenings }: SignIn): Summary {
  const entra = happenings.flatMap(({ to, request }) => (to === 'entra' ? [request] : []))
  const startedAtMs = happenings[0]?.request.at ?? 0
  const tokens = entra.find(({ kind, details }) => kind === 'token' && details.outcome === 'issued')
  return {
    headline: headlineOf(entra),
    startedAtMs,
    tookMs: tokens === undefined ? undefined : tokens.at - startedAtMs,
    requests: happenings.length,
    clientId: String(entra.find(({ details }) => details.clientId !== undefined)?.details.clientId ?? ''),
  }
}

function headlineOf(entra: readonly Extract<Happening, { to: 'entra' }>['request'][]): string {
  const person = entra.findLast(({ details }) => details.person !== undefined)?.details.person
  const who = typeof person === 'string' ? person : 'Somebody'
  const last = entra.findLast(({ kind }) => ['authorize', 'sign-in', 'token', 'logout'].includes(kind))
  if (last?.kind === 'logout') return `${who} signed in and out again`
  if (last?.details.outcome === 'refused' || last?.details.outcome === 'error page') {
    return last.kind === 'token' ? `${who}: the token request was refused` : 'A sign-in that came to nothing'
  }
  if (last?.kind === 'token') {
    return last.details.outcome === 'issued' ? `${who} signed in` : `${who}: the token request failed`
  }
  return last?.details.outcome === 'code'
    ? `${who} has a code, not yet redeemed`
    : 'Somebody is asked who they are'
}

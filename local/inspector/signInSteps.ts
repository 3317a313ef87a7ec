import type { EntraRequest } from '../entra/requestLog.ts'
import type { Happening } from './happening.ts'
import type { Step } from './step.ts'
import { deviceStep } from './steps/deviceStep.ts'
import { entraStep, redirectUriOf } from './steps/entraStep.ts'
import { identityStep } from './steps/identityStep.ts'
import { tablesStep } from './steps/tablesStep.ts'
import { vaultStep } from './steps/vaultStep.ts'
import type { SignIn } from './timeline.ts'

/** One request as a step; `isRedeemed` says whether its sign-in has tokens by then. */
export function stepOf(happening: Happening, isRedeemed = false): Step {
  switch (happening.to) {
    case 'entra':
      return entraStep(happening.request)
    case 'vault':
      return vaultStep(happening.request)
    case 'identity':
      return identityStep(happening.request)
    case 'front':
      return deviceStep(happening.request)
    case 'tables':
      return tablesStep(happening.request, isRedeemed)
  }
}

/**
 * A sign-in as it is told: every request in order, first of all the signature that was made ahead, and in between the two
 * requests from browser to app that no stand-in sees but that the others imply. Pure.
 */
export function signInSteps({ happenings, signedAhead }: SignIn): Step[] {
  const entra = happenings.flatMap(({ to, request }) => (to === 'entra' ? [request] : []))
  const authorize = entra.find(({ kind }) => kind === 'authorize')
  const answered = happenings.findIndex(isAnswer)
  const hasTokens = entra.find(({ kind, details }) => kind === 'token' && details.outcome === 'issued')
  const order = happenings.findIndex(({ request }) => request === hasTokens)

  const told = happenings.flatMap((happening, index) => {
    const step = stepOf(happening, order >= 0 && index > order)
    const isPosted = index === answered && happenings.slice(index + 1).some(followsCallback)
    return isPosted ? [step, callbackStep(authorize)] : [step]
  })
  return [
    ...(signedAhead === undefined ? [] : [signedAheadStep(signedAhead)]),
    ...(authorize === undefined || !isFromApp(authorize) ? [] : [loginStep(authorize)]),
    ...told,
  ]
}

/** Entra knows who asks and where the answer goes: so the app has most likely sent the browser. */
function isFromApp({ details }: EntraRequest): boolean {
  return details.outcome !== 'error page'
}

/** Entra hands the browser an authorization response. */
function isAnswer({ to, request }: Happening): boolean {
  if (to !== 'entra' || request.kind === 'token') return false
  return request.details.outcome === 'code' || request.details.outcome === 'refused'
}

/** The app does this for nothing but an authorization response. */
function followsCallback({ to, request }: Happening): boolean {
  if (to === 'tables') return request.operation === 'insert'
  return to === 'entra' && request.kind === 'token'
}

function signedAheadStep(signature: Happening): Step {
  return {
    ...stepOf(signature),
    title: 'Signed ahead: the vault signs the client assertion',
    purpose:
      'Before this sign-in began: one assertion serves every sign-in for minutes, so that nobody waits for the vault. In went a SHA-256 digest, out came a signature.',
  }
}

function loginStep(authorize: EntraRequest): Step {
  // Beside the callback, below whatever path the app's routes lie.
  const login = (redirectUriOf(authorize) ?? '').replace(/\/callback$/, '/login')
  return {
    from: 'browser',
    to: 'app',
    title: 'The browser asks the app for a sign-in',
    call: `GET ${login}`,
    atMs: undefined,
    status: undefined,
    purpose:
      'The app draws 32 random bytes and puts them in a cookie; state, nonce and the PKCE secret all come from those. It remembers nothing and sends the browser on to Entra.',
    spec: 'RFC 6749 §4.1',
    groups: [],
  }
}

function callbackStep(authorize: EntraRequest | undefined): Step {
  return {
    from: 'browser',
    to: 'app',
    title: 'The browser posts Entra’s answer to the app',
    call: `POST ${(authorize && redirectUriOf(authorize)) ?? ''}`,
    atMs: undefined,
    status: undefined,
    purpose:
      'A form from Entra’s page, with the cookie of the transaction. The state opens only with that cookie’s key: the answer belongs to the browser that asked.',
    spec: 'Form Post Response Mode §2, RFC 6749 §10.12',
    groups: [],
  }
}

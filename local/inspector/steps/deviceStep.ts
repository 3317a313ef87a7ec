import type { Details } from '../../entra/requestLog.ts'
import type { DeviceExchange } from '../deviceExchange.ts'
import { explainAll } from '../explain.ts'
import { detailsIn } from '../happening.ts'
import type { FieldGroup, Step } from '../step.ts'
import { fieldText } from './fieldText.ts'

type Telling = Pick<Step, 'title' | 'purpose'>

const TELLINGS: Readonly<Record<DeviceExchange['kind'], Telling>> = {
  offer: {
    title: 'The app offers to bind the session',
    purpose:
      'On what the page loads anyway. A browser that knows the draft makes a key on its device; every other one goes on as if nothing had been said.',
  },
  registration: {
    title: 'The browser binds the session to its device',
    purpose:
      'It posts the public half of a new key, and with that half’s other one has signed the challenge. From now on the session cookie opens nothing by itself.',
  },
  refresh: {
    title: 'The browser proves that it still holds the key',
    purpose:
      'Requests wait meanwhile. No script takes part: a copy of all its cookies could not answer this.',
  },
  missing: {
    title: 'A request without the bound cookie is turned away',
    purpose:
      'Whoever sent it has the session cookie and not the key, or followed a link from elsewhere. The session goes on.',
  },
}

const ASKED: Telling = {
  title: 'The browser is told what to sign',
  purpose: 'It had no proof, or one over a challenge that is not the current one: a race, not an attack.',
}
const REFUSED: Telling = {
  title: 'The app turns the proof away',
  purpose: 'It is not of the key that the session is bound to, or there is no such session any more.',
}

/** Any exchange about the binding of a session. */
export function deviceStep(exchange: DeviceExchange): Step {
  const { kind, method, path, at, status } = exchange
  return {
    from: 'browser',
    to: 'app',
    ...tellingOf(exchange),
    call: `${method} ${path}`,
    atMs: at,
    status,
    spec: 'Device Bound Session Credentials, W3C draft',
    groups: kind === 'offer' ? offerGroups(exchange) : proofGroups(exchange),
  }
}

function tellingOf({ kind, status }: DeviceExchange): Telling {
  if (kind === 'refresh' && status === 403) return ASKED
  return (kind === 'refresh' || kind === 'registration') && status >= 400 ? REFUSED : TELLINGS[kind]
}

function offerGroups({ header }: DeviceExchange): FieldGroup[] {
  return explainAll('Secure-Session-Registration', 'device offer', [
    ...Object.entries(header).map(([name, value]) => [name, fieldText(name, value)] as const),
    ['challenge', undefined],
  ])
}

function proofGroups(exchange: DeviceExchange): FieldGroup[] {
  const { header, claims, skipped, session, kind } = exchange
  const named = [
    ...(kind === 'refresh' && session !== undefined ? [['Sec-Secure-Session-Id', session] as const] : []),
    ...(skipped === undefined ? [] : [['Secure-Session-Skipped', skipped] as const]),
  ]
  return [
    ...explainAll('Request', 'device proof', named),
    ...explainAll('Proof: header', 'device proof', flat(header)),
    ...explainAll(
      'Proof: payload',
      'device proof',
      claims.map((name) => [name, undefined] as const),
    ),
    ...explainAll('Answer', 'device answer', answerFields(exchange)),
  ]
}

/** `jwk.kty` for a member of a member. */
function flat(header: Details): (readonly [string, string])[] {
  return Object.entries(header).flatMap(([name, value]) => {
    const inner = Object.entries(detailsIn(value))
    if (inner.length === 0) return [[name, fieldText(name, value)] as const]
    return inner.map(([member, text]) => [`${name}.${member}`, fieldText(member, text)] as const)
  })
}

function answerFields({ instructions, cookie, hasChallenge }: DeviceExchange) {
  const { session_identifier, refresh_url, credentials } = instructions
  const { origin, include_site, scope_specification = [] } = detailsIn(instructions.scope)
  const rules = Array.isArray(scope_specification) ? scope_specification : []
  const told: readonly (readonly [string, string | undefined])[] = [
    ['session_identifier', session_identifier],
    ['refresh_url', refresh_url],
    ['scope.origin', origin],
    ['scope.include_site', include_site],
    ['scope.exclude', rules.length === 0 ? undefined : rules.map((rule) => detailsIn(rule).path ?? '')],
    ['credentials', credentials],
  ].flatMap(([name, value]) =>
    value === undefined ? [] : [[String(name), fieldText('', value as Details[string])] as const],
  )
  return [
    ...told,
    ...(cookie === undefined ? [] : [['Set-Cookie', cookie] as const]),
    ...(hasChallenge ? [['Secure-Session-Challenge', undefined] as const] : []),
  ]
}

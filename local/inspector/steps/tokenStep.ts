import type { Detail, Details, EntraRequest } from '../../entra/requestLog.ts'
import { explainAll, type Message } from '../explain.ts'
import { assertionOf, detailsIn } from '../happening.ts'
import type { FieldGroup, Step } from '../step.ts'
import { fieldText } from './fieldText.ts'

const TITLES: ReadonlyMap<string, string> = new Map([
  ['authorization_code', 'The app redeems the code, and proves that it is the app'],
  ['refresh_token', 'The app renews the tokens'],
  ['client_credentials', 'The app asks for a token of its own'],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'The app acts on a caller’s behalf'],
])

/** The app at the token endpoint, with its assertion taken apart and the tokens that it got. */
export function tokenStep(request: EntraRequest): Step {
  const { details } = request
  const assertion = assertionOf(request)
  return {
    from: 'app',
    to: 'entra',
    title: TITLES.get(String(details.grantType)) ?? 'The app asks for tokens',
    call: `${request.method} ${request.path}`,
    atMs: request.at,
    status: request.status,
    purpose: purposeOf(details),
    spec: details.grantType === 'refresh_token' ? 'RFC 6749 §6' : 'RFC 6749 §4.1.3, RFC 7523 §2.2',
    groups: [
      ...group('Token request', 'token request', detailsIn(details.parameters)),
      ...group('Client assertion: header', 'assertion header', assertion?.header ?? {}),
      ...group('Client assertion: claims', 'assertion claims', assertion?.claims ?? {}),
      ...responseGroups(details),
      ...tokenGroup('ID token', detailsIn(details.idToken)),
      ...tokenGroup('access token', detailsIn(details.accessToken)),
    ],
  }
}

function purposeOf(details: Details): string {
  if (details.fault !== undefined) return `A fault was switched on here: ${fieldText('', details.fault)}.`
  if (details.outcome === 'refused') {
    const code = details.code === undefined ? '' : `AADSTS${fieldText('', details.code)}: `
    return `Entra refuses. ${code}${fieldText('', details.reason)}`
  }
  if (details.clientProof !== 'certificate') {
    return `Entra takes this as proof of the app: ${fieldText('', details.clientProof)}.`
  }
  const used =
    details.assertionReused === true ? ' The assertion served an earlier request too and is still good.' : ''
  return `No secret travels: the assertion proves the app by a signature that only the vault can make. Entra checks it against the registered certificate, then answers.${used}`
}

function responseGroups(details: Details): FieldGroup[] {
  if (details.error !== undefined) {
    return explainAll('Token response', 'token response', [['error', fieldText('', details.error)]])
  }
  const returned = Array.isArray(details.returned) ? details.returned.map(String) : []
  return explainAll(
    'Token response',
    'token response',
    returned
      .filter((name) => name.endsWith('_token') || name === 'token_type')
      .map((name) => [name, name === 'token_type' ? 'Bearer' : undefined]),
  )
}

function tokenGroup(kind: 'ID token' | 'access token', { hasNonce, ...claims }: Details): FieldGroup[] {
  const fields: [string, string | undefined][] = Object.entries(claims).map(([name, value]) => [
    name,
    fieldText(name, value),
  ])
  if (hasNonce === true) fields.splice(3, 0, ['nonce', undefined])
  return explainAll(kind === 'ID token' ? 'Inside the ID token' : 'Inside the access token', kind, fields)
}

function group(heading: string, message: Message, details: Details): FieldGroup[] {
  const shown = (name: string, value: Detail): [string, string | undefined] => [
    name,
    value === null || value === undefined ? undefined : fieldText(name, value),
  ]
  return explainAll(
    heading,
    message,
    Object.entries(details).map(([name, value]) => shown(name, value)),
  )
}

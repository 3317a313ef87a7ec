import type { Detail, Details, EntraRequest } from './requestLog.ts'

/**
 * Tells one sign-in in plain lines, from the authorization request to its last refresh; metadata and key requests made
 * in between are told too. Without `signIn`, the latest.
 */
export function describeSignIn(log: readonly EntraRequest[], signIn?: string): string {
  const id = signIn ?? log.findLast((request) => request.signIn !== undefined)?.signIn
  const first = log.findIndex((request) => request.signIn === id)
  const last = log.findLastIndex((request) => request.signIn === id)
  if (id === undefined || first < 0) return 'There was no sign-in.'
  const shared = new Set(['metadata', 'keys'])
  const requests = log
    .slice(first, last + 1)
    .filter((request) => request.signIn === id || shared.has(request.kind))
  return [`Sign-in ${id}`, ...requests.flatMap(describeRequest)].join('\n')
}

function describeRequest(request: EntraRequest): string[] {
  const time = new Date(request.at).toISOString().slice(11, 23)
  const status = request.status === 0 ? '---' : String(request.status)
  const head = `${time}  ${status}  ${request.kind.padEnd(9)} ${summary(request)}`
  return [head.trimEnd(), ...assertionLines(request.details)]
}

function summary({ kind, details, method, path }: EntraRequest): string {
  const outcome = describeOutcome(details)
  switch (kind) {
    case 'authorize':
      return `${text(details.clientId)} asks for "${text(details.scope)}" by ${text(details.response_mode ?? 'query')}: ${outcome}`
    case 'sign-in':
      return `${text(details.person ?? 'nobody')}: ${outcome}`
    case 'token':
      return `${text(details.grantType)} by ${text(details.clientId)}: ${outcome}`
    default:
      return `${method} ${path}`
  }
}

function describeOutcome({ outcome, error, code, issued, resource, permissions, fault }: Details): string {
  if (fault !== undefined) return `fault switched on: ${text(fault)}`
  if (error !== undefined)
    return `${text(outcome)}, ${text(error)}${code === undefined ? '' : ` AADSTS${text(code)}`}`
  if (issued === undefined) return text(outcome)
  const forWhat = resource === undefined ? '' : ` for ${text(resource)} (${text(permissions ?? '')})`
  return `issued ${text(issued)}${forWhat}`
}

function assertionLines({
  assertion,
  assertionLifetimeSeconds,
  assertionReused,
  clientProof,
}: Details): string[] {
  if (!isObject(assertion))
    return clientProof === undefined ? [] : [`${indent}client proof: ${text(clientProof)}`]
  const header = isObject(assertion.header) ? assertion.header : {}
  const claims = isObject(assertion.claims) ? assertion.claims : {}
  const lifetime = assertionLifetimeSeconds === undefined ? '' : `, lives ${text(assertionLifetimeSeconds)} s`
  return [
    `${indent}client proof: ${text(clientProof ?? 'refused')}${assertionReused === true ? ', assertion used before' : ''}`,
    `${indent}assertion ${text(header.alg)}, x5t#S256 ${text(header['x5t#S256'] ?? 'absent')}, jti ${text(claims.jti)}`,
    `${indent}for ${text(claims.aud)}${lifetime}`,
  ]
}

const indent = ' '.repeat(30)

function isObject(value: Detail): value is Details {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function text(value: Detail): string {
  if (Array.isArray(value)) return value.map(text).join(' ')
  return value === undefined || value === null ? '-' : String(value)
}

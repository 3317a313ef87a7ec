/*
 * What passes between a browser and the app when a session is bound to its device: seen by the desk's TLS front alone. Kept is what may be
 * shown: no cookie, no challenge, no signature.
 */
import type { Details } from '../entra/requestLog.ts'
import type { FrontExchange } from '../tls/openTlsFront.ts'

export interface DeviceExchange {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly kind: 'offer' | 'registration' | 'refresh' | 'missing'
  /** Hash-like name of the session at the browser, where the exchange names it. */
  readonly session?: string | undefined
  readonly header: Details
  readonly claims: readonly string[]
  /** Name and attributes of the bound cookie that was set. */
  readonly cookie?: string | undefined
  readonly instructions: Details
  /** Whether the answer told a challenge. */
  readonly hasChallenge: boolean
  /** What the browser said of a request without the cookie. */
  readonly skipped?: string | undefined
}

/** An exchange that is about the binding of a session; undefined for every other one. */
export function deviceExchange(exchange: FrontExchange): DeviceExchange | undefined {
  const { at, method, status, request, response, text } = exchange
  const path = exchange.target.split('?')[0] ?? ''
  const kind = kindOf(path, status, response, text)
  if (kind === undefined) return undefined
  const [header, claims] = (request['secure-session-response'] ?? '').replaceAll('"', '').split('.')
  const instructions = kind === 'offer' || kind === 'missing' ? {} : members(text)
  const { session_identifier: registered } = instructions
  const session = request['sec-secure-session-id']?.replaceAll('"', '')
  return {
    at,
    method,
    path,
    status,
    kind,
    session: session ?? (typeof registered === 'string' ? registered : undefined),
    header:
      kind === 'offer' ? offered(response['secure-session-registration'] ?? '') : members(decoded(header)),
    claims: Object.keys(members(decoded(claims))),
    cookie: /^(__Host-signet-device)=[^;]+(;.*)$/m
      .exec(response['set-cookie'] ?? '')
      ?.slice(1)
      .join('=…'),
    instructions,
    hasChallenge: response['secure-session-challenge'] !== undefined,
    skipped: request['secure-session-skipped']?.split(';')[0],
  }
}

function kindOf(
  path: string,
  status: number,
  response: FrontExchange['response'],
  text: string,
): DeviceExchange['kind'] | undefined {
  if (path === '/auth/device') return 'registration'
  if (path === '/auth/device/refresh') return 'refresh'
  if (response['secure-session-registration'] !== undefined) return 'offer'
  return status === 401 && text.includes('session/device_proof_required') ? 'missing' : undefined
}

/** `(ES256 RS256);path="…";challenge="…"`, without the challenge's value. */
function offered(header: string): Details {
  const [, algorithms = '', path = ''] = /^\(([^)]*)\);path="([^"]*)"/.exec(header) ?? []
  return { algorithms: algorithms.split(' '), path }
}

function decoded(part: string | undefined): string {
  return Buffer.from(part ?? '', 'base64url').toString('utf8')
}

function members(text: string): Details {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Details) : {}
  } catch {
    return {}
  }
}

/** Checks that come before any handler's work. Each throws an AppError and has no other effect. */
import { AppError } from '../errors/appError.ts'
import type { SignetRequest } from './request.ts'

/**
 * The values of the parameters named, each at most once and no longer than its limit. Throws `code` for an unknown one, a
 * duplicate or one too long; the detail names it only if it is one of ours.
 */
export function readParameters<Name extends string>(
  query: URLSearchParams,
  limits: Readonly<Record<Name, number>>,
  code: 'login/invalid_parameter',
): Partial<Record<Name, string>> {
  const values: Partial<Record<Name, string>> = {}
  for (const [name, value] of query) {
    if (!isOneOf(name, limits)) throw new AppError(code, { detail: 'unknown parameter' })
    if (values[name] !== undefined) throw new AppError(code, { detail: `${name} twice` })
    if (value.length > limits[name]) throw new AppError(code, { detail: `${name} too long` })
    values[name] = value
  }
  return values
}

function isOneOf<Name extends string>(name: string, limits: Readonly<Record<Name, number>>): name is Name {
  return Object.hasOwn(limits, name)
}

/**
 * A page the person opened, not a script, frame or prefetch (Fetch Metadata). Browsers that send no such headers pass: they are
 * held by state, nonce and PKCE anyway. Throws `login/not_a_navigation`.
 */
export function requireNavigation(request: SignetRequest): void {
  const mode = request.header('sec-fetch-mode')
  const destination = request.header('sec-fetch-dest')
  const isPrefetch = /prefetch/i.test(`${request.header('sec-purpose')} ${request.header('purpose')}`)
  if ((mode ?? 'navigate') !== 'navigate' || (destination ?? 'document') !== 'document' || isPrefetch) {
    throw new AppError('login/not_a_navigation')
  }
}

/**
 * A state-changing request from our own pages: Sec-Fetch-Site says so, or Origin in browsers that do not send it, and where
 * neither does, the request is refused. Throws `http/cross_site`.
 */
export function requireSameOrigin(request: SignetRequest, ownOrigin: string): void {
  const site = request.header('sec-fetch-site')
  const origin = request.header('origin')
  // A page without referrers, as ours are, posts with `Origin: null` even to itself (Fetch standard, `Origin` header).
  const originFits = origin === undefined || origin === 'null' || origin === ownOrigin
  const isOurs = site === undefined ? origin === ownOrigin : site === 'same-origin' && originFits
  if (!isOurs) throw new AppError('http/cross_site')
}

/**
 * A request that our own script made: another site cannot add this header without a preflight, which we never grant (the custom
 * header defence of draft-ietf-oauth-browser-based-apps section 6.1.3.3.1). Throws `http/cross_site`.
 */
export function requireOwnScript(request: SignetRequest): void {
  if (request.header('x-csrf') !== '1') throw new AppError('http/cross_site', { detail: 'x-csrf' })
}

/** Data that only our own front end may read. Throws `http/cross_site` when the browser says that another site asks. */
export function refuseForeignReader(request: SignetRequest): void {
  const site = request.header('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') throw new AppError('http/cross_site')
}

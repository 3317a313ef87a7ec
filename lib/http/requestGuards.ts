/** What a request is, judged before any handler's work. No check has an effect but to throw. */
import { AppError } from '../errors/appError.ts'
import { SESSION_COOKIE } from './cookies.ts'
import type { SignetRequest } from './request.ts'

/** Sec-Purpose and what it was called before. */
const PURPOSE_HEADERS = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz']

/**
 * Whether a window goes there, and not a script, a frame or a browser that looks ahead (Fetch Metadata Request Headers). A service
 * worker that passes a navigation on sends it with the destination `empty`; no script can make a request of that mode. A browser that
 * sends none of these headers is believed.
 */
export function isNavigation({ header }: SignetRequest): boolean {
  const mode = header('sec-fetch-mode')
  const destination = header('sec-fetch-dest') ?? 'document'
  const isWindow =
    mode === undefined ? destination === 'document' : mode === 'navigate' && isTopLevel(destination)
  return (
    isWindow && !PURPOSE_HEADERS.some((name) => /\b(prefetch|prerender|preview)\b/i.test(header(name) ?? ''))
  )
}

/**
 * Whether a document is asked for, in a window or a frame, also by a browser that looks ahead: not a file that a page or a script needs. A
 * browser without Fetch Metadata says by Accept what it can show.
 */
export function asksForDocument({ header }: SignetRequest): boolean {
  const mode = header('sec-fetch-mode')
  return mode === undefined ? /\btext\/html\b/i.test(header('accept') ?? '') : mode === 'navigate'
}

function isTopLevel(destination: string): boolean {
  return destination === 'document' || destination === 'empty'
}

/**
 * A form or script of our own pages. Sec-Fetch-Site says so, or Origin in browsers without it. Where those two say nothing (a page
 * that sends no referrer posts with `Origin: null`, Fetch standard section 3.2), the session cookie does: SameSite=Lax keeps it back when
 * another site posts. That leaves a sibling host in a browser without Fetch Metadata. Throws `http/cross_site`.
 */
export function requireOwnPage({ header, cookies }: SignetRequest, ownOrigin: string): void {
  const site = header('sec-fetch-site')
  const origin = header('origin') ?? 'null'
  const isOurs =
    (site === 'same-origin' && (origin === ownOrigin || origin === 'null')) ||
    (site === undefined && (origin === ownOrigin || (origin === 'null' && cookies.has(SESSION_COOKIE))))
  if (!isOurs) throw new AppError('http/cross_site')
}

/**
 * A request that our own script made: another site cannot add this header without a preflight, which we never grant (the custom
 * header defence of draft-ietf-oauth-browser-based-apps section 6.1.3.3.1). Its lack alone is the mistake of whoever writes a front end, so
 * that what speaks of another site is judged first. Throws `http/csrf_header_required`.
 */
export function requireOwnScript(request: SignetRequest): void {
  if (request.header('x-csrf') !== '1') throw new AppError('http/csrf_header_required')
}

/**
 * Data that only our own front end may read. Throws `http/cross_site` when the browser says that another site asks: by Sec-Fetch-Site, or by
 * an Origin that is not ours. A GET of our own pages has none. `null` is ours only where Sec-Fetch-Site vouches for it.
 */
export function refuseForeignReader({ header }: SignetRequest, ownOrigin: string): void {
  const site = header('sec-fetch-site')
  const origin = header('origin') ?? ownOrigin
  const isOurs = origin === ownOrigin || (origin === 'null' && site === 'same-origin')
  if (!isOurs || site === 'cross-site' || site === 'same-site') throw new AppError('http/cross_site')
}

/** What uses a session's token: a script of our own, by whatever method. Throws `http/cross_site`, `http/csrf_header_required`. */
export function requireOwnCall(request: SignetRequest, ownOrigin: string): void {
  refuseForeignReader(request, ownOrigin)
  requireOwnScript(request)
}

/** Data of the signed-in person: no other site reads it, and only a script of our own pages changes it. Throws `http/cross_site`, `http/csrf_header_required`. */
export function requireOwnFrontEnd(request: SignetRequest, ownOrigin: string): void {
  refuseForeignReader(request, ownOrigin)
  if (request.method === 'GET' || request.method === 'HEAD') return
  requireOwnScript(request)
  requireOwnPage(request, ownOrigin)
}

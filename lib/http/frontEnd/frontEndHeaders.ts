/**
 * The headers that go from the browser to the front end, and those that come back. Both ways are lists of what may pass: nothing that says who
 * asks goes out, and no cookie, no way elsewhere and no word about our origin's cookies comes back. Pure.
 */
import { AppError } from '../../errors/appError.ts'
import { ALWAYS, SECURITY_HEADERS } from '../platformResponse.ts'
import { type Asked, ownAddress, ownLinks } from '../proxy/ownAddress.ts'
import { listedHeaders, sendableHeaders } from '../proxy/wholeAnswer.ts'
import type { SignetRequest } from '../request.ts'
import { FRONT_END_CODES } from './frontEndAnswer.ts'

/** Which answer is wanted, and on which condition. */
export const ASKING_HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]
/** What the answer is, how it may be kept and used: as the front end says. */
export const RETURNED_HEADERS = [
  'accept-ranges',
  'age',
  'cdn-cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-range',
  'content-security-policy-report-only',
  'content-type',
  'cross-origin-embedder-policy',
  'etag',
  'expires',
  'last-modified',
  'origin-agent-cluster',
  'retry-after',
  'service-worker-allowed',
  'sourcemap',
  'vary',
  'x-robots-tag',
]
/** Addresses of the front end's, which come back as ours. */
export const ADDRESS_HEADERS = { link: ownLinks, location: ownAddress } as const
/** Its own where it has one, else the one here; the policy is that of the settings. */
export const FLOORS = {
  'cache-control': 'no-cache',
  'content-security-policy': '',
  ...SECURITY_HEADERS,
  'x-frame-options': 'DENY',
} as const

/** A request that came to us through ourselves (RFC 8586). */
const LOOP_HEADER = 'cdn-loop'
const OUR_MARK = 'signet'

/** The headers that the front end gets. Throws `frontend/misaddressed` where the request has been here before. */
export function askedHeaders({ header }: Pick<SignetRequest, 'header'>): Record<string, string> {
  const passed = header(LOOP_HEADER)
  const marks = passed?.split(',').map((mark) => mark.trim()) ?? []
  if (marks.includes(OUR_MARK)) throw new AppError('frontend/misaddressed', { detail: 'loop' })
  return { ...listedHeaders(ASKING_HEADERS, header), [LOOP_HEADER]: [...marks, OUR_MARK].join(', ') }
}

/**
 * The headers that the browser gets of an answer. One that says that nothing has changed gets no floor: the browser would lay it over what it
 * has kept. Throws `frontend/malformed_response` for one that no host could send on.
 */
export function passedHeaders(
  { status, headers }: { readonly status: number; readonly headers: Headers },
  asked: Asked,
  contentSecurityPolicy: string,
): Record<string, string> {
  const read = sendableHeaders({ headers }, FRONT_END_CODES)
  const addresses = Object.entries(ADDRESS_HEADERS).flatMap(([name, map]) => {
    const own = map(read(name) ?? '', asked)
    return headers.has(name) && own !== undefined ? [[name, own] as const] : []
  })
  const floors = status === 304 ? {} : { ...FLOORS, 'content-security-policy': contentSecurityPolicy }
  return {
    ...floors,
    ...listedHeaders([...RETURNED_HEADERS, ...Object.keys(FLOORS)], read),
    ...Object.fromEntries(addresses),
    ...ALWAYS,
  }
}

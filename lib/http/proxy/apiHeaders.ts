/**
 * The headers that go from the browser to an API, and those that come back. Both ways are lists of what may pass: a cookie, a forwarded
 * identity or a token of the browser's never reaches the API, and no cookie of the API's reaches the browser. Pure.
 */
import type { AnswerHeaders } from '../../base/plainFetch.ts'
import type { DownstreamApi } from '../../config/downstreamApi.ts'
import { AppError } from '../../errors/appError.ts'
import type { SignetRequest } from '../request.ts'
import { API_CODES, type AskedApi } from './apiAnswer.ts'
import { ownAddress, ownLinks } from './ownAddress.ts'
import { listedHeaders, sendableHeaders } from './wholeAnswer.ts'

/** Which answer is wanted, and on which condition. */
export const ASKING_HEADERS = [
  'accept',
  'accept-language',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'prefer',
  'range',
  'traceparent',
  'tracestate',
  'want-content-digest',
  'want-repr-digest',
  'x-requested-with',
]
/** What a body is. Whoever gets the body gets these, or reads it as something else. */
export const BODY_HEADERS = [
  'content-digest',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-md5',
  'content-range',
  'content-type',
  'digest',
  'repr-digest',
]
/** What comes back of an answer, besides its addresses. */
export const RETURNED_HEADERS = [
  'accept-ranges',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'preference-applied',
  'retry-after',
]
/** Sums over the bytes that the API sent: true only of an answer that came without an encoding. */
export const DIGESTS = ['content-digest', 'content-md5', 'digest', 'repr-digest']
/** Addresses of the API's, which come back as ours. */
export const ADDRESS_HEADERS = ['content-location', 'location', 'operation-location']
/** Those that come back by a rule of their own, and never just because they are listed. */
const RULED = [...DIGESTS, ...ADDRESS_HEADERS, 'link']

/**
 * The headers of the browser's request that an API gets, besides the token. Throws `http/unsupported_media_type` where another header
 * says something of the body: it would be lost on the way.
 */
export function sentHeaders(
  { method, header, headerNames }: SignetRequest,
  { requestHeaders }: Pick<DownstreamApi, 'requestHeaders'>,
): Record<string, string> {
  const asking = [...ASKING_HEADERS, ...requestHeaders]
  if (method === 'GET' || method === 'HEAD') return listedHeaders(asking, header)
  const unknown = headerNames.find(
    (name) => name.startsWith('content-') && name !== 'content-length' && !BODY_HEADERS.includes(name),
  )
  if (unknown !== undefined) throw new AppError('http/unsupported_media_type', { detail: 'content header' })
  return listedHeaders([...asking, ...BODY_HEADERS], header)
}

/** The headers of an API's answer that the browser gets. Throws `api/malformed_response` for one that no host could send on. */
export function returnedHeaders(headers: AnswerHeaders, asked: AskedApi): Record<string, string> {
  const read = sendableHeaders({ headers }, API_CODES)
  const address = (name: string): string | undefined => {
    const value = read(name)
    return value === undefined ? undefined : ownAddress(value, asked)
  }
  const links = (name: string): string | undefined => {
    const value = read(name)
    return value === undefined ? undefined : ownLinks(value, asked)
  }
  const more = asked.api.responseHeaders.filter((name) => !RULED.includes(name))
  return {
    ...listedHeaders([...RETURNED_HEADERS, ...more], read),
    ...(headers.has('content-encoding') ? {} : listedHeaders(DIGESTS, read)),
    ...listedHeaders(ADDRESS_HEADERS, address),
    ...listedHeaders(['link'], links),
  }
}

/**
 * What goes from the browser to an API behind `/api/{name}/`, and what comes back. Both ways are lists of what may pass: a cookie, a
 * forwarded identity or a token of the browser's never reaches the API, and no cookie of the API's reaches the browser. Pure.
 */
import type { DownstreamApi } from '../config/downstreamApis.ts'

const SENT_HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
  'range',
]
const RETURNED_HEADERS = [
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

export interface ApiPath {
  readonly name: string
  /** The rest of the path as it came, from its slash on; empty where there is none. */
  readonly rest: string
}

/** The API a path names and the path under it; undefined where it means something else once decoded (dot segments, slashes). */
export function parseApiPath(pathname: string): ApiPath | undefined {
  const [, name, rest = ''] = /^\/api\/([^/]+)(\/.*)?$/i.exec(pathname) ?? []
  if (name === undefined || !rest.split('/').slice(1, -1).every(isPlainSegment)) return undefined
  const last = rest.split('/').at(-1) ?? ''
  return last === '' || isPlainSegment(last) ? { name, rest } : undefined
}

/** The one address that a path under an API means: always under that API's own address. */
export function apiUrl({ url }: DownstreamApi, { rest }: ApiPath, search: string): string {
  return `${url}${rest}${search}`
}

/** The headers of the browser's request that an API gets, besides the token. */
export function sentHeaders(header: (name: string) => string | undefined): Record<string, string> {
  return listed(SENT_HEADERS, header)
}

/** The headers of an API's answer that the browser gets. */
export function returnedHeaders(headers: Headers): Record<string, string> {
  return listed(RETURNED_HEADERS, (name) => headers.get(name) ?? undefined)
}

/** Dots count even with parameters behind them (`..;x`, RFC 3986 section 3.3), which some servers drop before they resolve dots. */
function isPlainSegment(segment: string): boolean {
  try {
    const decoded = decodeURIComponent(segment)
    const [name = ''] = decoded.split(';')
    return !['', '.', '..'].includes(name.trim()) && !/[/\\%\x00-\x1f\x7f]/.test(decoded)
  } catch {
    return false
  }
}

function listed(
  names: readonly string[],
  read: (name: string) => string | undefined,
): Record<string, string> {
  const values = names.map((name) => [name, read(name)] as const)
  return Object.fromEntries(values.filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/**
 * Where a person goes after sign-in: an address of this site and nothing else. The URL parser that browsers have (WHATWG) makes it
 * canonical; then the result, not the text, is judged, and only its path leaves: a browser that resolves it has nothing to repair.
 */
import type { AppUrls } from '../config/urls.ts'

/** A path (with query and fragment) on this origin, canonical, that was checked. */
export type LocalPath = string & { readonly __brand: 'LocalPath' }

export const HOME = '/' as LocalPath
export const LONGEST_RETURN_TO = 2_048

/** How an address begins: a path with exactly one slash, a URL with exactly two. Anything else is no address. */
const ADDRESS = /^ *(\/|https?:\/\/)(?![/\\])/i
/** What no address bar keeps: a control character; and before the query a backslash, or dots that stand for a segment. */
const UNLIKE_AN_ADDRESS = /[\x00-\x1f\x7f]|^[^?#]*(\\|\/(\.|%2e){1,2}([/?#]| *$))/i
/** What reading the path must not bring to light: a backslash, a control character, a host, `.` or `..`. */
const TREACHEROUS = /[\\\x00-\x1f\x7f]|^\/\/|\/\.{1,2}(\/|$)/
/** Bytes that are no UTF-8, but ASCII to a decoder that does not mind the longer form (RFC 3629 section 10). */
const OVERLONG = /[\xc0\xc1\xf8-\xfd]|\xe0[\x80-\x9f]|\xf0[\x80-\x8f]/
/** An escape that only IIS ever knew. */
const UNICODE_ESCAPE = /%u[0-9a-f]{4}/i
/** Our own endpoints, where the way back would start a loop; our page at `/auth` is none. Routes do not know upper from lower case. */
const OURS = /^\/auth\//i
/** The site of addresses that have none: RFC 2606 keeps its name nobody's. */
const NOBODYS: Site = { origin: 'https://signet.invalid', basePath: '' }

/** Our own origin, and the path that our endpoints lie below. */
type Site = Pick<AppUrls, 'origin' | 'basePath'>

/**
 * The canonical path of an address of ours: a path, or a URL of our own origin. Undefined for any other origin, for a path that
 * means something else once it is percent-decoded (RFC 3986 section 6.2.2), for one of our endpoints under `/auth/`, and for more than 2,048
 * characters.
 */
export function parseReturnTo(text: string, { origin: ownOrigin, basePath }: Site): LocalPath | undefined {
  if (!text.isWellFormed() || !ADDRESS.test(text) || UNLIKE_AN_ADDRESS.test(text)) return undefined
  const url = URL.parse(text, ownOrigin)
  if (url?.origin !== ownOrigin || url.username !== '' || url.password !== '') return undefined
  // The parser leaves a backslash in query and fragment; RFC 3986 knows none.
  const path = url.href.slice(ownOrigin.length).replaceAll('\\', '%5C')
  return path.length <= LONGEST_RETURN_TO && isPlain(url.pathname, basePath) ? (path as LocalPath) : undefined
}

/** The text if it is a canonical path already, as one that was parsed before and has travelled since. */
export function asLocalPath(text: string): LocalPath | undefined {
  const path = parseReturnTo(text, NOBODYS)
  return path === text ? path : undefined
}

function isPlain(pathname: string, basePath: string): boolean {
  const bytes = pathname.replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  // As servers read it, those included that fold wide forms into ASCII.
  const read = Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC')
  return !(
    OVERLONG.test(bytes) ||
    UNICODE_ESCAPE.test(pathname) ||
    TREACHEROUS.test(read) ||
    isOurs(read, basePath)
  )
}

function isOurs(read: string, basePath: string): boolean {
  return read.slice(0, basePath.length).toLowerCase() === basePath && OURS.test(read.slice(basePath.length))
}

/**
 * Addresses of another server as the browser may know them. What lies under the one address that we ask is reached through us; whatever
 * else an answer names stays with us: another host, another path, or one that a request could not have. Pure.
 */
import { type Link, parseLinks, writeLinks } from './linkHeader.ts'
import { isPlainPath } from './plainPath.ts'

/** What was asked, and under which addresses. */
export interface Asked {
  /** The address that was asked: relative references of its answer start there. */
  readonly url: string
  /** Scheme, host and path prefix that everything asked for lies under, without a trailing slash. */
  readonly base: string
  /** The path of ours that stands for that, without a trailing slash: empty for the root. */
  readonly own: string
}

/** The one address that a path and a query mean: always under `base`. */
export function addressUnder(base: string, path: string, search: string): string {
  return `${base}${path}${search}`
}

/** The path of ours that a URI reference of an answer means (RFC 3986 section 5); undefined where there is none. */
export function ownAddress(reference: string, { url, base, own }: Asked): string | undefined {
  const target = isReference(reference) ? URL.parse(reference, url) : null
  if (target === null || target.username !== '' || target.password !== '') return undefined
  const { origin, pathname } = new URL(base)
  const prefix = pathname.replace(/\/$/, '')
  const rest = target.pathname.slice(prefix.length)
  const isUnder = target.pathname.startsWith(prefix) && (rest === '' || rest.startsWith('/'))
  if (target.origin !== origin || !isUnder || !isPlainPath(rest)) return undefined
  return `${own}${rest}${target.search}${target.hash}` || '/'
}

/** A Link header with addresses of ours; undefined where no link is left. */
export function ownLinks(field: string, asked: Asked): string | undefined {
  const links = parseLinks(field).flatMap((link) => ownLink(link, asked))
  return links.length === 0 ? undefined : writeLinks(links)
}

/** A link about something else than what was asked (`anchor`, RFC 8288 section 3.2) has two addresses. */
function ownLink({ target, parameters }: Link, asked: Asked): Link[] {
  const own = ownAddress(target, asked)
  const mapped = parameters.map(({ name, value }) => ({
    name,
    value: name === 'anchor' && value !== undefined ? ownAddress(value, asked) : value,
  }))
  const isForeign = mapped.some(({ name, value }) => name === 'anchor' && value === undefined)
  return own === undefined || isForeign ? [] : [{ target: own, parameters: mapped }]
}

/** The URL parser forgives what no reference holds: blanks, line breaks, backslashes, two fields that were joined. */
function isReference(text: string): boolean {
  return /^[!#-;=?-[\]-~]*$/.test(text)
}

import { decodePercent } from './decodePercent.ts'

/** The two halves of a request target (RFC 9112 3.2.1, origin-form). */
export type RequestTarget = {
  /** Decoded and without dot segments; `%2F` alone stays as written, so that it cannot become a separator. */
  readonly path: string
  /** As written, with its question mark; '' when there is none. */
  readonly search: string
}

/**
 * A target in absolute form (RFC 9112 3.2.2) as the path it names, where its authority is that of the Host header, also with the port of
 * its scheme written out; every other target as it is.
 */
export function originForm(target: string, host: string): string {
  const [, scheme = '', authority = '', rest = ''] = /^(https?):\/\/([^/?#]+)(.*)$/i.exec(target) ?? []
  const bare = (name: string) =>
    name.toLowerCase().replace(scheme.toLowerCase() === 'http' ? /:80$/ : /:443$/, '')
  if (authority === '' || bare(authority) !== bare(host)) return target
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** Reads a request target as Kestrel does. Undefined when it answers 400: not origin-form, not ASCII, or a NUL. */
export function parseRequestTarget(target: string): RequestTarget | undefined {
  if (!/^\/[\x21-\x7e]*$/.test(target)) return undefined
  const mark = target.indexOf('?')
  const rawPath = mark < 0 ? target : target.slice(0, mark)
  if (rawPath.includes('%00')) return undefined
  const path = rawPath
    .split(/(%2f)/i)
    .map((part, index) => (index % 2 === 0 ? decodePercent(part) : part))
    .join('')
  return { path: removeDotSegments(path), search: mark < 0 ? '' : target.slice(mark) }
}

/** RFC 3986 5.2.4, for a path that begins with a slash. */
function removeDotSegments(path: string): string {
  if (!path.includes('/.')) return path
  const kept: string[] = []
  const segments = path.slice(1).split('/')
  for (const [index, segment] of segments.entries()) {
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (index === segments.length - 1) kept.push('')
  }
  return `/${kept.join('/')}`
}

/**
 * Writes a decoded path back. With `keepEscapes`, what looks like an escape stays one (buffered requests);
 * without, every `%` is encoded, which turns `%2F` into `%252F` (streamed requests).
 */
export function encodePath(path: string, { keepEscapes }: { keepEscapes: boolean }): string {
  return path.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9_\-.~!$&'()*+,;=:@/]/gu, (match) => {
    if (match.length === 3 && match.startsWith('%')) return keepEscapes ? match : `%25${match.slice(1)}`
    return encodeURIComponent(match)
  })
}

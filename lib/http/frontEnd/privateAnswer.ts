/** An answer that one person gets because they are signed in: no cache that others share may keep it. Pure. */

/** One directive and what separates it from the next (RFC 9111 section 5.2). */
const DIRECTIVE = /[ \t]*([^\s=,"]+)(?:=("(?:[^"\\]|\\.)*"|[^\s,"]*))?[ \t]*(?:,|$)/y
/** What speaks to shared caches only, and what is replaced. */
const SHARED = new Set(['public', 's-maxage', 'proxy-revalidate', 'private'])
const NOT_TO_BE_KEPT = 'no-store, private'

/**
 * The same headers with `private`, and `Vary: Cookie`, so that the browser itself asks again once somebody else has signed in. An answer that
 * says that nothing has changed only changes what it names.
 */
export function privateHeaders(
  { 'cdn-cache-control': _shared, ...headers }: Readonly<Record<string, string>>,
  status: number,
): Record<string, string> {
  const { 'cache-control': caching, vary } = headers
  const isUpdate = status === 304
  return {
    ...headers,
    ...(caching === undefined ? {} : { 'cache-control': privately(caching) }),
    ...(isUpdate && vary === undefined ? {} : { vary: withCookie(vary) }),
  }
}

/** What cannot be read says nothing that could be relied on. */
function privately(field: string): string {
  const kept: string[] = []
  DIRECTIVE.lastIndex = 0
  while (DIRECTIVE.lastIndex < field.length) {
    const match = DIRECTIVE.exec(field)
    if (match === null) return NOT_TO_BE_KEPT
    const [, name = '', value] = match
    if (!SHARED.has(name.toLowerCase())) kept.push(value === undefined ? name : `${name}=${value}`)
  }
  return [...kept, 'private'].join(', ')
}

function withCookie(vary: string | undefined): string {
  const names = vary?.split(',').map((name) => name.trim()) ?? []
  if (names.includes('*') || names.some((name) => name.toLowerCase() === 'cookie')) return names.join(', ')
  return [...names, 'Cookie'].join(', ')
}

/**
 * The claims challenge of an API (continuous access evaluation): 401 with `insufficient_claims` in `WWW-Authenticate` and, in base64, the
 * claims request (OpenID Connect Core section 5.5) that the next token has to satisfy. Pure.
 */

/** A challenge is short; what is longer would not fit into a sign-in either. Characters of base64. */
const LONGEST = 4_096

/** One parameter of a challenge, or the scheme that begins one (RFC 9110 section 11.3): name, then a quoted or a bare value. */
const PART = /([\w!#$%&'*+.^`|~-]+)(?:[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g

/**
 * The claims that the first Bearer challenge of this kind demands, as compact JSON; undefined where the header, which may hold several
 * challenges, has none.
 */
export function challengedClaims(wwwAuthenticate: string | null): string | undefined {
  for (const challenge of challengesOf(wwwAuthenticate ?? '')) {
    const claims = challenge.get('claims') ?? ''
    if (challenge.get('error') !== 'insufficient_claims' || claims.length > LONGEST) continue
    const request = readRequest(claims)
    if (request !== undefined) return request
  }
  return undefined
}

/** The parameters of each Bearer challenge; where a name comes twice, the first counts. */
function challengesOf(header: string): ReadonlyMap<string, string>[] {
  const challenges: { readonly scheme: string; readonly parameters: Map<string, string> }[] = []
  for (const [, name = '', quoted, bare] of header.matchAll(PART)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare
    if (value === undefined) challenges.push({ scheme: name.toLowerCase(), parameters: new Map() })
    const parameters = challenges.at(-1)?.parameters
    const key = name.toLowerCase()
    if (value !== undefined && parameters?.has(key) === false) parameters.set(key, value)
  }
  return challenges.filter(({ scheme }) => scheme === 'bearer').map(({ parameters }) => parameters)
}

function readRequest(encoded: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) return undefined
  try {
    const request: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
    const isObject = typeof request === 'object' && request !== null && !Array.isArray(request)
    return isObject ? JSON.stringify(request) : undefined
  } catch {
    return undefined
  }
}

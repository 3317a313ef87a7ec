import type { RpcCookie } from './coreTypes.ts'

/** The Set-Cookie value that ASP.NET Core writes. Throws on a name that is not a token (RFC 6265 4.1.1). */
export function formatAspNetCookie(cookie: RpcCookie): string {
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(cookie.name)) {
    throw new TypeError(`"${cookie.name}" cannot be the name of a cookie.`)
  }
  const { expires, maxAge, domain, secure, sameSite = 'none', httpOnly } = cookie
  return [
    `${cookie.name}=${escapeDataString(cookie.value)}`,
    expires && `expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    maxAge && `max-age=${Math.trunc(maxAge.value)}`,
    domain && `domain=${domain.value}`,
    `path=${cookie.path?.value ?? '/'}`,
    secure?.value && 'secure',
    // The worker's "none" means that nothing was said; "explicitNone" is the attribute.
    sameSite !== 'none' && `samesite=${sameSite === 'explicitNone' ? 'none' : sameSite}`,
    httpOnly?.value && 'httponly',
  ]
    .filter(Boolean)
    .join('; ')
}

/** Everything but RFC 3986 unreserved characters is escaped, also what encodeURIComponent spares. */
function escapeDataString(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

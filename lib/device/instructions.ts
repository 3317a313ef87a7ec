/**
 * What a browser is told of its session ("JSON Session Instruction Format" of the draft): which cookie, where to renew it, and for which
 * requests. Pure.
 */

/** Addresses that never wait for a bound cookie: whoever comes there is on their way in or out, or is no person at all. */
const EXCLUDED = [
  '/auth/login',
  '/auth/callback',
  '/auth/device',
  '/auth/frontchannel-logout',
  '/auth/signed-out',
  '/health',
] as const

const REGISTRATION_PATH = '/auth/device'
const REFRESH_PATH = '/auth/device/refresh'

interface Place {
  readonly origin: string
  /** Below which our routes lie. */
  readonly basePath: string
  /** Name and attributes of the bound cookie; a browser compares them with those of Set-Cookie. */
  readonly cookie: { readonly name: string; readonly attributes: string }
}

/**
 * The instructions. The scope is this origin and no other host of its site. Pages of other sites may not start a refresh: it would go out
 * without the session cookie, which SameSite keeps back, and end the binding in the browser.
 */
export function sessionInstructions(sessionId: string, { origin, basePath, cookie }: Place): object {
  return {
    session_identifier: sessionId,
    refresh_url: `${basePath}${REFRESH_PATH}`,
    scope: {
      origin,
      include_site: false,
      scope_specification: EXCLUDED.map((path) => ({
        type: 'exclude',
        domain: '*',
        path: `${basePath}${path}`,
      })),
    },
    credentials: [{ type: 'cookie', ...cookie }],
  }
}

/** `Secure-Session-Registration`: the offer to bind the session, with the algorithms that are understood. */
export function registrationHeader(challenge: string, basePath: string): string {
  return `(ES256 RS256);path="${basePath}${REGISTRATION_PATH}";challenge="${challenge}"`
}

/** `Secure-Session-Challenge`: the challenge to sign next. */
export function challengeHeader(challenge: string, sessionId: string): string {
  return `"${challenge}";id="${sessionId}"`
}

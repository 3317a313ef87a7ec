/**
 * The closed table of refusals and the answer to each, by RFC 6750 section 3. An answer is made of this table and of the guard's
 * own options; nothing of the token or the request is ever in it.
 */

/** How a token is presented: by RFC 6750 section 2.1, or bound to the client certificate of the connection. */
export type Scheme = 'Bearer' | 'MTLS_POP'

/** What the caller has to do differently; the codes of RFC 6750 section 3.1, of Entra's claims challenge, and two of our own. */
type RefusalError =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'insufficient_claims'
  | 'certificate_client_required'
  | 'temporarily_unavailable'

interface RefusalRow {
  readonly status: 400 | 401 | 403 | 503
  /** Absent where no token was sent: RFC 6750 wants no error code then. */
  readonly error?: RefusalError
  readonly message: string
}

/** Every refusal by its reason: status, `error`, and the words. */
export const REFUSALS = {
  no_token: { status: 401, message: 'Send an access token in the Authorization header.' },
  malformed_request: {
    status: 400,
    error: 'invalid_request',
    message: 'The Authorization header must hold exactly one access token.',
  },
  malformed_token: { status: 401, error: 'invalid_token', message: 'The token is not a signed JWT.' },
  wrong_algorithm: { status: 401, error: 'invalid_token', message: 'Only RS256 signatures are accepted.' },
  unknown_key: {
    status: 401,
    error: 'invalid_token',
    message: 'The token names a key that the issuer does not publish.',
  },
  bad_signature: { status: 401, error: 'invalid_token', message: 'The signature does not hold.' },
  wrong_version: { status: 401, error: 'invalid_token', message: 'The token has an unknown version.' },
  not_an_access_token: {
    status: 401,
    error: 'invalid_token',
    message: 'This is not an access token of a user or an application.',
  },
  incomplete_token: { status: 401, error: 'invalid_token', message: 'The token does not name its subject.' },
  wrong_tenant: { status: 401, error: 'invalid_token', message: 'The tenant is not accepted here.' },
  wrong_issuer: { status: 401, error: 'invalid_token', message: 'The token has another issuer.' },
  foreign_key: {
    status: 401,
    error: 'invalid_token',
    message: 'The key that signed may not sign for this issuer.',
  },
  wrong_audience: { status: 401, error: 'invalid_token', message: 'The token is for another API.' },
  expired: { status: 401, error: 'invalid_token', message: 'The token has expired.' },
  not_yet_valid: { status: 401, error: 'invalid_token', message: 'The token is not valid yet.' },
  bound_token: {
    status: 401,
    error: 'invalid_token',
    message:
      'The token is bound to a key and counts only with a proof of that key, never as a mere bearer token.',
  },
  unbound_token: {
    status: 401,
    error: 'invalid_token',
    message: 'The token is bound to no client certificate.',
  },
  no_client_certificate: {
    status: 401,
    error: 'invalid_token',
    message: 'The token is bound to a client certificate, and the connection showed none.',
  },
  other_client_certificate: {
    status: 401,
    error: 'invalid_token',
    message: 'The token is bound to another client certificate than the connection showed.',
  },
  foreign_client: {
    status: 403,
    error: 'certificate_client_required',
    message: 'The client is not one of those that may call this API.',
  },
  public_client: {
    status: 403,
    error: 'certificate_client_required',
    message: 'The client did not authenticate; this API asks for a certificate.',
  },
  secret_client: {
    status: 403,
    error: 'certificate_client_required',
    message: 'The client authenticated with a secret; this API asks for a certificate.',
  },
  unproven_client: {
    status: 403,
    error: 'certificate_client_required',
    message: 'The token does not say that the client authenticated with a certificate.',
  },
  user_required: {
    status: 403,
    error: 'insufficient_scope',
    message: 'This API is called for a user, not by an application alone.',
  },
  app_required: {
    status: 403,
    error: 'insufficient_scope',
    message: 'This API is called by an application, not for a user.',
  },
  missing_scope: {
    status: 403,
    error: 'insufficient_scope',
    message: 'The token holds none of the scopes asked for.',
  },
  missing_role: {
    status: 403,
    error: 'insufficient_scope',
    message: 'The token holds none of the application roles asked for.',
  },
  insufficient_claims: {
    status: 401,
    error: 'insufficient_claims',
    message: 'Ask for a new token with the claims of this challenge.',
  },
  keys_unavailable: {
    status: 503,
    error: 'temporarily_unavailable',
    message: 'Tokens cannot be checked at the moment. Try again shortly.',
  },
} as const satisfies Record<string, RefusalRow>

export type RefusalReason = keyof typeof REFUSALS

/**
 * A refusal as data. It is an `HttpResponseInit` of Azure Functions as it stands; anywhere else it is
 * `Response.json(refusal.jsonBody, refusal)`.
 */
export interface Refusal {
  readonly kind: 'refused'
  readonly reason: RefusalReason
  readonly status: number
  /** `www-authenticate` (or, for a 503, `retry-after`), `cache-control`, and `content-type` for the JSON. */
  readonly headers: Readonly<Record<string, string>>
  readonly jsonBody: {
    readonly error?: RefusalError
    readonly reason: RefusalReason
    readonly message: string
  }
}

/** What a challenge says of the API besides the refusal. */
export interface ChallengeContext {
  readonly realm: string
  /** Where a client gets a token; Microsoft's libraries look for it. */
  readonly authorizationUri: string
}

const RETRY_AFTER_SEC = 10

interface RefusalDetail {
  /** The scheme that was tried, in which the challenge speaks. */
  readonly scheme?: Scheme
  /** What the token needs. */
  readonly scope?: string
  /** The base64 of a claims request. */
  readonly claims?: string
}

/** The answer to one refusal. */
export function refuse(
  reason: RefusalReason,
  { realm, authorizationUri }: ChallengeContext,
  { scheme = 'Bearer', scope, claims }: RefusalDetail = {},
): Refusal {
  const { status, error, message }: RefusalRow = REFUSALS[reason]
  const parameters = {
    realm,
    authorization_uri: authorizationUri,
    ...(error === undefined ? {} : { error, error_description: message }),
    ...(scope === undefined ? {} : { scope }),
    ...(claims === undefined ? {} : { claims }),
  }
  const challenge = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  const headers =
    status === 503
      ? { 'retry-after': String(RETRY_AFTER_SEC) }
      : { 'www-authenticate': `${scheme} ${challenge.join(', ')}` }
  return {
    kind: 'refused',
    reason,
    status,
    headers: { ...headers, 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' },
    jsonBody: { ...(error === undefined ? {} : { error }), reason, message },
  }
}

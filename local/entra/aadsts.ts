/*
 * Entra's refusals: number, OAuth `error`, HTTP status, and a sentence of ours for each. Numbers and `error` values follow
 * Microsoft's reference of AADSTS codes and recorded replies; where neither shows the `error` of a number, the RFC 6749
 * value that fits was chosen and the row says "unconfirmed".
 */
type Row = {
  readonly error: string
  readonly text: string
  readonly status?: 401
  readonly suberror?: string
}

const table = {
  // The application, the tenant, the request.
  700016: { error: 'unauthorized_client', text: 'No application with this client_id exists in the tenant.' },
  7000112: { error: 'unauthorized_client', text: 'The application is disabled by its owner.' },
  50194: {
    error: 'invalid_request',
    text: 'The application admits one tenant only; use that tenant in the path.',
  },
  90002: { error: 'invalid_tenant', text: 'No such tenant.' },
  900144: { error: 'invalid_request', text: 'The request lacks a required parameter.' },
  9000411: { error: 'invalid_request', text: 'A parameter is present more than once.' },
  90023: { error: 'invalid_request', text: 'The authentication request is not valid.' },
  9002326: {
    error: 'invalid_request',
    text: 'A token request with an Origin header is only for single-page applications.',
  },
  70003: { error: 'unsupported_grant_type', text: 'The grant type is not supported.' },
  9001023: {
    error: 'invalid_request',
    text: 'The grant type needs a tenant in the path, not /common, /organizations or /consumers.',
  },
  50196: { error: 'invalid_grant', text: 'The same request came too often: the client loops.' },
  90055: { error: 'temporarily_unavailable', text: 'The tenant sent too many requests.' },

  // Authorization request.
  50011: {
    error: 'invalid_request',
    text: 'The redirect URI is not one of those registered for the application.',
  },
  700054: {
    error: 'unsupported_response_type',
    text: 'This response_type is not enabled for the application.',
  },
  70007: { error: 'invalid_request', text: 'The response_mode is not supported.' },
  50147: { error: 'invalid_request', text: 'The code_challenge has not the size it must have.' },
  501491: { error: 'invalid_request', text: 'The code_challenge_method is neither S256 nor plain.' },
  50058: { error: 'login_required', text: 'Nobody is signed in and the request forbids a prompt.' },
  16000: {
    error: 'interaction_required',
    text: 'Several people are signed in and the request forbids a prompt.',
  },
  50020: { error: 'access_denied', text: 'The account has no place in this tenant.' },
  65004: { error: 'access_denied', text: 'The user declined.' },
  50057: { error: 'invalid_grant', text: 'The account is disabled.' },
  53003: { error: 'access_denied', text: 'Conditional Access policies block the token.' },
  90094: { error: 'consent_required', text: 'An administrator must consent to this application.' },

  // Client authentication.
  7000218: {
    error: 'invalid_client',
    status: 401,
    text: 'The body must carry client_assertion or client_secret.',
  },
  7000215: { error: 'invalid_client', status: 401, text: 'The client secret is not the one registered.' },
  700025: { error: 'invalid_client', status: 401, text: 'A public client must not present a credential.' },
  700027: {
    error: 'invalid_client',
    status: 401,
    text: 'The certificate that signed the client assertion is not registered on the application.',
  },
  7000274: {
    error: 'invalid_client',
    status: 401,
    text: 'The signature of the client assertion is not valid.',
  },
  700024: { error: 'invalid_client', status: 401, text: 'The client assertion is outside its time range.' },
  700023: {
    error: 'invalid_client',
    status: 401,
    text: 'The audience of the client assertion is not this token endpoint.',
  },
  700021: { error: 'invalid_client', status: 401, text: 'The client assertion names another client_id.' },
  50048: { error: 'invalid_client', status: 401, text: 'Subject and issuer of the client assertion differ.' },
  1000502: { error: 'invalid_client', status: 401, text: 'The certificate is outside its validity period.' },
  // "invalid_request" is what was seen live for 5002730; 50027 is taken to be alike (unconfirmed).
  50027: { error: 'invalid_request', text: 'The JWT is malformed.' },
  5002730: { error: 'invalid_request', text: 'The JWT has a signing algorithm that this key cannot serve.' },
  700211: {
    error: 'invalid_client',
    status: 401,
    text: 'No federated credential has the issuer of the presented assertion.',
  },
  700212: {
    error: 'invalid_client',
    status: 401,
    text: 'No federated credential has the audience of the presented assertion.',
  },
  700213: {
    error: 'invalid_client',
    status: 401,
    text: 'No federated credential has the subject of the presented assertion.',
  },

  // Grants.
  70000: { error: 'invalid_grant', text: 'The grant is not one of ours, or not for this client.' },
  70008: { error: 'invalid_grant', text: 'The grant expired.' },
  700082: { error: 'invalid_grant', text: 'The refresh token expired from inactivity.' },
  50173: { error: 'invalid_grant', text: 'The grant was revoked; a fresh sign-in is needed.' },
  54005: { error: 'invalid_grant', text: 'The authorization code was redeemed before.' },
  500112: {
    error: 'invalid_grant', // unconfirmed
    text: 'The redirect URI is not the one of the authorization request.',
  },
  501481: { error: 'invalid_grant', text: 'The code_verifier does not match the code_challenge.' },
  700005: { error: 'invalid_grant', text: 'The code was issued under another tenant path.' },
  65001: {
    error: 'invalid_grant',
    suberror: 'consent_required',
    text: 'User or administrator has not consented to what is asked.',
  },
  50076: {
    error: 'interaction_required',
    suberror: 'basic_action',
    text: 'Policy asks for a stronger authentication than the grant has.',
  },
  50013: { error: 'invalid_grant', text: 'The assertion is not valid.' },
  500131: { error: 'invalid_grant', text: 'The audience of the assertion is not this application.' },
  500133: { error: 'invalid_grant', text: 'The assertion is outside its time range.' },
  7000114: { error: 'invalid_grant', text: 'The assertion is not a user token.' },

  // Scopes and resources.
  70011: { error: 'invalid_scope', text: 'The scope is not valid.' },
  28000: { error: 'invalid_scope', text: 'The scope spans more than one resource.' },
  1002012: {
    error: 'invalid_scope',
    text: 'A client_credentials scope is the resource identifier followed by /.default.',
  },
  500011: { error: 'invalid_resource', text: 'The resource does not exist in the tenant.' },
} as const satisfies Record<number, Row>

/** A number the look-alike can refuse with. */
export type AadstsCode = keyof typeof table

type Extras = {
  /** Claims challenge, as the JSON text Entra sends in `claims`. */
  readonly claims?: string
  /** The authorization endpoint uses another `error` for the same number than the token endpoint. */
  readonly error?: string
}

/** A refusal, on its way to becoming JSON, an error response to the redirect URI, or a page. */
export class AadstsError extends Error {
  readonly code: AadstsCode
  readonly error: string
  readonly status: 400 | 401
  readonly suberror: string | undefined
  readonly claims: string | undefined

  constructor(code: AadstsCode, detail?: string, extras: Extras = {}) {
    const row: Row = table[code]
    super(detail ? `${row.text} ${detail}` : row.text)
    this.name = 'AadstsError'
    this.code = code
    this.error = extras.error ?? row.error
    this.status = row.status ?? 400
    this.suberror = row.suberror
    this.claims = extras.claims
  }
}

/** What ties a refusal to its log entry. */
export type Trace = { readonly traceId: string; readonly correlationId: string }

/** The members of Entra's error body (token endpoint), in its order. */
export function errorBody(error: AadstsError, trace: Trace, nowMs: number, origin: string) {
  return {
    error: error.error,
    error_description: describe(error, trace, nowMs),
    error_codes: [error.code],
    timestamp: timestamp(nowMs),
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    error_uri: `${origin}/error?code=${error.code}`,
    ...(error.suberror ? { suberror: error.suberror } : {}),
    ...(error.claims ? { claims: error.claims } : {}),
  }
}

/** Entra's `error_description`: the number, the sentence, and three lines for support. */
export function describe(error: AadstsError, trace: Trace, nowMs: number): string {
  return [
    `AADSTS${error.code}: ${error.message}`,
    `Trace ID: ${trace.traceId}`,
    `Correlation ID: ${trace.correlationId}`,
    `Timestamp: ${timestamp(nowMs)}`,
  ].join('\r\n')
}

/** Entra writes times as `2016-01-09 02:02:12Z`. */
function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19).replace('T', ' ')}Z`
}

/**
 * What an OAuth error of Entra means to us: the RFC 6749 `error` decides, never an AADSTS number, which Microsoft reserves the
 * right to change. The log gets the names, numbers and trace ids as facts; descriptions it does not, because they can name a person.
 */
import * as oauth from 'oauth4webapi'
import type { LogFacts } from '../base/effects.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

const AUTHORIZATION: ReadonlyMap<string, ErrorCode> = new Map([
  ['access_denied', 'entra/no_access'],
  ['login_required', 'entra/interaction_required'],
  ['interaction_required', 'entra/interaction_required'],
  ['consent_required', 'entra/no_access'],
  ['server_error', 'entra/unavailable'],
  ['temporarily_unavailable', 'entra/unavailable'],
])

const TOKEN: ReadonlyMap<string, ErrorCode> = new Map([
  ['invalid_grant', 'entra/grant_rejected'],
  ['interaction_required', 'entra/interaction_required'],
  ['consent_required', 'entra/no_access'],
  ['invalid_client', 'entra/client_rejected'],
  ['unauthorized_client', 'entra/client_rejected'],
  ['temporarily_unavailable', 'entra/unavailable'],
  ['server_error', 'entra/unavailable'],
])

/** What `invalid_grant` means where Entra's `suberror` says that the person has to do something first. */
const GRANT: ReadonlyMap<unknown, ErrorCode> = new Map([
  ['basic_action', 'entra/interaction_required'],
  ['additional_action', 'entra/interaction_required'],
  ['message_only', 'entra/interaction_required'],
  ['user_password_expired', 'entra/interaction_required'],
  ['consent_required', 'entra/no_access'],
])

/** AADSTS numbers of one error that are kept: Entra sends one or two. */
const MOST_NUMBERS = 3
const LONGEST_NAME = 64
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * An error that came back through the browser (RFC 6749 section 4.1.2.1). `access_denied` means both "the person cancelled" and
 * "the organisation said no"; Entra tells them apart by a parameter of its own, `error_subcode=cancel` (seen, not documented).
 */
export function authorizationError(parameters: URLSearchParams): AppError {
  const error = parameters.get('error') ?? ''
  const cancelled = error === 'access_denied' && parameters.get('error_subcode') === 'cancel'
  const code = cancelled ? 'entra/cancelled' : (AUTHORIZATION.get(error) ?? 'entra/request_rejected')
  const description = parameters.get('error_description') ?? ''
  const numbers = description.match(/AADSTS\d{4,8}/g)?.slice(0, MOST_NUMBERS) ?? []
  const told = {
    error,
    error_subcode: parameters.get('error_subcode') ?? undefined,
    error_codes: numbers.map((number) => Number(number.slice('AADSTS'.length))),
    trace_id: /\bTrace ID: ([\w-]{36})\b/.exec(description)?.[1],
    correlation_id: /\bCorrelation ID: ([\w-]{36})\b/.exec(description)?.[1],
  }
  return new AppError(code, { detail: [printable(error), ...numbers].join(' '), facts: entraFacts(told) })
}

/** Any fault of a token request: an OAuth error (RFC 6749 section 5.2), an answer that is none, or an ID token refused. */
export function tokenResponseError(fault: unknown): AppError {
  if (fault instanceof oauth.ResponseBodyError) {
    return fault.status === 429 ? unavailable(fault.response) : oauthError(fault.error, { ...fault.cause })
  }
  if (fault instanceof oauth.WWWAuthenticateChallengeError)
    return new AppError('entra/client_rejected', { detail: 'challenge' })
  if (fault instanceof oauth.OperationProcessingError || fault instanceof oauth.UnsupportedOperationError)
    return processingError(fault)
  return asAppError(fault)
}

function oauthError(error: string, body: Readonly<Record<string, unknown>>): AppError {
  const detail = [printable(error), ...numbersIn(body.error_codes).map((code) => `AADSTS${code}`)]
  if (typeof body.suberror === 'string') detail.push(printable(body.suberror))
  const claims = typeof body.claims === 'string' ? { claims: body.claims } : {}
  const facts = entraFacts({ ...body, error })
  return new AppError(tokenErrorCode(error, body), { detail: detail.join(' '), facts, ...claims })
}

/** What Entra calls an error, as facts for the log: names in their own characters, numbers, ids that are ids, and never the description. */
function entraFacts(told: Readonly<Record<string, unknown>>): LogFacts {
  const name = (value: unknown) => (typeof value === 'string' && value !== '' ? printable(value) : undefined)
  const id = (value: unknown) => (typeof value === 'string' && ID.test(value) ? value : undefined)
  const numbers = numbersIn(told.error_codes)
  return {
    entraError: name(told.error),
    entraErrorCodes: numbers.length === 0 ? undefined : numbers,
    entraSuberror: name(told.suberror ?? told.error_subcode),
    entraTraceId: id(told.trace_id),
    entraCorrelationId: id(told.correlation_id),
  }
}

function numbersIn(codes: unknown): readonly number[] {
  return Array.isArray(codes) ? codes.filter(Number.isInteger).slice(0, MOST_NUMBERS) : []
}

/** A grant that lacks a claim which only the person can obtain is as good as it was: that is no reason to end a session. */
function tokenErrorCode(error: string, { suberror, claims }: Readonly<Record<string, unknown>>): ErrorCode {
  const demanded = typeof claims === 'string' ? 'entra/interaction_required' : undefined
  const ofGrant = error === 'invalid_grant' ? (GRANT.get(suberror) ?? demanded) : undefined
  return ofGrant ?? TOKEN.get(error) ?? 'entra/request_rejected'
}

/** The library says in `cause` what it was looking at: the response, its body, or header or claims of the ID token. */
function processingError({ cause, message }: Error): AppError {
  if (cause instanceof Response && (cause.status === 429 || cause.status >= 500)) return unavailable(cause)
  const isAboutIdToken =
    typeof cause === 'object' && cause !== null && ('claims' in cause || 'header' in cause)
  return new AppError(isAboutIdToken ? 'entra/id_token_rejected' : 'entra/malformed_response', {
    detail: message,
  })
}

function unavailable(response: Response): AppError {
  const retryAfterSec = Number(response.headers.get('retry-after') ?? Number.NaN)
  const detail = `status ${response.status}`
  return new AppError(
    'entra/unavailable',
    Number.isFinite(retryAfterSec) ? { detail, retryAfterSec } : { detail },
  )
}

/** A name from outside, in the characters that names of errors have, and short enough for a log line. */
function printable(name: string): string {
  return name.replace(/[^\w .:-]/g, '?').slice(0, LONGEST_NAME)
}

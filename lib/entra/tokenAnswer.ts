/**
 * Answers of the token endpoint, judged by their status, then by their body, and by headers only for what they alone say. What a refusal
 * means is decided by the RFC 6749 `error`, with one exception: Entra says `invalid_grant` as well where it throttles one person, and tells
 * that by a number alone.
 */
import * as oauth from 'oauth4webapi'
import { retryAfterOf } from '../base/retryAfter.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'
import { entraFacts, shownError } from './errorResponse.ts'

const TOKEN: ReadonlyMap<string, ErrorCode> = new Map([
  ['invalid_grant', 'entra/grant_rejected'],
  ['interaction_required', 'entra/interaction_required'],
  ['login_required', 'entra/interaction_required'],
  ['consent_required', 'entra/no_access'],
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

/** A person whose requests come too often, in a loop as it seems to Entra; the grant is as good as before. */
const THROTTLED = 'AADSTS50196'
/** How long that person's grants are left in peace where the answer does not say, as by Microsoft's own libraries. Seconds. */
const THROTTLED_SEC = 60

/**
 * Lets an answer pass that holds tokens, and throws what any other means: `entra/*`. A challenge in `WWW-Authenticate`, which the library
 * would look at first, says nothing that counts.
 */
export async function requireTokens(answer: Response, nowMs: number): Promise<void> {
  const { status, headers } = answer
  if (status === 200) return
  const body = await errorBody(answer)
  const facts = body === undefined ? {} : entraFacts(body)
  const retryAfter = retryAfterOf(headers.get('retry-after'), nowMs)
  if (status === 408 || status === 429 || status >= 500)
    throw new AppError('entra/unavailable', { detail: `status ${status}`, facts, ...retryAfter })
  if (body === undefined || status < 400)
    throw new AppError('entra/malformed_response', {
      detail: `status ${status}`,
      facts: { ...facts, answerStatus: status },
    })
  if (isThrottled(body)) {
    const pause = { retryAfterSec: THROTTLED_SEC, ...retryAfter, ofGrant: true }
    throw new AppError('entra/unavailable', { detail: shownError(body), facts, ...pause })
  }
  const code = codeOf(body, status)
  throw new AppError(code, {
    detail: shownError(body),
    facts:
      code === 'entra/client_rejected' ? { ...facts, clockAheadSec: clockAheadSec(headers, nowMs) } : facts,
    ...(typeof body.claims === 'string' ? { claims: body.claims } : {}),
    ...(code === 'entra/unavailable' ? retryAfter : {}),
  })
}

/**
 * Whether somebody on the way refused this very request, as a filter does that does not like what it holds: a status of 4xx and no OAuth error
 * (RFC 6749 section 5.2). Of a request with other contents that says nothing.
 */
export function isRefusalOfContents({ code, context }: AppError): boolean {
  const status = Number(context.facts?.answerStatus)
  return code === 'entra/malformed_response' && status >= 400 && status < 500
}

/** Any other fault of a token request: an answer with status 200 that is none, or an ID token refused. */
export function tokenResponseError(fault: unknown): AppError {
  if (fault instanceof oauth.OperationProcessingError || fault instanceof oauth.UnsupportedOperationError)
    return processingError(fault)
  return asAppError(fault)
}

/** An OAuth error as JSON (RFC 6749 section 5.2). */
interface ErrorBody {
  readonly error: string
  readonly [member: string]: unknown
}

async function errorBody(answer: Response): Promise<ErrorBody | undefined> {
  const [mediaType = ''] = (answer.headers.get('content-type') ?? '').split(';')
  if (mediaType.trim().toLowerCase() !== 'application/json') return undefined
  const body: unknown = await answer.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined
  return typeof body.error === 'string' && body.error !== '' ? { ...body, error: body.error } : undefined
}

/**
 * A grant that lacks a claim which only the person can obtain is as good as it was: that is no reason to end a session. `invalid_client`
 * speaks of the client where client authentication is answered (RFC 6749 section 5.2); under another status something else speaks.
 */
function codeOf({ error, suberror, claims }: ErrorBody, status: number): ErrorCode {
  if (error === 'invalid_client' && (status === 400 || status === 401)) return 'entra/client_rejected'
  const demanded = typeof claims === 'string' ? 'entra/interaction_required' : undefined
  const ofGrant = error === 'invalid_grant' ? (GRANT.get(suberror) ?? demanded) : undefined
  return ofGrant ?? TOKEN.get(error) ?? 'entra/request_rejected'
}

function isThrottled({ error, error_codes: codes, error_description: text }: ErrorBody): boolean {
  const isNumbered = Array.isArray(codes) && codes.some((code) => `AADSTS${code}` === THROTTLED)
  const isDescribed = typeof text === 'string' && text.startsWith(`${THROTTLED}:`)
  return error === 'invalid_grant' && (isNumbered || isDescribed)
}

/** How far our clock is ahead of the answer's: a refused assertion may be about that. */
function clockAheadSec(headers: Headers, nowMs: number): number | undefined {
  const dateMs = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(dateMs) ? undefined : Math.round((nowMs - dateMs) / 1_000)
}

/** The library says in `cause` what it was looking at: the response, its body, or header or claims of the ID token. */
function processingError({ cause, message }: Error): AppError {
  const seen = typeof cause === 'object' && cause !== null ? cause : {}
  if ('header' in seen) return new AppError('entra/id_token_rejected', { detail: message, rule: 'alg' })
  if (!('claims' in seen)) return new AppError('entra/malformed_response', { detail: message })
  const rule = 'claim' in seen ? { rule: String(seen.claim) } : {}
  return new AppError('entra/id_token_rejected', { detail: message, ...rule })
}

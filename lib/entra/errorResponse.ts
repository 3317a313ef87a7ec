/**
 * What an OAuth error of Entra means to us: the RFC 6749 `error` decides, never an AADSTS number, which Microsoft reserves the
 * right to change, but for one by which alone the token endpoint tells that it throttles a person. The log gets the names, numbers and trace ids as facts; descriptions it does not, because they can name a person.
 */
import type { LogFacts } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

const AUTHORIZATION: ReadonlyMap<string, ErrorCode> = new Map([
  ['access_denied', 'entra/no_access'],
  ['login_required', 'entra/interaction_required'],
  ['interaction_required', 'entra/interaction_required'],
  ['account_selection_required', 'entra/interaction_required'],
  ['consent_required', 'entra/no_access'],
  // Of the page on which an administrator consents.
  ['permission_denied', 'entra/no_access'],
  ['server_error', 'entra/unavailable'],
  ['temporarily_unavailable', 'entra/unavailable'],
])

/** AADSTS numbers of one error that are kept: Entra sends one or two. */
const MOST_NUMBERS = 3
const LONGEST_NAME = 64
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * An error that came back through the browser (RFC 6749 section 4.1.2.1). `access_denied` means both "the person cancelled" and
 * "the organisation said no"; Entra tells them apart by a parameter of its own, `error_subcode=cancel` (seen, not documented).
 * Anybody can send any error: none counts as our fault before a sign-in with it was seen.
 */
export function authorizationError(parameters: URLSearchParams): AppError {
  const error = parameters.get('error') ?? ''
  const cancelled = error === 'access_denied' && parameters.get('error_subcode') === 'cancel'
  const code = cancelled ? 'entra/cancelled' : (AUTHORIZATION.get(error) ?? 'entra/sign_in_refused')
  const description = parameters.get('error_description') ?? ''
  const numbers = description.match(/AADSTS\d{4,8}/g)?.slice(0, MOST_NUMBERS) ?? []
  const named = {
    error,
    error_subcode: parameters.get('error_subcode') ?? undefined,
    error_codes: numbers.map((number) => Number(number.slice('AADSTS'.length))),
    trace_id: /\bTrace ID: ([\w-]{36})\b/.exec(description)?.[1],
    correlation_id: /\bCorrelation ID: ([\w-]{36})\b/.exec(description)?.[1],
  }
  return new AppError(code, { detail: [printable(error), ...numbers].join(' '), facts: entraFacts(named) })
}

/** What Entra calls an error, as facts for the log: names in their own characters, numbers, ids that are ids, and never the description. */
export function entraFacts(answer: Readonly<Record<string, unknown>>): LogFacts {
  const name = (value: unknown) => (typeof value === 'string' && value !== '' ? printable(value) : undefined)
  const id = (value: unknown) => (typeof value === 'string' && ID.test(value) ? value : undefined)
  const numbers = numbersIn(answer.error_codes)
  return {
    entraError: name(answer.error),
    entraErrorCodes: numbers.length === 0 ? undefined : numbers,
    entraSuberror: name(answer.suberror ?? answer.error_subcode),
    entraTraceId: id(answer.trace_id),
    entraCorrelationId: id(answer.correlation_id),
  }
}

/** `error` with its numbers and, where there is one, the suberror: for a line of the log. */
export function shownError({
  error,
  error_codes: codes,
  suberror,
}: Readonly<Record<string, unknown>>): string {
  const names = [error, suberror].filter((name) => typeof name === 'string')
  const [first = '', ...others] = names.map(printable)
  return [first, ...numbersIn(codes).map((code) => `AADSTS${code}`), ...others].join(' ')
}

function numbersIn(codes: unknown): readonly number[] {
  return Array.isArray(codes) ? codes.filter(Number.isInteger).slice(0, MOST_NUMBERS) : []
}

/** A name from outside, in the characters that names of errors have, and short enough for a log line. */
function printable(name: string): string {
  return name.replace(/[^\w .:-]/g, '?').slice(0, LONGEST_NAME)
}

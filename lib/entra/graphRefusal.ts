/**
 * What a refusal of Microsoft Graph means to us. Names come before the status: what a directory says about a limit arrives as a 403 like a
 * missing right does. Descriptions are not read: they are meant for people, change, and can name them.
 */
import type { LogFacts } from '../base/effects.ts'
import { retryAfterOf } from '../base/retryAfter.ts'
import { AppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

/** Of the names that Graph gives a refusal, the outer one and those of its details. */
type Names = readonly string[]

const LONGEST_NAME = 64
const ID = /^[\w-]{8,64}$/
/** Two names of one limit: of values in a collection, and of the object's size. */
const LIMITS = ['Directory_QuotaExceeded', 'Directory_ResourceSizeExceeded']
/** Graph says this of a proof that it cannot use, whatever is wrong with it, and of no token of ours. */
const PROOF = 'Authentication_MissingOrMalformed'
/** `CredentialInvalidLifetimeAsPerAppPolicy` and its like. */
const POLICY = /AsPerAppPolicy$/
/** Two writers met at one object: the next try finds it at peace. */
const CONFLICT = 'Directory_ConcurrencyViolation'

/** Whether the request carried a proof of possession. */
export interface Asked {
  readonly withProof: boolean
}

/** The refusal in an answer that is none of success. `body` is what its JSON holds, undefined where it is none. */
export function graphRefusal(response: Response, body: unknown, asked: Asked, nowMs: number): AppError {
  const names = namesIn(body)
  return new AppError(codeOf(response.status, names, asked), {
    detail: [response.status, ...names].join(' '),
    facts: factsOf(response, names),
    ...retryAfterOf(response.headers.get('retry-after'), nowMs),
  })
}

function codeOf(status: number, names: Names, { withProof }: Asked): ErrorCode {
  if (status === 429) return 'graph/throttled'
  if (status >= 500 || status === 408 || names.includes(CONFLICT)) return 'graph/unavailable'
  // Graph names each refusal of its own. A proxy's page does not.
  if (names.length === 0) return 'graph/malformed_response'
  if (names.some((name) => LIMITS.includes(name))) return 'graph/key_limit'
  if (names.some((name) => POLICY.test(name))) return 'graph/policy_refused'
  if (withProof && names.includes(PROOF)) return 'graph/proof_refused'
  if (status === 401) return 'graph/token_refused'
  if (status === 403) return 'graph/forbidden'
  if (status === 404) return 'graph/not_found'
  return 'graph/request_rejected'
}

/** `{error: {code, details: [{code}]}}`, outermost first. */
function namesIn(body: unknown): Names {
  const { error } = membersOf(body)
  const { code, details } = membersOf(error)
  const inner = Array.isArray(details) ? details.map((detail) => membersOf(detail).code) : []
  return [code, ...inner].filter((name) => typeof name === 'string' && name !== '').map(printable)
}

/** Microsoft finds a request again by the first of these, and by our own in `client-request-id`. */
function factsOf({ headers, status }: Response, names: Names): LogFacts {
  const requestId = headers.get('request-id') ?? ''
  return {
    graphStatus: status,
    graphErrors: names.length === 0 ? undefined : names,
    graphRequestId: ID.test(requestId) ? requestId : undefined,
  }
}

/** A name from outside, in the characters that names of errors have, and short enough for a log line. */
function printable(name: unknown): string {
  return String(name)
    .replace(/[^\w .:-]/g, '?')
    .slice(0, LONGEST_NAME)
}

/** What may be asked for its members without a fault. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

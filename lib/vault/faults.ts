/**
 * What went wrong at the vault, as one of our codes. The SDK throws several shapes, among them a bare TypeError for an error
 * with an empty body, so anything unknown counts as "unavailable" and never as a bug of ours.
 */
import { AppError, type ErrorCode } from '../errors.ts'

/** The parts of the SDK's RestError that are read; none of them is certain to be there. */
interface VaultFault {
  readonly name?: unknown
  readonly statusCode?: unknown
  readonly code?: unknown
  readonly response?: { readonly headers?: { get(name: string): string | undefined } }
}

const IDENTITY_ERRORS = new Set([
  'CredentialUnavailableError',
  'AuthenticationError',
  'AuthenticationRequiredError',
])
const RETRYABLE = new Set<ErrorCode>(['vault/throttled', 'vault/unavailable', 'vault/timeout'])

export function vaultError(fault: unknown): AppError {
  if (fault instanceof AppError) return fault
  const seen: VaultFault = typeof fault === 'object' && fault !== null ? fault : {}
  const code = codeOf(seen)
  const retryAfterSec = retryAfter(seen)
  return new AppError(code, {
    cause: fault,
    detail: [seen.name, seen.statusCode, seen.code].filter((part) => part !== undefined).join(' '),
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
  })
}

/** Signing is idempotent, so everything that may pass by itself may be tried again. */
export function isRetryable(error: AppError): boolean {
  return RETRYABLE.has(error.code)
}

function codeOf({ name, statusCode, code }: VaultFault): ErrorCode {
  if (name === 'AbortError' || name === 'TimeoutError') return 'vault/timeout'
  if (typeof name === 'string' && IDENTITY_ERRORS.has(name)) return 'identity/unavailable'
  if (statusCode === 429) return 'vault/throttled'
  if (statusCode === 401) return 'identity/unavailable'
  if (statusCode === 403) return code === 'KeyDisabled' ? 'vault/key_unusable' : 'vault/forbidden'
  if (statusCode === 400 || statusCode === 404 || statusCode === 409) return 'vault/key_unusable'
  return 'vault/unavailable'
}

function retryAfter({ response }: VaultFault): number | undefined {
  const seconds = Number(response?.headers?.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

/**
 * What went wrong at the vault, as one of our codes. The SDK throws several shapes, among them a bare TypeError for an error
 * with an empty body, so anything unknown counts as "unavailable" and never as a bug of ours.
 */
import { AppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

/** The parts of the SDK's RestError that are read; none of them is certain to be there. */
interface VaultFault {
  readonly name?: unknown
  readonly statusCode?: unknown
  readonly code?: unknown
  readonly details?: { readonly error?: { readonly innerError?: { readonly code?: unknown } } }
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } }
}

const IDENTITY_ERRORS = new Set([
  'CredentialUnavailableError',
  'AuthenticationError',
  'AuthenticationRequiredError',
])
const RETRYABLE = new Set<ErrorCode>(['vault/throttled', 'vault/unavailable', 'vault/timeout'])

/** Any fault of the vault or on the way to it as an AppError; one that is an AppError already stays as it is. */
export function vaultError(fault: unknown): AppError {
  if (fault instanceof AppError) return fault
  const seen: VaultFault = typeof fault === 'object' && fault !== null ? fault : {}
  const retryAfterSec = retryAfter(seen)
  const facts = [seen.name, seen.statusCode, seen.code, innerCode(seen)]
  return new AppError(codeOf(seen), {
    cause: fault,
    detail: facts.filter((fact) => typeof fact === 'string' || typeof fact === 'number').join(' '),
    ...(retryAfterSec === undefined ? {} : { retryAfterSec }),
  })
}

/** Signing is idempotent, so everything that may pass by itself may be tried again. */
export function isRetryable(error: AppError): boolean {
  return RETRYABLE.has(error.code)
}

function codeOf(fault: VaultFault): ErrorCode {
  const { name, statusCode } = fault
  if (name === 'AbortError' || name === 'TimeoutError') return 'vault/timeout'
  if (typeof name === 'string' && IDENTITY_ERRORS.has(name)) return 'identity/unavailable'
  if (statusCode === 429) return 'vault/throttled'
  if (statusCode === 401) return 'identity/unavailable'
  // `KeyDisabled` is known; that other states of a key are named like it is an assumption. `ForbiddenBy…` is about access.
  if (statusCode === 403)
    return /^Key/.test(String(innerCode(fault))) ? 'vault/key_unusable' : 'vault/forbidden'
  if (statusCode === 400 || statusCode === 404 || statusCode === 409) return 'vault/key_unusable'
  return 'vault/unavailable'
}

/** The vault's own code under a general one like `Forbidden`. */
function innerCode({ details }: VaultFault): unknown {
  return details?.error?.innerError?.code
}

function retryAfter({ response }: VaultFault): number | undefined {
  const seconds = Number(response?.headers?.get?.('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined
}

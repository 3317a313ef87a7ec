/**
 * What went wrong at the vault, as one of our codes. The SDK throws several shapes, among them a bare TypeError for an error
 * with an empty body, so anything unknown counts as "unavailable" and never as a bug of ours.
 */
import { retryAfterOf } from '../base/retryAfter.ts'
import { AppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'

/** The parts of the SDK's RestError that are read; none of them is certain to be there. */
interface VaultFault {
  readonly name?: unknown
  readonly message?: unknown
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

/**
 * The SDK believes a vault only under the domain that the vault itself names as resource, and says otherwise in nothing but words: under
 * an alias, the vault is there and cannot be used.
 */
const FOREIGN_DOMAIN = /^The challenge resource .* does not match the requested domain/

/** Any fault of the vault or on the way to it as an AppError; one that is an AppError already stays as it is. */
export function vaultError(fault: unknown, nowMs: number): AppError {
  if (fault instanceof AppError) return fault
  const seen: VaultFault = typeof fault === 'object' && fault !== null ? fault : {}
  const facts = [seen.name, seen.statusCode, seen.code, innerCode(seen)]
  return new AppError(codeOf(seen), {
    cause: fault,
    detail: facts.filter((fact) => typeof fact === 'string' || typeof fact === 'number').join(' '),
    ...retryAfterOf(seen.response?.headers?.get?.('retry-after'), nowMs),
  })
}

/** Signing is idempotent, so everything that may pass by itself may be tried again. */
export function isRetryable(error: AppError): boolean {
  return RETRYABLE.has(error.code)
}

function codeOf(fault: VaultFault): ErrorCode {
  const { name, message, statusCode } = fault
  if (isMisaddressed(message, fault.code)) return 'vault/misaddressed'
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

/** The address leads to a vault, or to something else with TLS, that goes by another name. */
function isMisaddressed(message: unknown, code: unknown): boolean {
  return (
    code === 'ERR_TLS_CERT_ALTNAME_INVALID' || (typeof message === 'string' && FOREIGN_DOMAIN.test(message))
  )
}

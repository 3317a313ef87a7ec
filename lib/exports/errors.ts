/** `signet-entra/errors`: the one class that everything in the library throws, and the codes that its users can meet. */
import type { ErrorCode } from '../errors/table.ts'

export { AppError, type ErrorContext } from '../errors/appError.ts'
export type { ErrorKind } from '../errors/row.ts'
export type { ErrorCode } from '../errors/table.ts'

/** Every `code` that a call into the library can throw; other codes belong to the sign-in backend alone. */
export const LIBRARY_ERRORS = [
  'config/invalid',
  'identity/unavailable',
  'vault/throttled',
  'vault/timeout',
  'vault/unavailable',
  'vault/forbidden',
  'vault/key_unusable',
  'vault/misaddressed',
  'entra/unavailable',
  'entra/malformed_response',
  'entra/client_rejected',
  'entra/request_rejected',
  'entra/grant_rejected',
  'entra/interaction_required',
  'entra/no_access',
  'entra/id_token_rejected',
  'bug/unexpected',
] as const satisfies readonly ErrorCode[]

export type LibraryErrorCode = (typeof LIBRARY_ERRORS)[number]

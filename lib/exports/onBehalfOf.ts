/** `signet/on-behalf-of`: an API calls further APIs as the person who called it, with a vault-signed assertion. */
import { createOnBehalfOf, type OnBehalfOf } from '../entra/onBehalfOf.ts'
import { AppError } from '../errors.ts'
import { createEntraClient, type EntraClientOptions } from './vaultClient.ts'

export type { OnBehalfOf, OnBehalfOfInput } from '../entra/onBehalfOf.ts'
export type { EntraClientOptions, VaultAssertionOptions } from './vaultClient.ts'

/** A client that exchanges callers' tokens; `clientId` is that of the API itself. Throws `config/invalid`. */
export function createOnBehalfOfClient(options: EntraClientOptions): OnBehalfOf {
  return Object.freeze(createOnBehalfOf(createEntraClient(options)))
}

/**
 * The claims that a failed exchange demands of the person, as JSON text for the guard's `demandClaims`; undefined for any other fault.
 * Only the person's own client can satisfy them, so the API passes them on as a challenge of its own.
 */
export function demandedClaims(fault: unknown): string | undefined {
  const isDemand = fault instanceof AppError && fault.code === 'entra/interaction_required'
  return isDemand ? fault.context.claims : undefined
}

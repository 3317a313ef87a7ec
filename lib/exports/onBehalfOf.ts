/** `signet-entra/on-behalf-of`: an API calls further APIs as the person who called it, with a vault-signed assertion. */
import { createOnBehalfOf, type OnBehalfOf } from '../entra/onBehalfOf.ts'
import { AppError } from '../errors/appError.ts'
import { createEntraClient, type EntraClientOptions } from './vaultClient.ts'

/**
 * The claims that the next API asks for in its `WWW-Authenticate` (Entra's claims challenge), as the JSON text that `exchange` takes;
 * undefined where the header holds no such challenge.
 */
export { challengedClaims } from '../entra/claimsChallenge.ts'
export type { OnBehalfOf, OnBehalfOfInput } from '../entra/onBehalfOf.ts'
export type { EntraClientOptions, VaultAssertionOptions, VaultTokenCredential } from './vaultClient.ts'

/** A client that exchanges callers' tokens; `clientId` is that of the API itself. Throws `config/invalid`. */
export function createOnBehalfOfClient(options: EntraClientOptions): OnBehalfOf {
  return Object.freeze(createOnBehalfOf(createEntraClient(options)))
}

/**
 * The claims that a failed exchange demands of the person, as JSON text for the guard's `demandClaims`; undefined for any other fault.
 * Only the person's own client can satisfy them, so the API passes them on as a challenge of its own.
 */
export function demandedClaims(fault: unknown): string | undefined {
  return fault instanceof AppError ? fault.context.claims : undefined
}

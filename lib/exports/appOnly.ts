/** `signet-entra/app-only`: access as the app itself, by client credentials with a vault-signed assertion. */
import { type AppOnlyTokens, createAppOnlyTokens } from '../entra/appOnlyTokens.ts'
import { createEntraClient, type EntraClientOptions } from './vaultClient.ts'

export type { AppOnlyTokens } from '../entra/appOnlyTokens.ts'
export type { EntraClientOptions, VaultAssertionOptions, VaultTokenCredential } from './vaultClient.ts'

/**
 * A client for calls as the app itself. Give it a registration of its own: application permissions beside delegated ones under one
 * client let that client's credential alone open what was meant to need a person. Throws `config/invalid`.
 */
export function createAppOnlyClient(options: EntraClientOptions): AppOnlyTokens {
  return Object.freeze(createAppOnlyTokens(createEntraClient(options)))
}

/** `signet/app-only`: access as the app itself, by client credentials with a vault-signed assertion. */
import { createCertificateCredential } from '../credential/certificateCredential.ts'
import { type AppOnlyTokens, createAppOnlyTokens } from '../entra/appOnlyTokens.ts'
import { createTokenEndpoint } from '../entra/tokenEndpoint.ts'
import { realEffects } from '../realEffects.ts'
import { entraUrls } from '../urls.ts'
import type { VaultAssertionOptions } from './assertion.ts'

export interface AppOnlyClientOptions extends VaultAssertionOptions {
  /** GUID of the tenant whose resources are called. */
  readonly tenantId: string
  /** Sign-in host; `https://login.microsoftonline.com` unless told. */
  readonly authorityHost?: string
}

/**
 * A client for calls as the app itself. Give it a registration of its own: application permissions beside delegated ones under one
 * client let that client's credential alone open what was meant to need a person.
 */
export function createAppOnlyClient(options: AppOnlyClientOptions): AppOnlyTokens {
  const {
    clientId,
    tenantId,
    authorityHost = 'https://login.microsoftonline.com',
    log = () => undefined,
  } = options
  const { certificateVersion } = options
  const effects = { ...realEffects, log }
  const pinned = certificateVersion === undefined ? {} : { certificateVersion }
  const vault = { url: options.vaultUrl, certificate: options.certificate, ...pinned }
  const credential = createCertificateCredential({ clientId, vault, identity: options.credential, effects })
  const { issuerTemplate, token: url } = entraUrls(authorityHost, tenantId)
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  return createAppOnlyTokens({ endpoint, credential, effects })
}

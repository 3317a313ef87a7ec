/** What every entry of the library is told of the vault, the client and Entra, and the parts that follow from it. */
import type { Effects, Log } from '../base/effects.ts'
import { libraryEffects } from '../base/realEffects.ts'
import { readAssertionSettings } from '../config/assertionSettings.ts'
import {
  createSettingsReader,
  isCertificateName,
  isCertificateVersion,
  type SettingsReader,
} from '../config/settingsReader.ts'
import { entraUrls } from '../config/urls.ts'
import { assertionProfile } from '../credential/assertionProfile.ts'
import { createCertificateCredential } from '../credential/certificateCredential.ts'
import type { ClientCredential } from '../credential/clientCredential.ts'
import { createTokenEndpoint, type TokenEndpoint } from '../entra/tokenEndpoint.ts'
import { AppError } from '../errors/appError.ts'

/** What gets the vault's access tokens: every credential of `@azure/identity` is one. */
export interface VaultTokenCredential {
  getToken(scopes: string | string[]): Promise<{ token: string; expiresOnTimestamp: number } | null>
}

export interface VaultAssertionOptions {
  /** Origin of the vault, e.g. `https://contoso-signet.vault.azure.net`. */
  readonly vaultUrl: string
  /** Name of the certificate. */
  readonly certificate: string
  /** One version of it, 32 hex digits; without it the newest one that is a day old, or the only one there is. */
  readonly certificateVersion?: string
  /** Client id of the app registration that knows the certificate. */
  readonly clientId: string
  /** Needs certificates/read and keys/sign on the vault. */
  readonly credential: VaultTokenCredential
  /** By whose rules an assertion is made: `entra` by default; `rfc10070` for strict servers, each used once. */
  readonly profile?: 'entra' | 'rfc10070'
  /** Seconds that an assertion lives from its signature, 60 to 600; default 540, with `rfc10070` 60. */
  readonly lifetimeSec?: number
  /** Issuer of the authorization server: whom assertions of the profile `rfc10070` are for. */
  readonly issuer?: string
  /** Hears of signatures and of renewals that failed; silent unless given. */
  readonly log?: Log
}

export interface EntraClientOptions extends VaultAssertionOptions {
  /** GUID of the tenant whose resources are called. */
  readonly tenantId: string
  /** Sign-in host. Default: `https://login.microsoftonline.com`. */
  readonly authorityHost?: string
  /** Issuer where it does not follow from the host, with `{tenantid}` for the tenant: External ID under a domain of one's own. */
  readonly issuer?: string
}

interface VaultClient {
  readonly clientId: string
  readonly credential: ClientCredential
  readonly effects: Effects
}

interface EntraClient extends VaultClient {
  readonly endpoint: TokenEndpoint
}

/** The credential that the options describe. No I/O. Throws `config/invalid` naming every faulty option. */
export function createVaultClient(options: VaultAssertionOptions): VaultClient {
  const read = readerOf(options)
  const checked = readVaultOptions(read, options)
  const issuer = read.optionalIssuer('issuer')
  if (checked.assertion.profile === 'rfc10070' && issuer === undefined) read.fault('issuer', 'is not set')
  requireNoFaults(read)
  return vaultClient(options, { ...checked, issuer: issuer ?? '' })
}

/** The credential with the tenant's token endpoint. No I/O. Throws `config/invalid` naming every faulty option. */
export function createEntraClient(options: EntraClientOptions): EntraClient {
  const read = readerOf(options)
  const checked = readVaultOptions(read, options)
  const tenantId = read.guid('tenantId')
  const origin = read.origin('authorityHost')
  const issuer = read.optionalIssuer('issuer')
  requireNoFaults(read)
  const { issuerTemplate, token: url } = entraUrls({ origin, tenant: tenantId, issuer })
  const client = vaultClient(options, { ...checked, issuer: issuerTemplate })
  return { ...client, endpoint: createTokenEndpoint({ ...client, issuerTemplate, url }) }
}

function readerOf(options: VaultAssertionOptions & Partial<EntraClientOptions>): SettingsReader {
  const { vaultUrl, certificate, certificateVersion, clientId, tenantId, authorityHost, issuer } = options
  const { profile, lifetimeSec: seconds } = options
  const lifetimeSec = seconds === undefined ? undefined : String(seconds)
  const ofAssertion = { profile, lifetimeSec, issuer }
  return createSettingsReader(
    { vaultUrl, certificate, certificateVersion, clientId, tenantId, authorityHost, ...ofAssertion },
    { authorityHost: 'https://login.microsoftonline.com', profile: 'entra' },
  )
}

function readVaultOptions(read: SettingsReader, { certificateVersion }: VaultAssertionOptions) {
  const certificate = read.text('certificate')
  if (certificate !== '' && !isCertificateName(certificate))
    read.fault('certificate', 'must be the name of a certificate in the vault')
  if (certificateVersion !== undefined && !isCertificateVersion(certificateVersion))
    read.fault('certificateVersion', 'must be the 32 hex digits of a version')
  const pinned = certificateVersion === undefined ? {} : { certificateVersion }
  const vault = { url: read.origin('vaultUrl'), certificate, ...pinned }
  const assertion = readAssertionSettings(read, { profile: 'profile', lifetime: 'lifetimeSec' })
  return { clientId: read.guid('clientId'), vault, assertion }
}

function vaultClient(
  { credential: identity, log = () => undefined }: VaultAssertionOptions,
  { clientId, vault, assertion, issuer }: ReturnType<typeof readVaultOptions> & { readonly issuer: string },
): VaultClient {
  const effects = { ...libraryEffects, log }
  const profile = assertionProfile({ ...assertion, issuer })
  const credential = createCertificateCredential({ clientId, vault, identity, profile, effects })
  return { clientId, credential, effects }
}

function requireNoFaults(read: SettingsReader): void {
  const faults = read.faults()
  if (faults.length > 0) throw new AppError('config/invalid', { detail: faults.join('; ') })
}

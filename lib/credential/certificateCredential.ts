/** The certificate credential put together from its parts: identity, certificate reader, remote signature, assertion cache. */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import type { VaultSettings } from '../config/credentials.ts'
import { AppError } from '../errors/appError.ts'
import { createCertificateReader } from '../vault/certificate.ts'
import { createRemoteSign } from '../vault/sign.ts'
import type { NameVersions } from '../vault/versions.ts'
import { type AssertionProfile, ENTRA_PROFILE } from './assertionProfile.ts'
import type { ClientCredential } from './clientCredential.ts'
import type { SharedIdentity } from './sharedIdentity.ts'
import { createVaultAccess } from './vaultAccess.ts'
import { createVersionedAssertions } from './versionedAssertions.ts'

interface CertificateCredentialOptions {
  readonly clientId: string
  readonly vault: VaultSettings
  /** Gets the vault's access tokens: a managed identity in Azure, a developer's credential at a desk. */
  readonly identity: TokenCredential | SharedIdentity
  /** Whether a refusal (403) is waited out for a while, as by an app that has just been deployed; whoever looks for faults does not. */
  readonly isPatient?: boolean
  /** Default: what Entra documents. */
  readonly profile?: AssertionProfile | undefined
  /** Where the client's certificate is exchanged by itself: which version signs. */
  readonly nameVersions?: NameVersions | undefined
  readonly effects: Effects
}

export function createCertificateCredential(options: CertificateCredentialOptions): ClientCredential {
  const { clientId, vault, profile = ENTRA_PROFILE, isPatient = false, effects } = options
  const { url: vaultUrl, certificate: name, certificateVersion: pinnedVersion } = vault
  const pinned = pinnedVersion === undefined ? {} : { pinnedVersion }
  const naming = options.nameVersions === undefined ? {} : { nameVersions: options.nameVersions }
  const vaultAccess = createVaultAccess({
    vaultUrl,
    identity: options.identity,
    isPatient,
    open: (credential) => ({
      reader: createCertificateReader({ vaultUrl, name, ...pinned, ...naming, credential, effects }),
      remoteSign: createRemoteSign(credential, effects),
    }),
    effects,
  })
  const { identity } = vaultAccess
  const [reading, signing] = [vaultAccess.byOneRight(), vaultAccess.byOneRight()]

  return createVersionedAssertions({
    clientId,
    certificates: {
      read: (refused) => reading(({ reader }) => reader.read(refused)),
      isInUse: async (version) => vaultAccess.clients().reader.isInUse?.(version) ?? true,
    },
    sign: (keyId, input) => signing(({ remoteSign }) => remoteSign(keyId, input)),
    profile,
    // Whoever waits for the identity does not wait for the vault.
    tooLate: () =>
      identity.isAwaited()
        ? new AppError('identity/unavailable', { detail: 'deadline' })
        : new AppError('vault/timeout', { detail: 'certificate and signature' }),
    effects,
  })
}

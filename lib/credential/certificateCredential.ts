/** The certificate credential put together from its parts: reader, remote signature, assertion cache. */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import type { VaultSettings } from '../config/config.ts'
import { createCertificateReader } from '../vault/certificate.ts'
import { createRemoteSign } from '../vault/sign.ts'
import type { ClientCredential } from './clientCredential.ts'
import { createVaultCredential } from './vaultCredential.ts'

interface CertificateCredentialOptions {
  readonly clientId: string
  readonly vault: VaultSettings
  /** Gets the vault's access tokens: a managed identity in Azure, a developer's credential at a desk. */
  readonly identity: TokenCredential
  readonly effects: Effects
}

export function createCertificateCredential(options: CertificateCredentialOptions): ClientCredential {
  const { clientId, vault, identity: credential, effects } = options
  const { url: vaultUrl, certificate: name, certificateVersion: pinnedVersion } = vault
  const pinned = pinnedVersion === undefined ? {} : { pinnedVersion }
  const certificates = createCertificateReader({ vaultUrl, name, ...pinned, credential, effects })
  return createVaultCredential({
    clientId,
    certificates,
    sign: createRemoteSign(credential, effects),
    effects,
  })
}

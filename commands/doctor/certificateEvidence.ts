/** What the vault says of the certificate that signs: enough to judge it, nothing that could reveal its key. */
import { X509Certificate } from 'node:crypto'
import type { TokenCredential } from '@azure/identity'
import { CertificateClient } from '@azure/keyvault-certificates'
import type { Effects } from '../../lib/base/effects.ts'
import type { VaultSettings } from '../../lib/config/credentials.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { attemptVault } from '../../lib/vault/attempts.ts'
import { openVaultCertificates } from '../../lib/vault/bundles.ts'
import { createCertificateReader, type SigningCertificate } from '../../lib/vault/certificate.ts'
import type { NameVersions, VersionFacts } from '../../lib/vault/versions.ts'
import { seenAddress } from './seenAddress.ts'

export interface CertificateEvidence {
  /** The version that the app signs with now, by the app's own choice. */
  readonly signing: SigningCertificate
  readonly x509: X509Certificate
  /** What the policy says of keys to come, and said of this one unless it was changed since; undefined where it says nothing. */
  readonly isExportable: boolean | undefined
  /** Whether the exchange of the certificate names that version, so that no rule of age does. */
  readonly isNamed: boolean
  /** How long versions to come are valid, by the policy. */
  readonly validityInMonths: number | undefined
  /** Whether the vault makes the next version by itself. */
  readonly isRenewedByVault: boolean
  /** In no order. */
  readonly versions: readonly VersionFacts[]
  /** The address that the vault saw this come from, where it says. */
  readonly seenFrom: string | undefined
}

/** Reads it. Throws `vault/*`. */
export async function gatherCertificate(
  { url, certificate: name, certificateVersion }: VaultSettings,
  credential: TokenCredential,
  effects: Effects,
  nameVersions?: NameVersions,
): Promise<CertificateEvidence> {
  const pinned = certificateVersion === undefined ? {} : { pinnedVersion: certificateVersion }
  const vault = { vaultUrl: url, name, credential, effects }
  const naming = nameVersions === undefined ? {} : { nameVersions }
  const signing = await createCertificateReader({ ...vault, ...pinned, ...naming }).read()
  const client = new CertificateClient(url, credential, { retryOptions: { maxRetries: 0 } })
  let seenFrom: string | undefined
  const onResponse = (answer: unknown): void => {
    seenFrom = seenAddress(answer)
  }
  const { cer } = await attemptVault(effects, (abortSignal) =>
    client.getCertificateVersion(name, signing.version, { abortSignal, onResponse }),
  )
  if (cer === undefined)
    throw new AppError('vault/key_unusable', { detail: 'the version has no certificate' })
  const { policy } = await attemptVault(effects, (abortSignal) =>
    client.getCertificate(name, { abortSignal }),
  )
  return {
    signing,
    isNamed: (await nameVersions?.())?.signs === signing.version,
    x509: new X509Certificate(cer),
    isExportable: policy?.exportable,
    validityInMonths: policy?.validityInMonths,
    isRenewedByVault: (policy?.lifetimeActions ?? []).some(({ action }) => action === 'AutoRenew'),
    versions: await openVaultCertificates(vault).versions(),
    seenFrom,
  }
}

/** What the vault says of the certificate that signs: enough to judge it, nothing that could reveal its key. */
import { X509Certificate } from 'node:crypto'
import type { TokenCredential } from '@azure/identity'
import { CertificateClient } from '@azure/keyvault-certificates'
import type { Effects } from '../../lib/base/effects.ts'
import type { VaultSettings } from '../../lib/config/credentials.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { attemptVault } from '../../lib/vault/attempts.ts'
import { createCertificateReader, type SigningCertificate } from '../../lib/vault/certificate.ts'
import type { VersionFacts } from '../../lib/vault/versions.ts'
import { seenAddress } from './seenAddress.ts'

export interface CertificateEvidence {
  /** The version that the app signs with now, by the app's own choice. */
  readonly signing: SigningCertificate
  readonly x509: X509Certificate
  /** What the policy says of keys to come, and said of this one unless it was changed since; undefined where it says nothing. */
  readonly isExportable: boolean | undefined
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
): Promise<CertificateEvidence> {
  const pinned = certificateVersion === undefined ? {} : { pinnedVersion: certificateVersion }
  const signing = await createCertificateReader({
    vaultUrl: url,
    name,
    ...pinned,
    credential,
    effects,
  }).read()
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
  const versions = await attemptVault(effects, async (abortSignal) => {
    const listed: VersionFacts[] = []
    for await (const version of client.listPropertiesOfCertificateVersions(name, { abortSignal }))
      listed.push(version)
    return listed
  })
  return { signing, x509: new X509Certificate(cer), isExportable: policy?.exportable, versions, seenFrom }
}

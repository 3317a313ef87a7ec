/**
 * The signing certificate: key id, certificate and thumbprint of one version, always from one response of the vault. Pairing a
 * thumbprint with a key of another version is what Entra answers with "key was not found". A version whose own facts say that it cannot
 * sign is refused here, without asking the vault for a signature.
 */

import type { TokenCredential } from '@azure/identity'
import { base64url, sha1Hex, sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { type CertificateBundle, openVaultCertificates, type VaultCertificates } from './bundles.ts'
import {
  chooseVersion,
  isSettled,
  type NameVersions,
  type VersionFacts,
  whyOver,
  whyUnusable,
} from './versions.ts'

/** How a key signs (RFC 7518 section 3.1). */
export type SigningAlgorithm = 'PS256' | 'RS256'

/** One version of the certificate, as far as signing needs it. */
export interface SigningCertificate {
  readonly name: string
  readonly version: string
  /** Versioned key id: the URL of exactly the key this certificate certifies. */
  readonly keyId: string
  /** base64url SHA-256 of the DER certificate, as the `x5t#S256` header wants it (RFC 7515 section 4.1.8). */
  readonly thumbprintS256: string
  /** Upper-case hex SHA-1 of the same: how the portal names it. */
  readonly thumbprintSha1: string
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number
  /** Default: PS256. */
  readonly algorithm?: SigningAlgorithm
}

export interface CertificateReader {
  /** The version to sign with now; one of `refused` only where nothing else is valid. Throws `vault/*`. */
  read(refused?: ReadonlySet<string>): Promise<SigningCertificate>
  /** Whether a version that was read is the one to sign with still. Throws `session/*`. */
  isInUse?(version: string): Promise<boolean>
}

interface CertificateReaderOptions {
  readonly vaultUrl: string
  readonly name: string
  readonly pinnedVersion?: string
  readonly credential: TokenCredential
  readonly effects: Pick<Effects, 'now' | 'sleep' | 'random'>
  /** Where the application exchanges its certificate by itself. */
  readonly nameVersions?: NameVersions
  /** In place of the vault at that address. */
  readonly vault?: Pick<VaultCertificates, 'latest' | 'version' | 'versions'>
}

export function createCertificateReader(options: CertificateReaderOptions): CertificateReader {
  const { effects, nameVersions } = options
  const vault = options.vault ?? openVaultCertificates(options)

  /** The first of these that can sign; Entra has accepted each. */
  async function firstUsable(
    versions: readonly string[],
    nowMs: number,
  ): Promise<SigningCertificate | undefined> {
    for (const version of versions) {
      try {
        return signingCertificate(await vault.version(version), options, nowMs, whyOver)
      } catch (fault) {
        if (!(fault instanceof AppError) || fault.code !== 'vault/key_unusable') throw fault
      }
    }
    return undefined
  }

  /** One of `barred` is the last resort: Entra knows it no more, so that even one that was refused is preferred. */
  async function byAge(
    refused: ReadonlySet<string>,
    barred: ReadonlySet<string>,
    nowMs: number,
  ): Promise<SigningCertificate> {
    const latest = await vault.latest()
    const { version = '' } = latest.properties
    if (isSettled(latest.properties, nowMs) && !refused.has(version) && !barred.has(version))
      return signingCertificate(latest, options, nowMs)
    const versions = await vault.versions()
    const open = versions.filter((one) => !barred.has(one.version ?? ''))
    const chosen = chooseVersion(open, nowMs, refused) ?? chooseVersion(versions, nowMs, refused) ?? version
    return signingCertificate(chosen === version ? latest : await vault.version(chosen), options, nowMs)
  }

  return {
    async read(refused = new Set()) {
      const nowMs = effects.now()
      if (options.pinnedVersion !== undefined)
        return signingCertificate(await vault.version(options.pinnedVersion), options, nowMs)
      const naming = await nameVersions?.(refused.size > 0)
      if (naming === undefined) return byAge(refused, new Set(), nowMs)
      const known = [naming.signs, ...naming.instead].filter((version) => !refused.has(version))
      return (await firstUsable(known, nowMs)) ?? byAge(refused, naming.barred, nowMs)
    },
    async isInUse(version) {
      if (options.pinnedVersion !== undefined) return true
      const naming = await nameVersions?.()
      return naming === undefined || naming.signs === version
    },
  }
}

/** Throws `vault/key_unusable` saying why the version cannot sign. */
function signingCertificate(
  { keyId, cer, properties }: CertificateBundle,
  { name }: Pick<CertificateReaderOptions, 'name'>,
  nowMs: number,
  whyNot: (version: VersionFacts, nowMs: number) => string | undefined = whyUnusable,
): SigningCertificate {
  const { version, expiresOn } = properties
  if (keyId === undefined || cer === undefined || version === undefined) {
    throw new AppError('vault/key_unusable', { detail: 'the certificate has no key or is not issued yet' })
  }
  const why = whyNot(properties, nowMs)
  if (why !== undefined) throw new AppError('vault/key_unusable', { detail: `version ${version} is ${why}` })
  return {
    name,
    version,
    keyId,
    thumbprintS256: base64url.encode(sha256(cer)),
    thumbprintSha1: sha1Hex(cer),
    expiresAtMs: expiresOn?.getTime() ?? Number.POSITIVE_INFINITY,
  }
}

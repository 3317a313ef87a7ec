/**
 * The signing certificate: key id, certificate and thumbprint of one version, always from one response of the vault. Pairing a
 * thumbprint with a key of another version is what Entra answers with "key was not found". A version whose own facts say that it cannot
 * sign is refused here, without asking the vault for a signature.
 */

import type { TokenCredential } from '@azure/identity'
import { CertificateClient } from '@azure/keyvault-certificates'
import { base64url, sha1Hex, sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { attemptVault } from './attempts.ts'
import { chooseVersion, isSettled, type VersionFacts, whyUnusable } from './versions.ts'

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
  /** PS256 unless told. */
  readonly algorithm?: SigningAlgorithm
}

export interface CertificateReader {
  /** The version to sign with now; one of `refused` only where nothing else is valid. Throws `vault/*`. */
  read(refused?: ReadonlySet<string>): Promise<SigningCertificate>
}

interface CertificateReaderOptions {
  readonly vaultUrl: string
  readonly name: string
  readonly pinnedVersion?: string
  readonly credential: TokenCredential
  readonly effects: Pick<Effects, 'now' | 'sleep' | 'random'>
}

/** The parts of the SDK's certificate that are used. */
interface CertificateBundle {
  readonly keyId?: string
  readonly cer?: Uint8Array
  readonly properties: VersionFacts
}

export function createCertificateReader(options: CertificateReaderOptions): CertificateReader {
  const { name, effects } = options
  const client = new CertificateClient(options.vaultUrl, options.credential, {
    retryOptions: { maxRetries: 0 },
  })

  const readVersion = (version: string): Promise<CertificateBundle> =>
    attemptVault(effects, (abortSignal) => client.getCertificateVersion(name, version, { abortSignal }))

  async function listVersions(): Promise<VersionFacts[]> {
    return attemptVault(effects, async (abortSignal) => {
      const versions: VersionFacts[] = []
      for await (const version of client.listPropertiesOfCertificateVersions(name, { abortSignal }))
        versions.push(version)
      return versions
    })
  }

  return {
    async read(refused = new Set()) {
      const nowMs = effects.now()
      if (options.pinnedVersion !== undefined)
        return signingCertificate(await readVersion(options.pinnedVersion), options, nowMs)
      const latest = await attemptVault(effects, (abortSignal) =>
        client.getCertificate(name, { abortSignal }),
      )
      const { version = '' } = latest.properties
      if (isSettled(latest.properties, nowMs) && !refused.has(version))
        return signingCertificate(latest, options, nowMs)
      const chosen = chooseVersion(await listVersions(), nowMs, refused) ?? version
      return signingCertificate(chosen === version ? latest : await readVersion(chosen), options, nowMs)
    },
  }
}

/** Throws `vault/key_unusable` saying why the version cannot sign, `vault/misaddressed` where its key is elsewhere. */
function signingCertificate(
  { keyId, cer, properties }: CertificateBundle,
  { name, vaultUrl }: CertificateReaderOptions,
  nowMs: number,
): SigningCertificate {
  const { version, expiresOn } = properties
  if (keyId === undefined || cer === undefined || version === undefined) {
    throw new AppError('vault/key_unusable', { detail: 'the certificate has no key or is not issued yet' })
  }
  const why = whyUnusable(properties, nowMs)
  if (why !== undefined) throw new AppError('vault/key_unusable', { detail: `version ${version} is ${why}` })
  if (URL.parse(keyId)?.origin !== URL.parse(vaultUrl)?.origin) {
    throw new AppError('vault/misaddressed', { detail: 'the key id names another host' })
  }
  return {
    name,
    version,
    keyId,
    thumbprintS256: base64url.encode(sha256(cer)),
    thumbprintSha1: sha1Hex(cer),
    expiresAtMs: expiresOn?.getTime() ?? Number.POSITIVE_INFINITY,
  }
}

/**
 * The signing certificate: key id, certificate and thumbprint of one version, always from one response of the vault. Pairing a
 * thumbprint with a key of another version is what Entra answers with "key was not found".
 */

import type { TokenCredential } from '@azure/identity'
import { CertificateClient } from '@azure/keyvault-certificates'
import { base64url, sha1Hex, sha256 } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { attemptVault } from './attempts.ts'
import { chooseVersion, isSettled, type VersionFacts } from './versions.ts'

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
}

export interface CertificateReader {
  /** The version to sign with now. Throws `vault/*`. */
  read(): Promise<SigningCertificate>
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
    async read() {
      if (options.pinnedVersion !== undefined)
        return signingCertificate(name, await readVersion(options.pinnedVersion))
      const latest = await attemptVault(effects, (abortSignal) =>
        client.getCertificate(name, { abortSignal }),
      )
      if (isSettled(latest.properties, effects.now())) return signingCertificate(name, latest)
      const chosen = chooseVersion(await listVersions(), effects.now())
      if (chosen === undefined || chosen === latest.properties.version)
        return signingCertificate(name, latest)
      return signingCertificate(name, await readVersion(chosen))
    },
  }
}

function signingCertificate(name: string, { keyId, cer, properties }: CertificateBundle): SigningCertificate {
  if (keyId === undefined || cer === undefined || properties.version === undefined) {
    throw new AppError('vault/key_unusable', { detail: 'the certificate has no key or is not issued yet' })
  }
  return {
    name,
    version: properties.version,
    keyId,
    thumbprintS256: base64url.encode(sha256(cer)),
    thumbprintSha1: sha1Hex(cer),
    expiresAtMs: properties.expiresOn?.getTime() ?? Number.POSITIVE_INFINITY,
  }
}

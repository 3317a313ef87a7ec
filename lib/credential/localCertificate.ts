/**
 * A certificate from a file beside the host, where no vault keeps it: the first in the file counts, a chain behind it is not looked at.
 * What its own facts say against it is said here, before anything is signed.
 */
import { type KeyObject, X509Certificate } from 'node:crypto'
import { base64url, sha1Hex, sha256 } from '../base/crypto.ts'
import type { SigningCertificate } from '../vault/certificate.ts'

export interface LocalCertificate {
  readonly certificate: SigningCertificate
  readonly publicKey: KeyObject
}

/** The certificate in a PEM text, under the names given; or why it cannot be used. Pure. */
export function readLocalCertificate(
  pem: string,
  names: Pick<SigningCertificate, 'name' | 'keyId'>,
  nowMs: number,
): LocalCertificate | string {
  const block = certificateBlockOf(pem)
  if (block === undefined) return 'the file holds no certificate'
  const x509 = parse(block)
  if (x509 === undefined) return 'the certificate cannot be read'
  const { publicKey, raw, serialNumber, validFromDate, validToDate } = x509
  if (publicKey.asymmetricKeyType !== 'rsa') return 'the key of the certificate is not RSA'
  if (validFromDate.getTime() > nowMs)
    return `the certificate is not valid before ${validFromDate.toISOString()}`
  if (validToDate.getTime() <= nowMs) return `the certificate expired ${validToDate.toISOString()}`
  return {
    publicKey,
    certificate: {
      ...names,
      version: serialNumber.toLowerCase(),
      thumbprintS256: base64url.encode(sha256(raw)),
      thumbprintSha1: sha1Hex(raw),
      expiresAtMs: validToDate.getTime(),
    },
  }
}

/** The first certificate of a PEM text, as it stands there; a key beside it is left out. */
export function certificateBlockOf(pem: string): string | undefined {
  return /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0]
}

function parse(block: string): X509Certificate | undefined {
  try {
    return new X509Certificate(block)
  } catch {
    return undefined
  }
}

import { createHash, type KeyObject, randomUUID, X509Certificate } from 'node:crypto'

/** One entry of an application's `keyCredentials`. */
export type RegisteredCertificate = {
  readonly keyId: string
  /** base64url SHA-256 of the DER: the `x5t#S256` of assertions. */
  readonly thumbprintS256: string
  /** base64url SHA-1 of the DER: the older `x5t`. */
  readonly thumbprintSha1: string
  readonly der: Buffer
  readonly displayName: string | undefined
  readonly publicKey: KeyObject
  readonly notBeforeMs: number
  readonly notAfterMs: number
  readonly registeredAtMs: number
}

/** Reads a DER certificate into a key credential of that moment. Throws on anything that is not an RSA certificate. */
export function registerDer(der: Buffer, nowMs: number, displayName?: string): RegisteredCertificate {
  const certificate = new X509Certificate(der)
  if (certificate.publicKey.asymmetricKeyType !== 'rsa') {
    throw new TypeError(
      `An app registration takes RSA certificates, not ${certificate.publicKey.asymmetricKeyType}`,
    )
  }
  return {
    keyId: randomUUID(),
    thumbprintS256: createHash('sha256').update(der).digest('base64url'),
    thumbprintSha1: createHash('sha1').update(der).digest('base64url'),
    der,
    displayName,
    publicKey: certificate.publicKey,
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    registeredAtMs: nowMs,
  }
}

/** A certificate as an app registration lists it. */
import { createHash, X509Certificate } from 'node:crypto'
import type { HeldCertificate } from './certificateStore.ts'
import { uuidFrom } from './uuidFrom.ts'

const LONGEST_NAME = 90

/** The public part of one certificate and what Entra keeps with it; the type `certificate` of entra.bicep. */
export interface KeyCredential {
  /** DER, base64. */
  readonly key: string
  readonly keyId: string
  readonly displayName: string
  /** ISO 8601. */
  readonly startDateTime: string
  readonly endDateTime: string
}

/** The same certificate always gets the same entry, so that a redeploy changes nothing. */
export function toKeyCredential({ name, version, der }: HeldCertificate): KeyCredential {
  const { validFromDate, validToDate } = new X509Certificate(der)
  return {
    key: Buffer.from(der).toString('base64'),
    keyId: uuidFrom(createHash('sha256').update(der).digest(), 8),
    displayName: `${name}/${version}`.slice(-LONGEST_NAME),
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  }
}

/** SHA-1 of the DER: the `customKeyIdentifier` that Entra adds by itself. Names a certificate, and proves nothing. */
export function thumbprintOf({ key }: Pick<KeyCredential, 'key'>): Buffer {
  return createHash('sha1').update(Buffer.from(key, 'base64')).digest()
}

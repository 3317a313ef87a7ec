/** A certificate as an app registration lists it. */
import { createHash, X509Certificate } from 'node:crypto'
import type { HeldCertificate } from './certificateStore.ts'

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
    keyId: keyIdOf(der),
    displayName: `${name}/${version}`.slice(-LONGEST_NAME),
    startDateTime: validFromDate.toISOString(),
    endDateTime: validToDate.toISOString(),
  }
}

/** SHA-1 of the DER: the `customKeyIdentifier` that Entra adds by itself. Names a certificate, and proves nothing. */
export function thumbprintOf({ key }: Pick<KeyCredential, 'key'>): Buffer {
  return createHash('sha1').update(Buffer.from(key, 'base64')).digest()
}

/** A version 8 UUID (RFC 9562 section 5.8) of the certificate's own bits. */
function keyIdOf(der: Uint8Array): string {
  const bits = createHash('sha256').update(der).digest().subarray(0, 16)
  bits.writeUInt8((bits.readUInt8(6) & 0x0f) | 0x80, 6)
  bits.writeUInt8((bits.readUInt8(8) & 0x3f) | 0x80, 8)
  return bits.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/**
 * Certificates (RFC 5280) and requests for them (RFC 2986) up to the signature, so that whoever holds the key can make it: a file, a
 * vault or a chip.
 */
import { createHash, type KeyObject } from 'node:crypto'
import { der } from './der.ts'

const NAME_PARTS: ReadonlyMap<string, string> = new Map([
  ['CN', '2.5.4.3'],
  ['O', '2.5.4.10'],
  ['OU', '2.5.4.11'],
])
const EXTENSIONS = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const

/** sha256WithRSAEncryption (RFC 4055 section 5). */
export const RSA_SIGNATURE = der.sequence(der.objectIdentifier('1.2.840.113549.1.1.11'), der.null())

interface CertificateFacts {
  /** Names like `CN=signet, O=Contoso`. */
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly notBefore: Date
  readonly notAfter: Date
  /** Sixteen random bytes. */
  readonly serial: Uint8Array
  readonly algorithm: Uint8Array
  readonly extensions: readonly Uint8Array[]
}

/** The part of a certificate that is signed (RFC 5280 section 4.1.2). Throws for a name that is not of known parts. */
export function certificateBody(facts: CertificateFacts): Buffer {
  const { subject, issuer, publicKey, notBefore, notAfter, algorithm, extensions } = facts
  return der.sequence(
    der.explicit(0, der.integer(Uint8Array.of(2))),
    der.integer(positive(facts.serial)),
    algorithm,
    distinguishedName(issuer),
    der.sequence(der.time(notBefore), der.time(notAfter)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, der.sequence(...extensions)),
  )
}

/** The part of a request that is signed (RFC 2986 section 4.1). Throws for a name that is not of known parts. */
export function requestBody(subject: string, publicKey: KeyObject): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return der.sequence(der.integer(Uint8Array.of(0)), distinguishedName(subject), spki, der.explicit(0))
}

/** Either with its signature: both have the same form. */
export function signedBody(body: Uint8Array, algorithm: Uint8Array, signature: Uint8Array): Buffer {
  return der.sequence(body, algorithm, der.bitString(signature))
}

/** The extensions of a certificate whose key signs and does nothing else. */
export function signingExtensions(publicKey: KeyObject): readonly Buffer[] {
  return [
    extension('keyUsage', der.bitString(Uint8Array.of(0x80), 7), true),
    extension('subjectKeyIdentifier', der.octetString(keyIdentifier(publicKey))),
  ]
}

/** One extension (RFC 5280 section 4.2). */
export function extension(name: keyof typeof EXTENSIONS, value: Uint8Array, critical = false): Buffer {
  const flag = critical ? [der.boolean(true)] : []
  return der.sequence(der.objectIdentifier(EXTENSIONS[name]), ...flag, der.octetString(value))
}

/** SHA-1 of the key, by which certificates refer to one another. It protects nothing. */
export function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
}

/** `kind`: what stands between the dashes, `CERTIFICATE` say. */
export function pemOf(kind: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${kind}-----\n${lines.join('\n')}\n-----END ${kind}-----\n`
}

/** A name like `CN=signet, O=Contoso` (RFC 5280 section 4.1.2.4). Throws for one that is not of known parts. */
export function distinguishedName(name: string): Buffer {
  const attributes = name.split(',').map((part) => {
    const [type = '', ...value] = part.trim().split('=')
    const identifier = NAME_PARTS.get(type)
    if (identifier === undefined || value.join('=') === '')
      throw new TypeError(`a subject has parts CN=, O= and OU=, not "${part.trim()}"`)
    return der.set(der.sequence(der.objectIdentifier(identifier), der.utf8String(value.join('='))))
  })
  return der.sequence(...attributes)
}

/** Neither negative nor short: the first two bits are 01. */
function positive(serial: Uint8Array): Uint8Array {
  const [first = 0, ...rest] = serial
  return Uint8Array.of(0x40 | (first & 0x3f), ...rest)
}

// A throw-away public key infrastructure: an authority for the stand-ins' TLS, and the self-signed certificates that
// Key Vault would make. Everything is generated at run time and lives in memory; the caller decides what touches a disk.

import type { JsonWebKey, KeyObject } from 'node:crypto'
import { generateKeyPair, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import { der } from '../lib/base/der.ts'
import {
  certificateBody,
  extension,
  keyIdentifier,
  pemOf,
  RSA_SIGNATURE,
  signedBody,
  signingExtensions,
} from '../lib/base/x509.ts'

const DAY_MS = 86_400_000

const ECDSA_SIGNATURE = der.sequence(der.objectIdentifier('1.2.840.10045.4.3.2'))
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'

/** A TLS server's certificate and key, both PEM. */
export type ServerCertificate = { readonly certPem: string; readonly keyPem: string }

/** Issues the stand-ins' server certificates; whoever calls them trusts `certPem`. */
export type Authority = {
  readonly certPem: string
  /** `names`: host names and IPv4 addresses, all of them subject alternative names. */
  issueServer(options: { readonly names: readonly string[] }): ServerCertificate
}

/** A self-signed RSA certificate with its key: what Key Vault makes for issuer `Self`. */
export type SigningCertificate = {
  readonly der: Buffer
  readonly privateKey: KeyObject
  readonly publicJwk: JsonWebKey
}

/** A certificate authority (P-256) that nobody trusted before; it and what it issues are good for `days`, ten years unless told. */
export function createAuthority({
  subject = 'CN=Signet desk authority',
  days = 3650,
  now = Date.now,
}: {
  readonly subject?: string
  readonly days?: number
  readonly now?: () => number
} = {}): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const validity = { notBefore: new Date(now() - DAY_MS), notAfter: new Date(now() + days * DAY_MS) }
  const usageBits = {
    certSign: der.bitString(Buffer.from([0x04]), 2),
    sign: der.bitString(Buffer.from([0x80]), 7),
  }
  const authority = issue({
    subject,
    issuer: subject,
    publicKey,
    signingKey: privateKey,
    ...validity,
    extensions: [
      extension('basicConstraints', der.sequence(der.boolean(true)), true),
      extension('keyUsage', usageBits.certSign, true),
      extension('subjectKeyIdentifier', der.octetString(keyIdentifier(publicKey))),
    ],
  })

  return {
    certPem: pemOf('CERTIFICATE', authority),
    issueServer({ names }) {
      const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const certificate = issue({
        subject: `CN=${names[0] ?? 'server'}`,
        issuer: subject,
        publicKey: server.publicKey,
        signingKey: privateKey,
        ...validity,
        extensions: [
          extension('keyUsage', usageBits.sign, true),
          extension('extendedKeyUsage', der.sequence(der.objectIdentifier(SERVER_AUTH))),
          extension('subjectAltName', der.sequence(...names.map(generalName))),
          extension('authorityKeyIdentifier', der.sequence(der.implicit(0, keyIdentifier(publicKey)))),
        ],
      })
      return {
        certPem: pemOf('CERTIFICATE', certificate),
        keyPem: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
    },
  }
}

/** Who issues certificates that others have asked for: an intermediate authority below a root. */
export type Issuer = {
  readonly subject: string
  readonly privateKey: KeyObject
  /** DER, the intermediate first. */
  readonly chain: readonly [Buffer, Buffer]
}

/** A root and an intermediate (P-256), good for ten years around `nowMs`. */
export function createIssuer(nowMs: number, name = 'Contoso'): Issuer {
  const [root, intermediate] = [`CN=${name} root`, `CN=${name} issuing authority`]
  const [rootKey, ownKey] = [
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ]
  const certify = (subject: string, publicKey: KeyObject): Buffer =>
    issue({
      subject,
      issuer: root,
      publicKey,
      signingKey: rootKey.privateKey,
      notBefore: new Date(nowMs - 1_825 * DAY_MS),
      notAfter: new Date(nowMs + 1_825 * DAY_MS),
      extensions: [
        extension('basicConstraints', der.sequence(der.boolean(true)), true),
        extension('keyUsage', der.bitString(Buffer.from([0x04]), 2), true),
        extension('subjectKeyIdentifier', der.octetString(keyIdentifier(publicKey))),
      ],
    })
  return {
    subject: intermediate,
    privateKey: ownKey.privateKey,
    chain: [certify(intermediate, ownKey.publicKey), certify(root, rootKey.publicKey)],
  }
}

/** A certificate for somebody else's key. */
export function issueCertificate(
  { subject: issuer, privateKey: signingKey }: Pick<Issuer, 'subject' | 'privateKey'>,
  given: {
    readonly subject: string
    readonly publicKey: KeyObject
    readonly notBefore: Date
    readonly notAfter: Date
  },
): Buffer {
  return issue({ ...given, issuer, signingKey, extensions: signingExtensions(given.publicKey) })
}

/** `subject` like `CN=signet` (CN, O and OU are known); `keySize` in bits, 2048 unless told. */
export async function createSigningCertificate(options: {
  readonly subject: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly keySize?: number
  /** Whoever signs it; itself unless told. */
  readonly issuer?: Issuer | undefined
}): Promise<SigningCertificate> {
  const { subject, notBefore, notAfter, keySize = 2048, issuer } = options
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: keySize })
  if (issuer !== undefined) {
    const issued = issueCertificate(issuer, { subject, publicKey, notBefore, notAfter })
    return { der: issued, privateKey, publicJwk: publicKey.export({ format: 'jwk' }) }
  }
  const certificate = issue({
    subject,
    issuer: subject,
    publicKey,
    signingKey: privateKey,
    notBefore,
    notAfter,
    extensions: signingExtensions(publicKey),
  })
  return { der: certificate, privateKey, publicJwk: publicKey.export({ format: 'jwk' }) }
}

/** RFC 5280, 4.1: TBSCertificate, then the same algorithm again, then the signature. */
function issue(certificate: {
  subject: string
  issuer: string
  publicKey: KeyObject
  signingKey: KeyObject
  notBefore: Date
  notAfter: Date
  extensions: readonly Buffer[]
}): Buffer {
  const { signingKey, ...facts } = certificate
  const algorithm = signingKey.asymmetricKeyType === 'rsa' ? RSA_SIGNATURE : ECDSA_SIGNATURE
  const body = certificateBody({ ...facts, serial: randomBytes(16), algorithm })
  return signedBody(body, algorithm, sign('sha256', body, signingKey))
}

function generalName(name: string): Buffer {
  if (isIP(name) === 4) return der.implicit(7, Buffer.from(name.split('.').map(Number)))
  return der.implicit(2, Buffer.from(name))
}

// One named certificate of the vault and its versions. The private keys live in this closure: whoever holds a series can
// have a digest signed, and nothing else.

import type { JsonWebKey, KeyObject } from 'node:crypto'
import { createHash, randomBytes } from 'node:crypto'
import { createSigningCertificate } from '../pki.ts'
import type { SigningAlgorithm } from './signDigest.ts'
import { signDigest } from './signDigest.ts'

const BACKDATED_MS = 10 * 60_000

/** One version, as everyone may know it. Times are milliseconds since the epoch. */
export type VaultCertificate = {
  readonly name: string
  /** 32 hexadecimal digits; says nothing about age. */
  readonly version: string
  /** Identifiers of the certificate, its key and its secret. */
  readonly id: string
  readonly kid: string
  readonly sid: string
  readonly der: Buffer
  readonly publicJwk: JsonWebKey
  /** SHA-1 and SHA-256 of `der`, base64url. */
  readonly x5t: string
  readonly x5tS256: string
  readonly subject: string
  readonly keySize: number
  readonly enabled: boolean
  readonly createdAt: number
  readonly updatedAt: number
  readonly notBefore: number
  readonly notAfter: number
}

/** What a new version is made from. */
export type CertificatePolicy = {
  readonly subject: string
  readonly keySize: number
  readonly validityDays: number
}

/** A certificate through all its versions. */
export type CertificateSeries = {
  readonly name: string
  /** Oldest first. */
  versions(): readonly VaultCertificate[]
  /** The version with this identifier, the newest when none is given; `undefined` when there is none. */
  find(version?: string): VaultCertificate | undefined
  /** Makes a new version with a new key; `policy` changes what it and its successors are made from. */
  rotate(policy?: CertificatePolicy): Promise<VaultCertificate>
  /** From now on this version signs no more. */
  disable(version: string): void
  /** Signs a SHA-256 digest with that version's key, whatever its state: the caller has checked it. */
  sign(version: string, algorithm: SigningAlgorithm, digest: Buffer): Buffer
}

type Version = { certificate: VaultCertificate; readonly privateKey: KeyObject }

/** A series whose first version was created at `firstCreatedAt`. */
export async function createCertificateSeries(options: {
  readonly vaultUrl: string
  readonly name: string
  readonly policy: CertificatePolicy
  readonly now: () => number
  readonly firstCreatedAt: number
}): Promise<CertificateSeries> {
  const { vaultUrl, name, now } = options
  const versions: Version[] = []
  let policy = options.policy

  async function add(createdAt: number): Promise<VaultCertificate> {
    const { subject, keySize, validityDays } = policy
    const notBefore = createdAt - BACKDATED_MS
    const notAfter = createdAt + validityDays * 86_400_000
    const { der, privateKey, publicJwk } = await createSigningCertificate({
      subject,
      keySize,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
    })
    const version = randomBytes(16).toString('hex')
    const certificate: VaultCertificate = {
      name,
      version,
      id: `${vaultUrl}/certificates/${name}/${version}`,
      kid: `${vaultUrl}/keys/${name}/${version}`,
      sid: `${vaultUrl}/secrets/${name}/${version}`,
      der,
      publicJwk,
      x5t: createHash('sha1').update(der).digest('base64url'),
      x5tS256: createHash('sha256').update(der).digest('base64url'),
      subject,
      keySize,
      enabled: true,
      createdAt,
      updatedAt: createdAt,
      notBefore,
      notAfter,
    }
    versions.push({ certificate, privateKey })
    return certificate
  }

  function hold(version: string): Version {
    const held = versions.find(({ certificate }) => certificate.version === version)
    if (held === undefined) throw new Error(`Certificate ${name} has no version ${version}`)
    return held
  }

  await add(options.firstCreatedAt)
  return {
    name,
    versions: () => versions.map(({ certificate }) => certificate),
    find: (version) =>
      version === undefined || version === ''
        ? versions.at(-1)?.certificate
        : versions.find(({ certificate }) => certificate.version === version)?.certificate,
    rotate(changed) {
      policy = changed ?? policy
      return add(now())
    },
    disable(version) {
      const held = hold(version)
      held.certificate = { ...held.certificate, enabled: false, updatedAt: now() }
    },
    sign: (version, algorithm, digest) => signDigest(hold(version).privateKey, algorithm, digest),
  }
}

// One named certificate of the vault and its versions. The private keys live in this closure: whoever holds a series can
// have a digest signed, and nothing else.

import type { JsonWebKey, KeyObject } from 'node:crypto'
import { createHash, randomBytes } from 'node:crypto'
import type { Issuer } from '../pki.ts'
import { createSigningCertificate } from '../pki.ts'
import type { SigningAlgorithm } from './signDigest.ts'
import { signDigest } from './signDigest.ts'

const BACKDATED_MS = 10 * 60_000
const DAY_MS = 86_400_000

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
  /** What it was made from. */
  readonly policy: CertificatePolicy
  /** Those above it, DER, the nearest first; none where it signed itself. Part of the secret, which nobody gets. */
  readonly chain: readonly Buffer[]
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
  /** Months of life, as the caller asked for them; then the days follow from them. */
  readonly validityMonths?: number
  /** `Self`, an issuer that the vault has an account with, or `Unknown` for whoever signs the request that is handed out. */
  readonly issuer?: string
  /** Whether its key could be exported, as somebody may once have made it: this vault gives it to nobody all the same. */
  readonly isExportable?: boolean
  /** What happens before its end, if anything. */
  readonly renewal?: Renewal
}

/** A lifetime action: at a share of the life, in percent, or so many days before its end. */
export type Renewal = {
  readonly action: 'AutoRenew' | 'EmailContacts'
  readonly lifetimePercentage?: number
  readonly daysBeforeExpiry?: number
}

/** A version whose key is elsewhere known: as after a merge. */
export type IssuedVersion = {
  readonly der: Buffer
  readonly privateKey: KeyObject
  readonly publicJwk: JsonWebKey
  readonly notBefore: number
  readonly notAfter: number
  readonly chain: readonly Buffer[]
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
  /** Takes over a version that somebody else issued. */
  adopt(issued: IssuedVersion, policy: CertificatePolicy): VaultCertificate
  /** Makes the next version where the newest is due by its policy, once however many ask. */
  renewIfDue(): Promise<void>
  /** From now on this version signs no more. */
  disable(version: string): void
  /** Or again. */
  enable(version: string): void
  /** Signs a SHA-256 digest with that version's key, whatever its state: the caller has checked it. */
  sign(version: string, algorithm: SigningAlgorithm, digest: Buffer): Buffer
}

type Version = { certificate: VaultCertificate; readonly privateKey: KeyObject }

/** A series whose first version was created at `firstCreatedAt`, or that has none yet. */
export async function createCertificateSeries(options: {
  readonly vaultUrl: string
  readonly name: string
  readonly policy: CertificatePolicy
  readonly now: () => number
  readonly firstCreatedAt: number | undefined
  /** Those that the vault has an account with, by name. */
  readonly issuers: ReadonlyMap<string, Issuer>
}): Promise<CertificateSeries> {
  const { vaultUrl, name, now, issuers } = options
  const versions: Version[] = []
  let policy = options.policy
  let renewing: Promise<unknown> | undefined

  async function add(createdAt: number): Promise<VaultCertificate> {
    const { subject, keySize } = policy
    const issuer = issuers.get(policy.issuer ?? 'Self')
    const notBefore = createdAt - BACKDATED_MS
    const notAfter = endOf(policy, createdAt)
    const made = await createSigningCertificate({
      subject,
      keySize,
      issuer,
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
    })
    return keep({ ...made, notBefore, notAfter, chain: issuer?.chain ?? [] }, createdAt)
  }

  function keep(issued: IssuedVersion, createdAt: number): VaultCertificate {
    const { der, privateKey, publicJwk, notBefore, notAfter, chain } = issued
    const { subject, keySize } = policy
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
      policy,
      chain,
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

  function setEnabled(version: string, enabled: boolean): void {
    const held = hold(version)
    held.certificate = { ...held.certificate, enabled, updatedAt: now() }
  }

  if (options.firstCreatedAt !== undefined) await add(options.firstCreatedAt)
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
    adopt(issued, changed) {
      policy = changed
      return keep(issued, now())
    },
    async renewIfDue() {
      const newest = versions.at(-1)?.certificate
      if (newest === undefined || !isDue(newest, now())) return
      renewing ??= add(now()).finally(() => {
        renewing = undefined
      })
      await renewing
    },
    disable: (version) => setEnabled(version, false),
    enable: (version) => setEnabled(version, true),
    sign: (version, algorithm, digest) => signDigest(hold(version).privateKey, algorithm, digest),
  }
}

function endOf({ validityDays, validityMonths }: CertificatePolicy, createdAt: number): number {
  if (validityMonths === undefined) return createdAt + validityDays * DAY_MS
  const end = new Date(createdAt)
  end.setUTCMonth(end.getUTCMonth() + validityMonths)
  return end.getTime()
}

/** A vault renews by itself only what it can have signed by itself. */
function isDue({ policy, notBefore, notAfter }: VaultCertificate, nowMs: number): boolean {
  const { renewal, issuer } = policy
  if (renewal?.action !== 'AutoRenew' || issuer === 'Unknown') return false
  const { lifetimePercentage, daysBeforeExpiry = 0 } = renewal
  const dueMs =
    lifetimePercentage === undefined
      ? notAfter - daysBeforeExpiry * DAY_MS
      : notBefore + ((notAfter - notBefore) * lifetimePercentage) / 100
  return nowMs >= dueMs
}

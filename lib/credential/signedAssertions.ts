/**
 * Assertions signed where the key is, kept and renewed: one per audience, by the certificate version in use. An assertion is used for
 * five ninths of its life (five minutes by default); then it is renewed in the background, and while the key is out of reach
 * the old one serves on until the last ninth. A version that the key's keeper refuses to sign with, as after it was disabled, gives way
 * to another within the same load. Where each is to be used once, nothing is kept but the certificate.
 */
import { byKey } from '../base/byKey.ts'
import { uuid } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { createRefreshing, type Lifetime, type Refreshing } from '../base/refreshing.ts'
import type { SourceKind } from '../config/credentials.ts'
import { AppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { CertificateReader, SigningCertificate } from '../vault/certificate.ts'
import type { RemoteSign } from '../vault/sign.ts'
import { type AssertionProfile, ENTRA_PROFILE } from './assertionProfile.ts'
import { buildAssertion, serializeAssertion } from './clientAssertion.ts'
import { type ClientAssertion, type ClientProof, proofFacts } from './clientCredential.ts'

/** The ninths of its life after which an assertion is renewed, and after which it is not used any more. */
const FRESH_NINTHS = 5
const USABLE_NINTHS = 8
const CERTIFICATE_FRESH_MS = 3_600_000
const CERTIFICATE_USABLE_MS = 24 * 3_600_000
/** No signature takes that long: if it seems so, the clock was set in the meantime. */
const CLOCK_MOVED_MS = 25_000
/** How long a version that Entra refused stands back; then it is tried once more. */
const STAND_BACK_MS = 3_600_000

/** An assertion that a certificate version signed. */
export interface SignedAssertion extends ClientAssertion {
  readonly proof: ClientProof & Required<Pick<ClientProof, 'certificate' | 'keyId'>>
}

export interface SignedAssertions {
  /** The one that is kept for a token endpoint. Throws what reading and signing throw. */
  for(tokenEndpoint: string): Refreshing<SignedAssertion>
  /** A new one, for one request. Throws the same. */
  signed(tokenEndpoint: string): Promise<SignedAssertion>
  /** Has the certificate at hand. Throws what reading throws. */
  readCertificate(): Promise<void>
  /** Reads the certificate anew, with `version` standing back where another one is valid; says which is in use from now on. */
  withoutVersion(version: string): Promise<string>
}

export interface SignedAssertionsOptions {
  readonly clientId: string
  /** Where the key is. Default: the vault. */
  readonly method?: Exclude<SourceKind, 'managed-identity'>
  /** Default: what Entra documents. */
  readonly profile?: AssertionProfile
  readonly certificates: CertificateReader
  readonly sign: RemoteSign
  readonly effects: Pick<Effects, 'now' | 'random' | 'log'>
}

export function createSignedAssertions(options: SignedAssertionsOptions): SignedAssertions {
  const { clientId, method = 'vault', profile = ENTRA_PROFILE, certificates, sign, effects } = options
  const { now, random, log } = effects
  const ninthMs = (profile.lifetimeSec * 1_000) / 9
  const standBackUntilMs = new Map<string, number>()
  let lastFault: unknown

  /** One line for a fault, though it ends two loads: that of the certificate, and that of the assertion which needed it. */
  function onFault(fault: unknown): void {
    if (fault !== lastFault) log('warn', 'credential.renewal_failed', faultFacts(fault))
    lastFault = fault
  }

  const certificate = createRefreshing({
    now,
    onFault,
    load: async () => {
      const refused = [...standBackUntilMs].filter(([, untilMs]) => now() < untilMs)
      const value = await certificates.read(new Set(refused.map(([version]) => version)))
      const usableUntilMs = Math.min(now() + CERTIFICATE_USABLE_MS, value.expiresAtMs)
      return { value, freshUntilMs: now() + CERTIFICATE_FRESH_MS, usableUntilMs }
    },
  })

  async function signWith(
    inUse: SigningCertificate,
    tokenEndpoint: string,
  ): Promise<Lifetime<SignedAssertion>> {
    const { name, version, keyId, thumbprintS256, thumbprintSha1, expiresAtMs } = inUse
    const startedMs = now()
    const jti = uuid(random)
    const unsigned = buildAssertion({
      clientId,
      tokenEndpoint,
      profile,
      certificate: inUse,
      jti,
      nowMs: startedMs,
    })
    const signature = await sign(keyId, unsigned.signingInput)
    const { header, claims } = unsigned
    const names = { name, version, thumbprintS256, thumbprintSha1 }
    const proof = { method, certificate: names, keyId, header, claims }
    log('info', 'credential.signed', proofFacts(proof))
    const value: SignedAssertion = { jws: serializeAssertion(unsigned, signature), proof }
    const usableUntilMs = Math.min(startedMs + ninthMs * USABLE_NINTHS, expiresAtMs)
    return { value, freshUntilMs: startedMs + ninthMs * FRESH_NINTHS, usableUntilMs }
  }

  /** By a clock that is found to be off while the key signs, an assertion is worth nothing: it is dated anew. */
  async function signInTime(inUse: SigningCertificate, tokenEndpoint: string) {
    const startedMs = now()
    const signed = await signWith(inUse, tokenEndpoint)
    const isClockMoved = Math.abs(now() - startedMs) > CLOCK_MOVED_MS
    return isClockMoved ? signWith(inUse, tokenEndpoint) : signed
  }

  /** A version that another one has replaced signs nothing more, however lately it was read. */
  async function certificateInUse(): Promise<SigningCertificate> {
    const held = await certificate.get()
    if ((await certificates.isInUse?.(held.version)) ?? true) return held
    return certificate.renew(({ version }) => version !== held.version)
  }

  async function signFor(tokenEndpoint: string): Promise<Lifetime<SignedAssertion>> {
    const inUse = await certificateInUse()
    try {
      return await signInTime(inUse, tokenEndpoint)
    } catch (fault) {
      if (!(fault instanceof AppError) || !fault.code.endsWith('/key_unusable')) throw fault
      const other = await certificate.renew(({ version }) => version !== inUse.version)
      if (other.version === inUse.version) throw fault
      return signInTime(other, tokenEndpoint)
    }
  }

  return {
    for: byKey((tokenEndpoint: string) =>
      createRefreshing({ now, onFault, load: () => signFor(tokenEndpoint) }),
    ),
    async signed(tokenEndpoint) {
      return (await signFor(tokenEndpoint)).value
    },
    async readCertificate() {
      await certificate.get()
    },
    async withoutVersion(version) {
      standBackUntilMs.set(version, now() + STAND_BACK_MS)
      const inUse = await certificate.renew((one) => one.version !== version)
      return inUse.version
    },
  }
}

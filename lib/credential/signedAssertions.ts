/**
 * Assertions signed inside the vault, kept and renewed: one per audience, by the certificate version in use. An assertion is used for
 * five of its ten minutes; then it is renewed in the background, and while the vault is away the old one serves on until a minute before
 * it expires. A version that the vault refuses to sign with, as after it was disabled, gives way to another within the same load.
 */
import { byKey } from '../base/byKey.ts'
import { uuid } from '../base/crypto.ts'
import type { Effects } from '../base/effects.ts'
import { createRefreshing, type Refreshing } from '../base/refreshing.ts'
import { AppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { CertificateReader, SigningCertificate } from '../vault/certificate.ts'
import type { RemoteSign } from '../vault/sign.ts'
import { buildAssertion, LIFETIME_SEC, serializeAssertion } from './clientAssertion.ts'
import { type ClientAssertion, type ClientProof, proofFacts } from './clientCredential.ts'

const REUSE_MS = 5 * 60_000
const EXPIRY_MARGIN_MS = 60_000
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
  /** Throws `vault/*`, `identity/unavailable`. */
  for(audience: string): Refreshing<SignedAssertion>
  /** Reads the certificate anew, with `version` standing back where another one is valid; says which is in use from now on. */
  withoutVersion(version: string): Promise<string>
}

export interface SignedAssertionsOptions {
  readonly clientId: string
  readonly certificates: CertificateReader
  readonly sign: RemoteSign
  readonly effects: Pick<Effects, 'now' | 'random' | 'log'>
}

export function createSignedAssertions(options: SignedAssertionsOptions): SignedAssertions {
  const { clientId, certificates, sign, effects } = options
  const { now, random, log } = effects
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

  async function signWith(certificateInUse: SigningCertificate, audience: string) {
    const { name, version, keyId, thumbprintS256, thumbprintSha1, expiresAtMs } = certificateInUse
    const startedMs = now()
    const unsigned = buildAssertion({
      clientId,
      audience,
      thumbprintS256,
      jti: uuid(random),
      nowMs: startedMs,
    })
    const signature = await sign(keyId, unsigned.signingInput)
    const { header, claims } = unsigned
    const names = { name, version, thumbprintS256, thumbprintSha1 }
    const proof = { method: 'vault' as const, certificate: names, keyId, header, claims }
    log('info', 'credential.signed', proofFacts(proof))
    const value: SignedAssertion = { jws: serializeAssertion(unsigned, signature), proof }
    const usableUntilMs = Math.min(startedMs + LIFETIME_SEC * 1_000 - EXPIRY_MARGIN_MS, expiresAtMs)
    return { value, freshUntilMs: startedMs + REUSE_MS, usableUntilMs }
  }

  /** By a clock that is found to be off while the vault signs, an assertion is worth nothing: it is dated anew. */
  async function signInTime(inUse: SigningCertificate, audience: string) {
    const startedMs = now()
    const signed = await signWith(inUse, audience)
    const isClockMoved = Math.abs(now() - startedMs) > CLOCK_MOVED_MS
    return isClockMoved ? signWith(inUse, audience) : signed
  }

  async function signFor(audience: string) {
    const inUse = await certificate.get()
    try {
      return await signInTime(inUse, audience)
    } catch (fault) {
      if (!(fault instanceof AppError) || fault.code !== 'vault/key_unusable') throw fault
      const other = await certificate.renew(({ version }) => version !== inUse.version)
      if (other.version === inUse.version) throw fault
      return signInTime(other, audience)
    }
  }

  return {
    for: byKey((audience: string) => createRefreshing({ now, onFault, load: () => signFor(audience) })),
    async withoutVersion(version) {
      standBackUntilMs.set(version, now() + STAND_BACK_MS)
      const inUse = await certificate.renew((one) => one.version !== version)
      return inUse.version
    },
  }
}

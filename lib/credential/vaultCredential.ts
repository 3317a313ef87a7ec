/**
 * The certificate credential: an assertion signed inside the vault, kept and renewed so that no sign-in waits for a signature.
 * An assertion is used for five of its ten minutes; then it is renewed in the background, and while the vault is away the old
 * one serves on until a minute before it expires. Where there is none yet, nobody waits longer than six seconds for the first.
 */
import { uuid } from '../base/crypto.ts'
import { withinDeadline } from '../base/deadline.ts'
import type { Effects } from '../base/effects.ts'
import { createRefreshing, type Refreshing } from '../base/refreshing.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { CertificateReader } from '../vault/certificate.ts'
import type { RemoteSign } from '../vault/sign.ts'
import { buildAssertion, LIFETIME_SEC, serializeAssertion } from './clientAssertion.ts'
import {
  type ClientAssertion,
  type ClientCredential,
  type ClientProof,
  proofFacts,
} from './clientCredential.ts'

const REUSE_MS = 5 * 60_000
const EXPIRY_MARGIN_MS = 60_000
/** Longest wait for certificate and signature together: each alone may take that long at a slow vault. */
const WAIT_MS = 6_000
const CERTIFICATE_FRESH_MS = 3_600_000
const CERTIFICATE_USABLE_MS = 24 * 3_600_000

const tooLate = (): AppError => new AppError('vault/timeout', { detail: 'certificate and signature' })

interface VaultCredentialOptions {
  readonly clientId: string
  readonly certificates: CertificateReader
  readonly sign: RemoteSign
  readonly effects: Pick<Effects, 'now' | 'random' | 'log'>
}

export function createVaultCredential({
  clientId,
  certificates,
  sign,
  effects,
}: VaultCredentialOptions): ClientCredential {
  const { now, random, log } = effects
  const onBackgroundFault = (fault: unknown): void =>
    log('warn', 'credential.renewal_failed', faultFacts(fault))
  const assertions = new Map<string, Refreshing<ClientAssertion>>()

  const certificate = createRefreshing({
    now,
    onBackgroundFault,
    load: async () => {
      const value = await certificates.read()
      const usableUntilMs = Math.min(now() + CERTIFICATE_USABLE_MS, value.expiresAtMs)
      return { value, freshUntilMs: now() + CERTIFICATE_FRESH_MS, usableUntilMs }
    },
  })

  async function signAssertion(audience: string): Promise<ClientAssertion> {
    const { keyId, name, version, thumbprintS256, thumbprintSha1 } = await certificate.get()
    const unsigned = buildAssertion({ clientId, audience, thumbprintS256, jti: uuid(random), nowMs: now() })
    const signature = await sign(keyId, unsigned.signingInput)
    const { header, claims } = unsigned
    const names = { name, version, thumbprintS256, thumbprintSha1 }
    const proof: ClientProof = { method: 'vault', certificate: names, keyId, header, claims }
    log('info', 'credential.signed', proofFacts(proof))
    return { jws: serializeAssertion(unsigned, signature), proof }
  }

  function assertionsFor(audience: string): Refreshing<ClientAssertion> {
    const known = assertions.get(audience)
    if (known !== undefined) return known
    const added = createRefreshing({
      now,
      onBackgroundFault,
      load: async () => {
        const startedMs = now()
        const value = await signAssertion(audience)
        const usableUntilMs = startedMs + LIFETIME_SEC * 1_000 - EXPIRY_MARGIN_MS
        return { value, freshUntilMs: startedMs + REUSE_MS, usableUntilMs }
      },
    })
    assertions.set(audience, added)
    return added
  }

  return {
    assertionFor(tokenEndpoint) {
      const held = assertionsFor(tokenEndpoint)
      const isThere = held.peek() !== undefined
      const assertion = held.get()
      return isThere ? assertion : withinDeadline(WAIT_MS, assertion, tooLate)
    },
    async check(tokenEndpoint) {
      const held = assertionsFor(tokenEndpoint)
      try {
        await withinDeadline(WAIT_MS, held.renew(), tooLate)
      } catch (fault) {
        if (held.peek() === undefined || asAppError(fault).row.kind !== 'upstream') throw fault
      }
    },
    warm: (tokenEndpoint) => void assertionsFor(tokenEndpoint).get().catch(onBackgroundFault),
    discard() {
      certificate.discard()
      for (const held of assertions.values()) held.discard()
    },
  }
}

/** A vault credential between an Entra that only the test knows and a vault in the test's hand. */
import type { AssertionProfile } from '../../lib/credential/assertionProfile.ts'
import { createVersionedAssertions } from '../../lib/credential/versionedAssertions.ts'
import { AppError } from '../../lib/errors/appError.ts'
import type { SigningCertificate } from '../../lib/vault/certificate.ts'
import { CLIENT } from './configOf.ts'
import { heldEffects, START_MS } from './heldEffects.ts'

export const TOKEN_ENDPOINT = 'https://login.example/tenant/oauth2/v2.0/token'
const QUARTER_MS = 90 * 24 * 3_600_000

/** A credential, and a vault that answers at once unless it is away; every signature is another. */
export function credentialWorld(profile?: AssertionProfile) {
  const effects = heldEffects()
  const vault = {
    /** Valid versions; the last one is the one to sign with, unless it was refused and there is another. */
    versions: ['v1'],
    expiresAtMs: START_MS + QUARTER_MS,
    isAway: false,
    disabled: new Set<string>(),
    /** What a signature fails with, though the certificate can be read. */
    signFault: undefined as AppError | undefined,
    /** No answer before it settles. */
    until: Promise.resolve(),
    reads: 0,
    signedWith: [] as string[],
    inputs: [] as string[],
  }
  async function answer<T>(value: T): Promise<T> {
    await vault.until
    if (vault.isAway) throw new AppError('vault/unavailable')
    return value
  }
  const credential = createVersionedAssertions({
    clientId: CLIENT,
    ...(profile === undefined ? {} : { profile }),
    effects,
    certificates: {
      read(refused = new Set()) {
        vault.reads += 1
        const valid = vault.versions.filter((version) => !vault.disabled.has(version))
        const version = valid.findLast((one) => !refused.has(one)) ?? valid.at(-1) ?? ''
        const certificate: SigningCertificate = {
          name: 'signing',
          version,
          keyId: keyOf(version),
          thumbprintS256: `thumbprint-of-${version}`,
          thumbprintSha1: `SHA1-OF-${version}`,
          expiresAtMs: vault.expiresAtMs,
        }
        return answer(certificate)
      },
    },
    async sign(keyId, input) {
      vault.signedWith.push(keyId)
      vault.inputs.push(new TextDecoder().decode(input))
      if ([...vault.disabled].some((version) => keyId === keyOf(version)))
        throw new AppError('vault/key_unusable', { detail: 'KeyDisabled' })
      if (vault.signFault !== undefined) throw vault.signFault
      return answer(Uint8Array.of(vault.signedWith.length))
    },
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    effects,
    vault,
    credential,
    settle,
    jws: async () => (await credential.assertionFor(TOKEN_ENDPOINT)).jws,
    versionInUse: async () => {
      const { proof } = await credential.assertionFor(TOKEN_ENDPOINT)
      return proof.certificate?.version
    },
  }
}

/** The versioned key id. */
export const keyOf = (version: string): string => `https://vault.example/keys/signing/${version}`

/**
 * The certificate credential whose key is in a TPM of the host: made there, bound to it, and used there for each signature. Each time the
 * certificate is read, the key proves what it can: PS256 where its salt is as long as the digest, else RS256; and no signature is
 * handed out that the certificate's own key does not verify.
 */
import type { Effects } from '../../base/effects.ts'
import type { TpmKeySettings, TpmSettings } from '../../config/credentials.ts'
import { AppError } from '../../errors/appError.ts'
import type { SigningAlgorithm } from '../../vault/certificate.ts'
import type { AssertionProfile } from '../assertionProfile.ts'
import type { ClientCredential } from '../clientCredential.ts'
import { type LocalCertificate, readLocalCertificate } from '../localCertificate.ts'
import { readPemFile } from '../readPemFile.ts'
import { createVersionedAssertions } from '../versionedAssertions.ts'
import { readBytes } from './exchangeFiles.ts'
import { createRunTool, type RunTool } from './runTool.ts'
import { isBound, readTpmKey } from './tpmKey.ts'
import { isSignature, signInTpm, type TpmAccess } from './tpmSign.ts'

interface TpmCredentialOptions {
  readonly clientId: string
  readonly tpm: TpmSettings
  readonly profile?: AssertionProfile
  readonly effects: Pick<Effects, 'now' | 'random' | 'log'>
  /** Default: the tools of the TPM that the settings name. */
  readonly run?: RunTool
}

/** Its faults are `tpm/*`. */
export function createTpmCredential(options: TpmCredentialOptions): ClientCredential {
  const { clientId, tpm, profile, effects, run = createRunTool(tpm.tcti) } = options
  const names = { name: tpm.handle, keyId: `tpm:${tpm.handle}` }
  /** What the last reading of the certificate came to. */
  let current: (LocalCertificate & { readonly algorithm: SigningAlgorithm }) | undefined

  async function signedBy(local: LocalCertificate, input: Uint8Array, algorithm: SigningAlgorithm) {
    const signature = await signInTpm(run, await accessOf(tpm), input, algorithm)
    return isSignature(local.publicKey, input, signature, algorithm) ? signature : undefined
  }

  /** The first of the two that the key can. */
  async function ability(local: LocalCertificate): Promise<SigningAlgorithm> {
    for (const algorithm of ['PS256', 'RS256'] as const) {
      try {
        if ((await signedBy(local, effects.random(32), algorithm)) !== undefined) return algorithm
      } catch (fault) {
        if (!isInability(fault)) throw fault
      }
    }
    throw unusable('the key makes neither PS256 nor RS256')
  }

  async function read() {
    const pem = await readPemFile(tpm.certificateFile).catch((cause: unknown) => {
      throw unusable('the certificate file cannot be read', cause)
    })
    const local = readLocalCertificate(pem, names, effects.now())
    if (typeof local === 'string') throw unusable(local)
    const key = await readTpmKey(run, tpm.handle)
    if (!key.publicKey.equals(local.publicKey))
      throw unusable('the key at the handle is not that of the certificate')
    if (!isBound(key)) throw unusable('the key was not made in this TPM, or may leave it')
    current = { ...local, algorithm: await ability(local) }
    return { ...local.certificate, algorithm: current.algorithm }
  }

  return createVersionedAssertions({
    clientId,
    method: 'tpm',
    ...(profile === undefined ? {} : { profile }),
    effects,
    certificates: { read },
    async sign(_keyId, input) {
      if (current === undefined) throw unusable('no certificate was read')
      const signature = await signedBy(current, input, current.algorithm)
      if (signature === undefined) throw unusable('the signature is not by the key of the certificate')
      return signature
    },
    tooLate: () => new AppError('tpm/unavailable', { detail: 'deadline' }),
  })
}

/** What it takes to use the key, the auth value read from its file. Throws `tpm/key_unusable`. */
export async function accessOf({ handle, pcrs, authFile }: TpmKeySettings): Promise<TpmAccess> {
  if (authFile === undefined) return { handle, ...(pcrs === undefined ? {} : { pcrs }) }
  const bytes = await readBytes(authFile).catch((cause: unknown) => {
    throw unusable('the file of the auth value cannot be read', cause)
  })
  const auth = authValue(bytes)
  if (isNoAuthValue(auth)) throw unusable('the file of the auth value holds none')
  return { handle, auth }
}

/** A TPM takes no notice of zeros at the end of an auth value: one of zeros alone opens for everybody. */
export function isNoAuthValue(auth: Uint8Array): boolean {
  return auth.every((byte) => byte === 0)
}

/** What a file or a descriptor holds, without the end of its line. */
export function authValue(bytes: Uint8Array): Uint8Array {
  const end = bytes.at(-1) === 0x0a ? (bytes.at(-2) === 0x0d ? -2 : -1) : undefined
  return bytes.slice(0, end)
}

/** That a key is bound to one way of signing says nothing against the other. */
function isInability(fault: unknown): boolean {
  return (
    fault instanceof AppError && fault.context.detail?.startsWith('the key cannot sign in this way') === true
  )
}

function unusable(detail: string, cause?: unknown): AppError {
  return new AppError('tpm/key_unusable', { detail, ...(cause === undefined ? {} : { cause }) })
}

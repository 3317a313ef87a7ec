/**
 * A certificate and its key in one PEM file, for development: the settings refuse it wherever it could matter. The file is read again
 * whenever a certificate would be, so that a new one serves without a restart.
 */
import { constants, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import type { AssertionProfile } from './assertionProfile.ts'
import type { ClientCredential } from './clientCredential.ts'
import { readLocalCertificate } from './localCertificate.ts'
import { readPemFile } from './readPemFile.ts'
import { createVersionedAssertions } from './versionedAssertions.ts'

/** Of PSS, as PS256 demands (RFC 7518 section 3.5). */
const SALT_BYTES = 32

interface PemCredentialOptions {
  readonly clientId: string
  readonly file: string
  readonly profile?: AssertionProfile
  readonly effects: Pick<Effects, 'now' | 'random' | 'log'>
}

/** Its faults are `pem/key_unusable`, with why, and never with a word of the file. */
export function createPemCredential({
  clientId,
  file,
  profile,
  effects,
}: PemCredentialOptions): ClientCredential {
  const names = { name: 'pem', keyId: 'pem' }

  async function read() {
    const pem = await readPemFile(file).catch((cause: unknown) => {
      throw unusable('the file cannot be read', cause)
    })
    const local = readLocalCertificate(pem, names, effects.now())
    if (typeof local === 'string') throw unusable(local)
    const privateKey = readPrivateKey(pem)
    if (privateKey === undefined)
      throw unusable('the file holds no private key that can be read without a password')
    if (!isPair(privateKey, local.publicKey)) throw unusable('the key is not that of the certificate')
    return { certificate: local.certificate, privateKey }
  }

  return createVersionedAssertions({
    clientId,
    method: 'pem',
    ...(profile === undefined ? {} : { profile }),
    effects,
    certificates: { read: async () => (await read()).certificate },
    async sign(_keyId, input) {
      const { privateKey: key } = await read()
      return new Uint8Array(
        sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT_BYTES }),
      )
    },
    tooLate: () => unusable('the file was not read in time'),
  })
}

function readPrivateKey(pem: string): KeyObject | undefined {
  const block = /-----BEGIN (RSA )?PRIVATE KEY-----[^-]+-----END \1PRIVATE KEY-----/.exec(pem)?.[0]
  try {
    return block === undefined ? undefined : createPrivateKey(block)
  } catch {
    return undefined
  }
}

function isPair(privateKey: KeyObject, publicKey: KeyObject): boolean {
  return privateKey.asymmetricKeyType === 'rsa' && createPublicKey(privateKey).equals(publicKey)
}

function unusable(detail: string, cause?: unknown): AppError {
  return new AppError('pem/key_unusable', { detail, ...(cause === undefined ? {} : { cause }) })
}

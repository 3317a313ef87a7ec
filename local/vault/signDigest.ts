// Key Vault is given a digest, and Node has no call that signs one with RSA: the padding is built here, the rest is the
// bare RSA operation.

import type { KeyObject } from 'node:crypto'
import { constants, createHash, privateEncrypt, randomBytes } from 'node:crypto'

const DIGEST_BYTES = 32
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex')

/** The algorithms of this vault; both sign a SHA-256 digest. */
export type SigningAlgorithm = 'PS256' | 'RS256'

/** Signs a 32-byte SHA-256 digest: PS256 is RFC 8017, 8.1 with a salt of 32 bytes by default, RS256 is 8.2. */
export function signDigest(
  privateKey: KeyObject,
  algorithm: SigningAlgorithm,
  digest: Buffer,
  saltBytes = DIGEST_BYTES,
): Buffer {
  if (digest.length !== DIGEST_BYTES)
    throw new RangeError(`A SHA-256 digest has 32 bytes, not ${digest.length}`)
  switch (algorithm) {
    case 'RS256':
      return privateEncrypt(
        { key: privateKey, padding: constants.RSA_PKCS1_PADDING },
        Buffer.concat([SHA256_DIGEST_INFO, digest]),
      )
    case 'PS256':
      return privateEncrypt(
        { key: privateKey, padding: constants.RSA_NO_PADDING },
        encodePss(digest, privateKey.asymmetricKeyDetails?.modulusLength ?? 0, saltBytes),
      )
  }
}

/** EMSA-PSS-ENCODE, RFC 8017, 9.1.1, for a key whose length is a multiple of eight bits. */
function encodePss(digest: Buffer, modulusBits: number, saltBytes: number): Buffer {
  const salt = randomBytes(saltBytes)
  const hash = createHash('sha256').update(Buffer.alloc(8)).update(digest).update(salt).digest()
  const dataBlock = Buffer.alloc(modulusBits / 8 - hash.length - 1)
  dataBlock[dataBlock.length - salt.length - 1] = 1
  salt.copy(dataBlock, dataBlock.length - salt.length)

  const mask = maskFrom(hash, dataBlock.length)
  const masked = dataBlock.map((byte, index) => byte ^ (mask[index] ?? 0))
  // The encoded message has one bit less than the modulus.
  masked[0] = (masked[0] ?? 0) & 0x7f
  return Buffer.concat([masked, hash, Buffer.from([0xbc])])
}

/** MGF1 with SHA-256, RFC 8017, B.2.1. */
function maskFrom(seed: Buffer, length: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / DIGEST_BYTES) }, (_, index) => {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(index)
    return createHash('sha256').update(seed).update(counter).digest()
  })
  return Buffer.concat(blocks).subarray(0, length)
}

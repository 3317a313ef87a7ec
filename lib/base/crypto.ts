/**
 * The few primitives that sessions and transactions are built from. Every key is derived for one purpose, and the purpose is
 * part of the derivation, so what was sealed for one use can never be opened for another. Keys are
 * handed over as KeyObjects: given raw bytes, Node makes an error with its stack in each call.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hash, hkdfSync } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16

export const base64url = {
  encode: (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url'),
  /**
   * The bytes of the one spelling that `encode` gives (RFC 4648 section 3.5). Undefined for every other, which the decoder underneath
   * would take as well: bits left over, padding, white space, the other alphabet.
   */
  decode: (text: string): Uint8Array | undefined => {
    const bytes = new Uint8Array(Buffer.from(text, 'base64url'))
    return base64url.encode(bytes) === text ? bytes : undefined
  },
}

/** SHA-256 of bytes or of UTF-8 text. */
export function sha256(input: Uint8Array | string): Uint8Array {
  return new Uint8Array(hash('sha256', input, 'buffer'))
}

/** SHA-1 in upper-case hex: the name under which a portal lists a certificate. It protects nothing here. */
export function sha1Hex(input: Uint8Array): string {
  return hash('sha1', input, 'hex').toUpperCase()
}

/** HKDF-SHA256 without salt (RFC 5869): the input is already 256 random bits, the purpose separates the outputs. */
export function derive(secret: Uint8Array, purpose: string, bytes: number): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', createSecretKey(secret), new Uint8Array(), `signet/${purpose}/v1`, bytes),
  )
}

/** AES-256-GCM: nonce, tag and ciphertext in one. `context` is authenticated with it and must be given again to open. */
export function seal(
  key: Uint8Array,
  plaintext: Uint8Array,
  context: string,
  random: (n: number) => Uint8Array,
): Uint8Array {
  const nonce = random(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce).setAAD(Buffer.from(context))
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()])
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]))
}

/** The plaintext, or undefined when key, context or bytes are not those it was sealed with. */
export function open(key: Uint8Array, sealed: Uint8Array, context: string): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(tag)
  try {
    const head = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES))
    return new Uint8Array(Buffer.concat([head, decipher.final()]))
  } catch {
    return undefined
  }
}

/** A random UUID (version 4) from the given source, for identifiers that are not secrets: `jti`, correlation ids. */
export function uuid(random: (n: number) => Uint8Array): string {
  const bytes = Buffer.from(random(16))
  bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x40
  bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

import { webcrypto } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base64url, derive, open, seal, sha256, uuid } from '../../../lib/base/crypto.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const { random } = heldEffects()
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const flipped = (source: Uint8Array, at: number, mask = 1): Uint8Array =>
  source.map((byte, i) => (i === at ? byte ^ mask : byte))

describe('base64url', () => {
  it('follows the vector of RFC 7515 appendix C', () => {
    const octets = Uint8Array.of(3, 236, 255, 224, 193)

    expect(base64url.encode(octets)).toBe('A-z_4ME')
    expect(base64url.decode('A-z_4ME')).toEqual(octets)
  })

  it('gives back what went in', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(base64url.encode(octets)).toMatch(/^[A-Za-z0-9_-]*$/)
        expect(base64url.decode(base64url.encode(octets))).toEqual(octets)
      }),
    )
  })
})

describe('sha256', () => {
  it('follows the vector of FIPS 180-2 appendix B.1, for text and for bytes', () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

    expect(Buffer.from(sha256('abc')).toString('hex')).toBe(digest)
    expect(Buffer.from(sha256(bytes('abc'))).toString('hex')).toBe(digest)
  })
})

describe('derive', () => {
  it('is HKDF-SHA256 with the purpose in its label', async () => {
    const secret = random(32)
    const key = await webcrypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
    const info = bytes('signet/session/row/v1')
    const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }
    const expected = await webcrypto.subtle.deriveBits(parameters, key, 256)

    expect(derive(secret, 'session/row', 32)).toEqual(new Uint8Array(expected))
  })

  it('gives unrelated keys for different purposes and secrets', () => {
    const secrets = [random(32), random(32)]
    const purposes = [
      'session/id',
      'session/row',
      'transaction/state',
      'transaction/stat',
      'transaction/state/',
    ]
    const keys = secrets.flatMap((secret) => purposes.map((purpose) => derive(secret, purpose, 32)))

    expect(new Set(keys.map(base64url.encode)).size).toBe(secrets.length * purposes.length)
  })
})

describe('seal and open', () => {
  const key = random(32)

  it('give back what went in, under the same key and context', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.string(), (plaintext, context) => {
        const sealed = seal(key, plaintext, context, random)
        expect(open(key, sealed, context)).toEqual(plaintext)
      }),
    )
  })

  it('refuse every altered bit of nonce, tag and ciphertext', () => {
    const sealed = seal(key, bytes('who signed in'), 'row 1', random)

    for (let at = 0; at < sealed.length; at += 1)
      for (let bit = 0; bit < 8; bit += 1)
        expect(open(key, flipped(sealed, at, 1 << bit), 'row 1')).toBeUndefined()
    expect(open(key, sealed, 'row 1')).toEqual(bytes('who signed in'))
  })

  it('refuse another context, another key and every truncation', () => {
    const sealed = seal(key, bytes('who signed in'), 'row 1', random)

    expect(open(key, sealed, 'row 2')).toBeUndefined()
    expect(open(random(32), sealed, 'row 1')).toBeUndefined()
    for (let length = 0; length < sealed.length; length += 1)
      expect(open(key, sealed.subarray(0, length), 'row 1')).toBeUndefined()
    expect(open(key, Uint8Array.of(...sealed, 0), 'row 1')).toBeUndefined()
  })

  it('never show the same ciphertext twice for the same content', () => {
    const seals = Array.from({ length: 100 }, () => base64url.encode(seal(key, bytes('same'), 'row', random)))

    expect(new Set(seals.map((sealed) => sealed.slice(0, 16))).size).toBe(100)
    expect(new Set(seals.map((sealed) => sealed.slice(16))).size).toBe(100)
  })
})

describe('uuid', () => {
  it('is a version 4 UUID that keeps the other 122 bits of its source', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (octets) => {
        const id = uuid(() => octets)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        const back = Buffer.from(id.replaceAll('-', ''), 'hex')
        expect(back.map((byte, i) => byte & (i === 6 ? 0x0f : i === 8 ? 0x3f : 0xff))).toEqual(
          Buffer.from(octets.map((byte, i) => byte & (i === 6 ? 0x0f : i === 8 ? 0x3f : 0xff))),
        )
      }),
    )
  })

  it('leaves its source as it was', () => {
    const octets = new Uint8Array(16).fill(0xff)
    uuid(() => octets)

    expect(octets.every((byte) => byte === 0xff)).toBe(true)
  })
})

/** The signature by which an entry of the registration is known to be of a version: with real keys, as a vault signs. */
import { constants, type KeyObject, sign as signBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { createEntryProofs } from '../../../lib/rotation/entryProof.ts'
import { certifiedKey } from '../../support/certifiedKey.ts'
import { CLIENT } from '../../support/configOf.ts'

const [own, other] = [await certifiedKey(), await certifiedKey()]
const ENTRY = '11111111-1111-4111-8111-111111111111'
const signed: string[] = []

const ps256 = (key: KeyObject, input: Uint8Array): Uint8Array =>
  signBytes('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })

function proofs(clientId: string = CLIENT) {
  return createEntryProofs({
    clientId,
    sign: async (keyId, input) => {
      signed.push(new TextDecoder().decode(input))
      return ps256(keyId.endsWith('/v1') ? own.privateKey : other.privateKey, input)
    },
    async read(version) {
      if (version === 'v1') return { cer: new Uint8Array(own.certificate.raw) }
      if (version === 'v2') return { cer: new Uint8Array(other.certificate.raw) }
      throw new AppError(version === 'away' ? 'vault/unavailable' : 'vault/key_unusable')
    },
  })
}

const held = (version: string) => ({
  ...{
    name: 'signing',
    version,
    keyId: `https://vault.example/keys/signing/${version}`,
    der: new Uint8Array(),
  },
  ...{ thumbprintS256: '', thumbprintSha1: '', expiresAtMs: 0 },
})
const named = (version: string, entryId: string, entryProof: string) => ({
  ...held(version),
  entryId,
  entryProof,
})

describe('the proof of an entry', () => {
  test('holds for the entry, the version and the application that it was made for, and for no other', async () => {
    const proof = await proofs().prove(held('v1'), ENTRY)

    expect(await proofs().isProven(named('v1', ENTRY, proof))).toBe(true)
    expect(await proofs().isProven(named('v1', ENTRY.replace('1', '2'), proof))).toBe(false)
    expect(await proofs().isProven(named('v2', ENTRY, proof))).toBe(false)
    expect(await proofs('bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbbb').isProven(named('v1', ENTRY, proof))).toBe(
      false,
    )
  })

  test('is nothing that Entra or Graph would take for an assertion: what was signed is no JWS', async () => {
    await proofs().prove(held('v1'), ENTRY)

    expect(signed.at(-1)).not.toMatch(/^[\w-]+\.[\w-]+$/)
    expect(signed.at(-1)).toContain('\n')
  })

  test.each([
    ['nothing', ''],
    ['three bytes', 'AAAA'],
    ['padding', '='],
    ['what is no base64url', 'not base64url!'],
    ['as many bytes as a signature has', 'A'.repeat(342)],
  ])('%s is none', async (_what, entryProof) => {
    expect(await proofs().isProven(named('v1', ENTRY, entryProof))).toBe(false)
  })

  test('is none without an id, or of a version that there is none of; that the vault is away is no answer', async () => {
    const proof = await proofs().prove(held('v1'), ENTRY)

    expect(await proofs().isProven({ ...held('v1'), entryProof: proof })).toBe(false)
    expect(await proofs().isProven(named('v7', ENTRY, proof))).toBe(false)
    await expect(proofs().isProven(named('away', ENTRY, proof))).rejects.toMatchObject({
      code: 'vault/unavailable',
    })
  })
})

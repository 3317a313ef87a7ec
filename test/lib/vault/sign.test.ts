import type { TokenCredential } from '@azure/identity'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../../lib/base/crypto.ts'
import { createRemoteSign } from '../../../lib/vault/sign.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

interface SignCall {
  readonly keyId: string
  readonly algorithm: string
  readonly digest: Uint8Array
  readonly signal: unknown
  answer(keyId?: string): Promise<void>
  fail(fault: unknown): Promise<void>
}

const seen = vi.hoisted(() => ({ calls: [] as SignCall[], clients: [] as unknown[][] }))

// The wire has tests of its own; here the SDK's client stands still until it is told how the vault answered.
vi.mock('@azure/keyvault-keys', () => ({
  CryptographyClient: class {
    readonly keyId: string
    constructor(...options: [{ id: string }, ...unknown[]]) {
      seen.clients.push(options)
      this.keyId = options[0].id
    }
    sign(algorithm: string, digest: Uint8Array, { abortSignal }: { abortSignal?: unknown }) {
      const { promise, resolve, reject } = Promise.withResolvers()
      const settle = () => new Promise<void>((done) => setImmediate(done))
      seen.calls.push({
        keyId: this.keyId,
        algorithm,
        digest,
        signal: abortSignal,
        answer: (keyID = this.keyId) => {
          resolve({ keyID, result: Uint8Array.of(seen.calls.length) })
          return settle()
        },
        fail: (fault) => {
          reject(fault)
          return settle()
        },
      })
      return promise
    }
  },
}))

const KEY = 'https://vault.example/keys/signing/0123456789abcdef0123456789abcdef'
const OTHER_KEY = 'https://vault.example/keys/signing/ffffffffffffffffffffffffffffffff'
const identity: TokenCredential = { getToken: async () => null }
const input = new TextEncoder().encode('header.claims')
const call = (i: number): SignCall => {
  const found = seen.calls[i]
  if (found === undefined) throw new Error(`there was no call ${i}`)
  return found
}
const settle = () => new Promise<void>((done) => setImmediate(done))

beforeEach(() => {
  seen.calls.length = 0
  seen.clients.length = 0
})

describe('createRemoteSign', () => {
  it('sends the SHA-256 digest for PS256 to the very key version, and nothing of the input', async () => {
    const signature = createRemoteSign(identity, heldEffects())(KEY, input)
    await call(0).answer()

    expect(await signature).toBeInstanceOf(Uint8Array)
    expect(call(0)).toMatchObject({ keyId: KEY, algorithm: 'PS256', digest: sha256(input) })
    expect(call(0).signal).toBeInstanceOf(AbortSignal)
  })

  it('gives the SDK the key as an object, so that no key is read, and turns its retries off', async () => {
    const signature = createRemoteSign(identity, heldEffects())(KEY, input)
    await call(0).answer()
    await signature

    expect(seen.clients).toEqual([
      [
        expect.objectContaining({ id: KEY, key: { kid: KEY, kty: 'RSA' }, keyOperations: ['sign'] }),
        identity,
        { retryOptions: { maxRetries: 0 } },
      ],
    ])
  })

  it('starts no second signature before a first one has come back', async () => {
    const sign = createRemoteSign(identity, heldEffects())
    const signatures = Array.from({ length: 10 }, () => sign(KEY, input))
    await settle()
    expect(seen.calls).toHaveLength(1)

    await call(0).answer()
    expect(seen.calls).toHaveLength(10)

    for (const one of seen.calls.slice(1)) await one.answer()
    await Promise.all(signatures)
    expect(seen.clients).toHaveLength(1)
  })

  it('lets the next one go first where the first one failed', async () => {
    const sign = createRemoteSign(identity, heldEffects())
    const first = faultOf(() => sign(KEY, input))
    const others = [sign(KEY, input), sign(KEY, input)]
    await settle()

    await call(0).fail(Object.assign(new Error('no'), { statusCode: 403 }))
    expect((await first).code).toBe('vault/forbidden')
    expect(seen.calls).toHaveLength(2)

    await call(1).answer()
    expect(seen.calls).toHaveLength(3)
    await call(2).answer()
    await Promise.all(others)
  })

  it('holds nobody back once the key has signed', async () => {
    const sign = createRemoteSign(identity, heldEffects())
    const first = sign(KEY, input)
    await call(0).answer()
    await first

    const more = [sign(KEY, input), sign(KEY, input)]
    await settle()

    expect(seen.calls).toHaveLength(3)
    for (const one of seen.calls.slice(1)) await one.answer()
    await Promise.all(more)
  })

  it('keeps each key version to a client of its own', async () => {
    const sign = createRemoteSign(identity, heldEffects())
    const both = [sign(KEY, input), sign(OTHER_KEY, input)]
    await settle()

    expect(seen.calls.map(({ keyId }) => keyId)).toEqual([KEY, OTHER_KEY])
    for (const one of seen.calls) await one.answer()
    await Promise.all(both)
  })

  it('refuses a signature that another version made', async () => {
    const fault = faultOf(() => createRemoteSign(identity, heldEffects())(KEY, input))
    await settle()
    await call(0).answer(OTHER_KEY)

    expect((await fault).code).toBe('vault/key_unusable')
    expect((await fault).context.detail).toBe('the vault signed with another key version')
  })

  it.each([
    'https://vault.example/keys/signing',
    'https://vault.example/keys/signing/',
    'https://vault.example/secrets/signing/0123456789abcdef0123456789abcdef',
    'not a URL',
    '',
  ])('refuses the key id %j, which names no version', async (keyId) => {
    const fault = await faultOf(() => createRemoteSign(identity, heldEffects())(keyId, input))

    expect(fault.code).toBe('vault/key_unusable')
    expect(seen.clients).toEqual([])
  })
})

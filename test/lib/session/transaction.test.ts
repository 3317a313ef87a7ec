import fc from 'fast-check'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { base64url } from '../../../lib/base/crypto.ts'
import { openTicket } from '../../../lib/session/ticket.ts'
import {
  doneValue,
  handleOf,
  isDone,
  newTransaction,
  openState,
  openTransaction,
  sealState,
  TRANSACTION_MS,
  type TransactionKeys,
  type TransactionState,
} from '../../../lib/session/transaction.ts'
import { anyText } from '../../support/anyText.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { otherSpellings } from '../../support/otherSpellings.ts'

const { random } = heldEffects()
const state: TransactionState = {
  returnTo: '/orders?tab=2#top',
  startedAtMs: START_MS,
  wishes: { loginHint: 'alice@contoso.com', prompt: 'login', scopes: ['openid'] },
  restarts: 0,
}

const newKeys = (): TransactionKeys => newTransaction(random)

const texts = ({ stateKey, ...rest }: TransactionKeys): string[] => [
  ...Object.values(rest),
  base64url.encode(stateKey),
]

describe('a transaction', () => {
  it('gives the same keys to every instance', () => {
    const keys = newKeys()

    expect(openTransaction(keys.secret)).toEqual(keys)
  })

  it('shares nothing with another: not a value, not a part of one', () => {
    const all = Array.from({ length: 200 }, () => newKeys()).flatMap(texts)

    expect(new Set(all).size).toBe(all.length)
    expect(new Set(all.map((text) => text.slice(0, 8))).size).toBe(all.length)
  })

  it('tells nothing of its secret by what leaves the browser, and never one value by another', () => {
    expect(new Set(texts(newKeys())).size).toBe(6)
  })

  it('has a verifier as RFC 7636 section 4.1 wants it, and a nonce of 256 bits', () => {
    expect(newKeys().codeVerifier).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(base64url.decode(newKeys().nonce)).toHaveLength(32)
  })

  it('has a secret of 256 bits', () => {
    const { secret } = newKeys()

    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(base64url.decode(secret)).toHaveLength(32)
  })

  it('lasts fifteen minutes', () => {
    expect(TRANSACTION_MS).toBe(900_000)
  })

  it.each([
    '',
    'a',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}=`,
    `${'a'.repeat(42)}.`,
    `${'a'.repeat(43)}\n`,
    'done-',
    `done-${'a'.repeat(42)}`,
    `done-${'a'.repeat(44)}`,
    `Done-${'a'.repeat(43)}`,
    `done-done-${'a'.repeat(43)}`,
  ])('has no keys for %j, which is no secret', (text) => {
    expect(openTransaction(text)).toBeUndefined()
  })

  it('opens by the one spelling of its secret: bits left over are zero (RFC 4648 3.5)', () => {
    const { secret } = newKeys()
    const spellings = otherSpellings(secret)

    expect(spellings).toHaveLength(3)
    for (const spelling of spellings) {
      expect(openTransaction(spelling)).toBeUndefined()
      expect(openTransaction(`done-${spelling}`)).toBeUndefined()
    }
  })

  it('is the same when it is done, and says so', () => {
    const keys = newKeys()

    expect([isDone(keys.secret), isDone(doneValue(keys))]).toEqual([false, true])
    expect(openTransaction(doneValue(keys))).toEqual(keys)
  })

  it('is not done because its secret happens to begin like that', () => {
    const secret = `done-${'A'.repeat(38)}`

    expect(isDone(secret)).toBe(false)
    expect(openTransaction(secret)?.secret).toBe(secret)
  })

  it('and a session are strangers even where one secret is pasted for the other (CVE-2023-48309)', () => {
    const keys = newKeys()
    const ticket = openTicket(keys.secret)
    const ofTicket = [ticket?.id, base64url.encode(ticket?.rowKey ?? new Uint8Array())]

    expect(ofTicket[0]).toMatch(/^[A-Za-z0-9_-]{43}$/)
    for (const text of texts(keys)) expect(ofTicket).not.toContain(text)
  })
})

describe('the state', () => {
  it('gives back what was sealed', async () => {
    const keys = newKeys()

    expect(await openState(keys, await sealState(keys, state))).toEqual(state)
  })

  it('can be opened by no other transaction', async () => {
    const sealed = await sealState(newKeys(), state)

    for (let i = 0; i < 20; i += 1) expect(await openState(newKeys(), sealed)).toBeUndefined()
  })

  it('names its own transaction and shows nothing else', async () => {
    const keys = newKeys()
    const sealed = await sealState(keys, state)

    expect(decodeProtectedHeader(sealed)).toEqual({ alg: 'dir', enc: 'A256GCM', kid: keys.handle })
    expect(handleOf(sealed)).toBe(keys.handle)
    const seen = sealed
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join()
    for (const secret of ['orders', 'alice', keys.nonce, keys.codeVerifier])
      expect(seen).not.toContain(secret)
  })

  it('is refused with any byte of any part changed', async () => {
    const keys = newKeys()
    const parts = (await sealState(keys, state)).split('.')
    for (const [i, part] of parts.entries()) {
      const bytes = base64url.decode(part) ?? new Uint8Array()
      for (const at of bytes.keys()) {
        const changed = base64url.encode(bytes.map((byte, k) => (k === at ? byte ^ 1 : byte)))
        const state = parts.map((one, k) => (k === i ? changed : one)).join('.')
        expect(await openState(keys, state)).toBeUndefined()
      }
    }
  })

  it('is refused with a part missing, added or swapped', async () => {
    const keys = newKeys()
    const sealed = await sealState(keys, state)
    const [header, , iv, ciphertext, tag] = sealed.split('.')
    const other = (await sealState(keys, { ...state, returnTo: '/' })).split('.')

    for (const forged of [
      `${header}..${iv}.${ciphertext}`,
      `${header}..${iv}.${ciphertext}.`,
      `${header}.AAAA.${iv}.${ciphertext}.${tag}`,
      `${sealed}.AAAA`,
      `${header}..${iv}.${other[3]}.${tag}`,
      `${header}..${other[2]}.${ciphertext}.${tag}`,
    ])
      expect(await openState(keys, forged)).toBeUndefined()
  })

  it('is refused under another algorithm, whoever encrypted it', async () => {
    const keys = newKeys()
    const { CompactEncrypt } = await import('jose')
    const seal = (header: { alg: string; enc: string }) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify({ v: 1, ...state })))
        .setProtectedHeader({ ...header, kid: keys.handle })
        .encrypt(keys.stateKey)

    expect(await openState(keys, await seal({ alg: 'dir', enc: 'A256GCM' }))).toEqual(state)
    expect(await openState(keys, await seal({ alg: 'dir', enc: 'A128CBC-HS256' }))).toBeUndefined()
    expect(await openState(keys, await seal({ alg: 'A256KW', enc: 'A256GCM' }))).toBeUndefined()
  })

  it('of another version is refused', async () => {
    const keys = newKeys()
    const { CompactEncrypt } = await import('jose')
    const seal = (content: unknown) =>
      new CompactEncrypt(new TextEncoder().encode(JSON.stringify(content)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keys.handle })
        .encrypt(keys.stateKey)

    for (const content of [{ ...state }, { v: 2, ...state }, null, [], 'text'])
      expect(await openState(keys, await seal(content))).toBeUndefined()
  })

  it('fits a URL with the longest wishes there are', async () => {
    const wishes = { loginHint: 'x'.repeat(512), claims: 'x'.repeat(2_048), domainHint: 'x'.repeat(253) }
    const sealed = await sealState(newKeys(), { ...state, returnTo: `/${'x'.repeat(1_023)}`, wishes })

    expect(sealed.length).toBeLessThan(6_000)
  })
})

describe('handleOf', () => {
  const header = (value: unknown): string =>
    `${Buffer.from(JSON.stringify(value)).toString('base64url')}.a.b.c.d`

  it.each([
    '',
    '.',
    '....',
    'abc',
    'a.b.c.d.e',
    header({}),
    header({ kid: 7 }),
    header({ kid: '' }),
    header({ kid: 'A'.repeat(11) }),
    header({ kid: 'A'.repeat(13) }),
    header({ kid: 'AAAAAAAAAAA;' }),
    header({ kid: ['AAAAAAAAAAAA'] }),
    header(null),
    header('AAAAAAAAAAAA'),
  ])('sees no handle in %j', (text) => {
    expect(handleOf(text)).toBeUndefined()
  })

  it('reads a well-formed handle, which by itself proves nothing', () => {
    expect(handleOf(header({ kid: 'AAAAAAAAAAAA' }))).toBe('AAAAAAAAAAAA')
  })

  it('never throws, and gives nothing that could not be part of a cookie name', () => {
    const text = fc.oneof(
      anyText(),
      fc.json().map((json) => `${Buffer.from(json).toString('base64url')}.a.b.c.d`),
    )
    fc.assert(
      fc.property(text, (garbage) => {
        expect(handleOf(garbage) ?? 'AAAAAAAAAAAA').toMatch(/^[A-Za-z0-9_-]{12}$/)
      }),
      { numRuns: 500 },
    )
  })
})

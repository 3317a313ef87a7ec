import { hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { base64url } from '../../../lib/base/crypto.ts'
import { openTicket } from '../../../lib/session/ticket.ts'
import {
  answeredValue,
  newTransaction,
  openTransaction,
  outcomeOf,
  TRANSACTION_COOKIE_MS,
  TRANSACTION_MS,
  type TransactionKeys,
} from '../../../lib/session/transaction.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { otherSpellings } from '../../support/otherSpellings.ts'

const { random } = heldEffects()
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

  it('is derived for the same purposes in every build: one begins what the next ends', () => {
    const secret = new Uint8Array(32).fill(7)
    const key = (purpose: string, bytes = 32) =>
      new Uint8Array(hkdfSync('sha256', secret, '', `signet/transaction/${purpose}/v1`, bytes))

    expect(newTransaction(() => secret)).toEqual({
      secret: base64url.encode(secret),
      handle: base64url.encode(key('handle', 9)),
      markerId: base64url.encode(key('marker')),
      nonce: base64url.encode(key('nonce')),
      codeVerifier: base64url.encode(key('verifier')),
      stateKey: key('state'),
    })
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

  it('takes an answer for fifteen minutes, and is remembered for an hour', () => {
    expect([TRANSACTION_MS, TRANSACTION_COOKIE_MS]).toEqual([900_000, 3_600_000])
  })

  it.each([
    '',
    'a',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'A'.repeat(42)}=`,
    `${'A'.repeat(42)}.`,
    `${'A'.repeat(43)}\n`,
    'done-',
    `done-${'A'.repeat(43)}`,
    `done-1768478400000-${'A'.repeat(42)}`,
    `done-1768478400000-${'A'.repeat(44)}`,
    `done-176847840000-${'A'.repeat(43)}`,
    `done--768478400000-${'A'.repeat(43)}`,
    `Done-1768478400000-${'A'.repeat(43)}`,
    `gone-1768478400000-${'A'.repeat(43)}`,
    `done-1768478400000-again-1768478400000-${'A'.repeat(43)}`,
  ])('has no keys for %j, which is no value of its cookie', (text) => {
    expect(openTransaction(text)).toBeUndefined()
    expect(outcomeOf(text)).toBeUndefined()
  })

  it('opens by the one spelling of its secret: bits left over are zero (RFC 4648 3.5)', () => {
    const spellings = otherSpellings(newKeys().secret)

    expect(spellings).toHaveLength(3)
    for (const spelling of spellings)
      for (const value of [spelling, `done-1768478400000-${spelling}`, `again-1768478400000-${spelling}`])
        expect(openTransaction(value)).toBeUndefined()
  })

  it.each(['done', 'again'] as const)('is the same when it is %s, and says so and since when', (kind) => {
    const keys = newKeys()
    const outcome = { kind, atMs: START_MS }
    const value = answeredValue(keys, outcome)

    expect(outcomeOf(keys.secret)).toBeUndefined()
    expect(outcomeOf(value)).toEqual(outcome)
    expect(openTransaction(value)).toEqual(keys)
  })

  it('is not done because its secret happens to begin like that', () => {
    const secret = `done-${'A'.repeat(38)}`

    expect(outcomeOf(secret)).toBeUndefined()
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

import { hkdfSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { base64url } from '../../../lib/base/crypto.ts'
import { idOfEndProof, newTicket, openTicket } from '../../../lib/session/ticket.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { otherSpellings } from '../../support/otherSpellings.ts'

const { random } = heldEffects()

describe('a session ticket', () => {
  it('opens the same row on every instance', () => {
    const ticket = newTicket(random)

    expect(openTicket(ticket.secret)).toEqual(ticket)
  })

  it('is derived for the same purposes in every build: two of them run side by side', () => {
    const secret = new Uint8Array(32).fill(7)
    const key = (purpose: string) =>
      new Uint8Array(hkdfSync('sha256', secret, '', `signet/${purpose}/v1`, 32))
    const endProof = base64url.encode(key('session/end'))

    expect(newTicket(() => secret)).toEqual({
      secret: base64url.encode(secret),
      id: idOfEndProof(endProof),
      rowKey: key('session/row'),
      endProof,
    })
  })

  it('rests on 256 random bits', () => {
    const asked: number[] = []
    const { secret } = newTicket((bytes) => {
      asked.push(bytes)
      return random(bytes)
    })

    expect(asked).toEqual([32])
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('tells neither secret nor row key nor the proof that ends it by its id', () => {
    const { secret, id, rowKey, endProof } = newTicket(random)

    expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(rowKey).toHaveLength(32)
    expect(new Set([secret, id, base64url.encode(rowKey), endProof]).size).toBe(4)
  })

  it('is named by the proof that ends it, and by nothing that the table shows', () => {
    const { id, endProof, secret } = newTicket(random)

    expect(idOfEndProof(endProof)).toBe(id)
    for (const other of [id, secret, '']) expect(idOfEndProof(other)).not.toBe(id)
  })

  it('is another for every secret', () => {
    const tickets = Array.from({ length: 500 }, () => newTicket(random))

    expect(new Set(tickets.map(({ id }) => id)).size).toBe(500)
    expect(new Set(tickets.map(({ rowKey }) => base64url.encode(rowKey))).size).toBe(500)
  })

  it('opens by the one spelling of its secret: bits left over are zero (RFC 4648 3.5)', () => {
    const { secret } = newTicket(random)
    const spellings = otherSpellings(secret)

    expect(spellings).toHaveLength(3)
    for (const spelling of spellings) expect(openTicket(spelling)).toBeUndefined()
  })

  it.each([
    '',
    'short',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}+`,
    `${'a'.repeat(42)} `,
    `${'a'.repeat(43)}\n`,
    `${'A'.repeat(43)}=`,
    ` ${'A'.repeat(43)}`,
    `${'A'.repeat(42)}\u00a0A`,
    `${'A'.repeat(20)}-${'A'.repeat(22)}`.replace('-', '+'),
  ])('is nothing for %j, which is no secret', (text) => {
    expect(openTicket(text)).toBeUndefined()
  })
})

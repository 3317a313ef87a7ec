import { describe, expect, it } from 'vitest'
import { base64url } from '../../../lib/crypto.ts'
import { newSessionSecret, openTicket, type Ticket } from '../../../lib/session/ticket.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const { random } = heldEffects()

function ticketOf(secret: string): Ticket {
  const ticket = openTicket(secret)
  if (ticket === undefined) throw new Error('no session secret')
  return ticket
}

describe('a session ticket', () => {
  it('opens the same row on every instance', () => {
    const secret = newSessionSecret(random)

    expect(openTicket(secret)).toEqual(openTicket(secret))
  })

  it('rests on 256 random bits', () => {
    const asked: number[] = []
    const secret = newSessionSecret((bytes) => {
      asked.push(bytes)
      return random(bytes)
    })

    expect(asked).toEqual([32])
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('tells neither secret nor row key by its id', () => {
    const secret = newSessionSecret(random)
    const { id, rowKey } = ticketOf(secret)

    expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(rowKey).toHaveLength(32)
    expect(new Set([secret, id, base64url.encode(rowKey)]).size).toBe(3)
  })

  it('is another for every secret', () => {
    const tickets = Array.from({ length: 500 }, () => ticketOf(newSessionSecret(random)))

    expect(new Set(tickets.map(({ id }) => id)).size).toBe(500)
    expect(new Set(tickets.map(({ rowKey }) => base64url.encode(rowKey))).size).toBe(500)
  })

  it.each([
    '',
    'short',
    'a'.repeat(42),
    'a'.repeat(44),
    `${'a'.repeat(42)}+`,
    `${'a'.repeat(42)} `,
    `${'a'.repeat(43)}\n`,
  ])('is nothing for %j, which is no secret', (text) => {
    expect(openTicket(text)).toBeUndefined()
  })
})

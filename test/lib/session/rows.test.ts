import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  indexRows,
  openSessionRow,
  type SessionRow,
  sessionRow,
  sidIndex,
  userIndex,
} from '../../../lib/session/rows.ts'
import type { Session } from '../../../lib/session/session.ts'
import * as tickets from '../../../lib/session/ticket.ts'
import { OTHER_TENANT, TENANT } from '../../support/configOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { sessionOf } from '../../support/sessionOf.ts'

const { random } = heldEffects()

const newTicket = (): tickets.Ticket => tickets.newTicket(random)

type Parts = Record<`sealed${number}`, Uint8Array>
const partsOf = (row: SessionRow): Parts =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name.startsWith('sealed')))
const withLargeTokens = (bytes: number): Session =>
  sessionOf({ tokens: { accessToken: 'x'.repeat(bytes), accessTokenExpiresAtMs: START_MS } })

describe('a session row', () => {
  it('gives back what was put in', () => {
    const ticket = newTicket()
    const session = sessionOf()

    expect(openSessionRow(ticket, sessionRow(ticket, session, random))).toEqual(session)
  })

  it.each([0, 59_000, 60_000, 120_000, 200_000, 700_000, 900_000])(
    'holds tokens of %i bytes, in parts that a binary property can hold',
    (bytes) => {
      const ticket = newTicket()
      const session = withLargeTokens(bytes)
      const row = sessionRow(ticket, session, random)

      expect(openSessionRow(ticket, row)).toEqual(session)
      for (const part of Object.values(partsOf(row))) expect(part.length).toBeLessThan(65_536)
    },
  )

  it('says when it was used and when it ends, and nothing in the clear of who it is', () => {
    const ticket = newTicket()
    const session = sessionOf()
    const row = sessionRow(ticket, session, random)

    expect(row).toMatchObject({
      partitionKey: ticket.id,
      rowKey: 'session',
      usedAt: new Date(START_MS),
      endsAt: new Date(session.endsAtMs),
    })
    const names = Object.keys(row).filter((name) => !name.startsWith('sealed'))
    expect(names.sort()).toEqual(['endsAt', 'partitionKey', 'rowKey', 'sidIndex', 'usedAt', 'userIndex'])
  })

  it('shows no token, name or id in any of its bytes', () => {
    const ticket = newTicket()
    const row = sessionRow(ticket, sessionOf(), random)
    const dump = JSON.stringify([row, indexRows(row)], (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    const { identity, tokens, proof } = sessionOf()

    for (const text of [...Object.values(identity), tokens.accessToken, tokens.refreshToken, proof.keyId])
      expect(dump).not.toContain(text)
    expect(dump).not.toContain(Buffer.from(ticket.rowKey).toString('latin1'))
  })

  it('is opened by no other ticket', () => {
    const ticket = newTicket()
    const row = sessionRow(ticket, sessionOf(), random)

    expect(openSessionRow(newTicket(), row)).toBeUndefined()
    expect(openSessionRow({ ...ticket, rowKey: newTicket().rowKey }, row)).toBeUndefined()
  })

  it('is opened in no other place, even under its own key', () => {
    const ticket = newTicket()
    const row = sessionRow(ticket, sessionOf(), random)

    expect(openSessionRow({ ...ticket, id: newTicket().id }, row)).toBeUndefined()
  })

  it('is not opened with a byte of any part changed', () => {
    const ticket = newTicket()
    const row = sessionRow(ticket, withLargeTokens(100_000), random)
    const parts = Object.entries(partsOf(row))
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (whichPart, whichByte, mask) => {
        const [name, bytes = new Uint8Array(1)] = parts[whichPart % parts.length] ?? []
        const at = whichByte % bytes.length
        const changed = bytes.map((byte, i) => (i === at ? byte ^ mask : byte))
        expect(openSessionRow(ticket, { ...row, [`${name}`]: changed })).toBeUndefined()
      }),
    )
  })

  it('is not opened with parts missing, swapped or of the wrong type', () => {
    const ticket = newTicket()
    const row = sessionRow(ticket, withLargeTokens(100_000), random)
    const { sealed0, sealed1 } = partsOf(row)
    if (sealed0 === undefined || sealed1 === undefined) throw new Error('two parts were expected')

    for (const parts of [{}, { sealed0 }, { sealed1 }, { sealed0: sealed1, sealed1: sealed0 }])
      expect(openSessionRow(ticket, parts)).toBeUndefined()
    expect(openSessionRow(ticket, { sealed0: 'text' as unknown as Uint8Array })).toBeUndefined()
  })

  it('is opened from Buffers, as the SDK gives them', () => {
    const ticket = newTicket()
    const session = withLargeTokens(100_000)
    const parts = Object.entries(partsOf(sessionRow(ticket, session, random)))
    const buffers = Object.fromEntries(parts.map(([name, bytes]) => [name, Buffer.from(bytes)]))

    expect(openSessionRow(ticket, buffers)).toEqual(session)
  })
})

describe('index rows', () => {
  it('lead from the person and from the Entra session to the row', () => {
    const ticket = newTicket()
    const session = sessionOf()
    const endsAt = new Date(session.endsAtMs)

    expect(indexRows(sessionRow(ticket, session, random))).toEqual([
      { partitionKey: userIndex(session.identity), rowKey: ticket.id, endsAt },
      { partitionKey: sidIndex('session-at-entra'), rowKey: ticket.id, endsAt },
    ])
  })

  it('lead from the person alone where Entra names no session', () => {
    const { sid: _none, ...identity } = sessionOf().identity
    const row = sessionRow(newTicket(), sessionOf({ identity }), random)

    expect(indexRows(row).map(({ partitionKey }) => partitionKey)).toEqual([userIndex(identity)])
    expect(row).not.toHaveProperty('sidIndex')
  })

  it('are other ones for the same object id in another tenant, and never by mail address', () => {
    const { oid } = sessionOf().identity
    const { identity } = sessionOf()

    expect(userIndex({ tid: TENANT, oid })).not.toBe(userIndex({ tid: OTHER_TENANT, oid }))
    expect(userIndex({ ...identity, username: 'renamed@contoso.com' } as typeof identity)).toBe(
      userIndex(identity),
    )
  })

  it('have keys that a table takes, whatever is in a sid', () => {
    fc.assert(
      fc.property(fc.string(), (sid) => {
        expect(sidIndex(sid)).toMatch(/^sid-[A-Za-z0-9_-]{43}$/)
      }),
    )
  })
})

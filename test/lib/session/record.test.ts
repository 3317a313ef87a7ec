import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openRecord, type SealedParts, sealRecord } from '../../../lib/session/record.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const { random } = heldEffects()
const ticket = newTicket(random)
const other = newTicket(random)
const large = { text: 'x'.repeat(100_000) }

describe('a sealed record', () => {
  it.each([0, 59_000, 60_000, 120_000, 200_000, 700_000, 900_000])(
    'gives back %i bytes, from parts that a binary property can hold',
    (bytes) => {
      const record = { text: 'x'.repeat(bytes) }
      const parts = sealRecord(ticket, 'grant', record, random)

      expect(openRecord(ticket, 'grant', parts)).toEqual(record)
      for (const part of Object.values(parts)) expect(part.length).toBeLessThan(65_536)
    },
  )

  it('has no empty part, where its bytes end with one', () => {
    const [overhead, shell] = [28, JSON.stringify({ text: '' }).length]
    const sealed = sealRecord(ticket, 'session', { text: 'x'.repeat(60_000 - overhead - shell) }, random)

    expect(Object.values(sealed).map(({ length }) => length)).toEqual([60_000])
  })

  it('is opened by no other ticket', () => {
    const parts = sealRecord(ticket, 'session', { a: 1 }, random)

    expect(openRecord(other, 'session', parts)).toBeUndefined()
    expect(openRecord({ ...ticket, rowKey: other.rowKey }, 'session', parts)).toBeUndefined()
  })

  it('is opened in no other place, even under its own key: neither another row nor the neighbour in its own partition', () => {
    const parts = sealRecord(ticket, 'session', { a: 1 }, random)

    expect(openRecord({ ...ticket, id: other.id }, 'session', parts)).toBeUndefined()
    expect(openRecord(ticket, 'grant', parts)).toBeUndefined()
  })

  it('is not opened with a byte of any part changed', () => {
    const parts = Object.entries(sealRecord(ticket, 'session', large, random))
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (whichPart, whichByte, mask) => {
        const [name, bytes = new Uint8Array(1)] = parts[whichPart % parts.length] ?? []
        const at = whichByte % bytes.length
        const changed = bytes.map((byte, i) => (i === at ? byte ^ mask : byte))
        const tampered = { ...Object.fromEntries(parts), [`${name}`]: changed }
        expect(openRecord(ticket, 'session', tampered)).toBeUndefined()
      }),
    )
  })

  it('is not opened with parts missing, swapped or of the wrong type', () => {
    const { sealed0, sealed1 } = sealRecord(ticket, 'session', large, random)
    if (sealed0 === undefined || sealed1 === undefined) throw new Error('two parts were expected')
    const wrong: SealedParts[] = [{}, { sealed0 }, { sealed1 }, { sealed0: sealed1, sealed1: sealed0 }]

    for (const parts of wrong) expect(openRecord(ticket, 'session', parts)).toBeUndefined()
    expect(openRecord(ticket, 'session', { sealed0: 'text' as unknown as Uint8Array })).toBeUndefined()
  })

  it('is opened from Buffers, as the SDK gives them', () => {
    const parts = Object.entries(sealRecord(ticket, 'session', large, random))
    const buffers = Object.fromEntries(parts.map(([name, bytes]) => [name, Buffer.from(bytes)]))

    expect(openRecord(ticket, 'session', buffers)).toEqual(large)
  })
})

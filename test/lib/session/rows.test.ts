import { describe, expect, it } from 'vitest'
import {
  endedIndexes,
  grantRow,
  INDEX_SLOT_MS,
  indexKeys,
  indexPartition,
  indexPartitions,
  indexRows,
  personHash,
  sessionIdOf,
  sessionRow,
  sidHash,
} from '../../../lib/session/rows.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { OTHER_TENANT, TENANT } from '../../support/configOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { grantOf, sessionOf } from '../../support/sessionOf.ts'

const { random } = heldEffects()
const ticket = newTicket(random)
const session = sessionOf()

const isInTheClear = (name: string): boolean => !name.startsWith('sealed')

describe('the rows of a session', () => {
  it('say when it was used and when it ends, and nothing in the clear of who it is', () => {
    const row = sessionRow(ticket, session, random)

    expect(row).toMatchObject({
      partitionKey: ticket.id,
      rowKey: 'session',
      usedAt: new Date(START_MS),
      endsAt: new Date(session.endsAtMs),
    })
    const names = Object.keys(row).filter(isInTheClear).sort()
    expect(names).toEqual(['endsAt', 'entraSession', 'partitionKey', 'person', 'rowKey', 'usedAt'])
    const grant = grantRow(ticket, grantOf(), random)
    expect(Object.keys(grant).filter(isInTheClear)).toEqual(['partitionKey', 'rowKey'])
  })

  it('show no token, name or id in any of their bytes', () => {
    const rows = [
      sessionRow(ticket, session, random),
      grantRow(ticket, grantOf(), random),
      indexRows(ticket, session),
    ]
    const dump = JSON.stringify(rows, (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    const tokens = ['access-token-of-alice', 'refresh-token-of-alice']

    for (const text of [...Object.values(session.identity), ...tokens, session.proof.keyId])
      expect(dump).not.toContain(text)
    expect(dump).not.toContain(Buffer.from(ticket.rowKey).toString('latin1'))
  })
})

describe('index rows', () => {
  it('lead from the person and from the Entra session to the row, and are found from it again', () => {
    const rows = indexRows(ticket, session)

    expect(rows.map(sessionIdOf)).toEqual([ticket.id, ticket.id])
    expect(rows.map(({ rowKey }) => rowKey)).toEqual([
      `${personHash(session.identity)}-${ticket.id}`,
      `${sidHash('session-at-entra')}-${ticket.id}`,
    ])
    const found = indexKeys(ticket.id, sessionRow(ticket, session, random))
    expect(found).toEqual(rows.map(({ partitionKey, rowKey }) => ({ partitionKey, rowKey })))
  })

  it('lead from the person alone where Entra names no session', () => {
    const { sid: _none, ...identity } = session.identity
    const anonymous = sessionOf({ identity })

    expect(indexRows(ticket, anonymous)).toHaveLength(1)
    expect(indexKeys(ticket.id, sessionRow(ticket, anonymous, random))).toHaveLength(1)
  })

  it('show the person when it began and on what kind of device', () => {
    expect(indexRows(ticket, session)[0]).toMatchObject({
      createdAt: new Date(START_MS),
      device: 'Firefox on Linux',
      endsAt: new Date(session.endsAtMs),
    })
  })

  it('lie in a slot that is over when they have ended, where they are looked for as long as they live', () => {
    const dayMs = 24 * 3_600_000
    const hash = personHash(session.identity)
    for (let day = 0; day < 30; day += 1) {
      const nowMs = START_MS + day * dayMs
      for (const lifetimeMs of [600_000, dayMs, 7 * dayMs]) {
        const endsAtMs = nowMs + lifetimeMs
        const partition = indexPartition(hash, endsAtMs)
        for (const wrongMs of [-3_600_000, 0, 3_600_000])
          for (const atMs of [nowMs, endsAtMs - 1])
            expect(indexPartitions(hash, atMs + wrongMs)).toContain(partition)
        const isOver = (ms: number): boolean => {
          const { from, before } = endedIndexes('user', ms)
          return partition >= from && partition < before
        }
        expect(isOver(endsAtMs - 1 + 3_600_000)).toBe(false)
        expect(isOver(endsAtMs + INDEX_SLOT_MS + dayMs)).toBe(true)
      }
    }
  })

  it('have names that another build finds: the kind, the day when the slot is over, one of 64 letters', () => {
    const [hash, sid] = [personHash(session.identity), sidHash('session-at-entra')]
    const named = (one: typeof hash | typeof sid) => indexPartition(one, Date.UTC(2026, 0, 15, 20))

    expect([named(hash), named(sid)]).toEqual([
      `user.2026-01-19.${hash.at('user-'.length)}`,
      `sid.2026-01-19.${sid.at('sid-'.length)}`,
    ])
  })

  it('are other ones for the same object id in another tenant, and never by mail address', () => {
    const { identity } = session

    expect(personHash({ tid: TENANT, oid: identity.oid })).not.toBe(
      personHash({ tid: OTHER_TENANT, oid: identity.oid }),
    )
    expect(personHash({ ...identity, username: 'renamed@contoso.com' } as typeof identity)).toBe(
      personHash(identity),
    )
  })
})

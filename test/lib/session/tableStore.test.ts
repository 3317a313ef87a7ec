/** What the session store promises, on Azurite and on a table in memory. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealRecord } from '../../../lib/session/record.ts'
import { indexPartition, sidHash } from '../../../lib/session/rows.ts'
import type { SessionTable } from '../../../lib/session/table.ts'
import { createTableStore, type SessionStore } from '../../../lib/session/tableStore.ts'
import { newTicket, type Ticket } from '../../../lib/session/ticket.ts'
import { TRANSACTION_MS } from '../../../lib/session/transaction.ts'
import { type AzuriteTable, openAzuriteTable } from '../../support/azuriteTable.ts'
import { endedBySid } from '../../support/endedBySid.ts'
import { type HeldEffects, heldEffects, START_MS } from '../../support/heldEffects.ts'
import { isMutating } from '../../support/isMutating.ts'
import { createMemoryTable } from '../../support/memoryTable.ts'
import { grantOf, sessionOf } from '../../support/sessionOf.ts'

const HOUR_MS = 3_600_000
const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }

// A mutant meets the same promises in memory.
describe.skipIf(isMutating)('on Azurite', () => {
  let azurite: AzuriteTable
  beforeAll(async () => {
    azurite = await openAzuriteTable()
  })
  afterAll(() => azurite?.close())
  keepsItsPromises(() => azurite.table)
})

describe('in memory', () => {
  const memory = createMemoryTable()
  keepsItsPromises(() => memory)
})

describe('in memory, where answers come late and in another order', () => {
  let turn = 0
  const pause = async (): Promise<void> => {
    turn += 1
    // From none to four turns of the event loop, in an order that is the same in every run.
    for (let i = (turn * 7) % 5; i > 0; i -= 1) await new Promise((resolve) => setImmediate(resolve))
  }
  const memory = createMemoryTable({ before: pause })
  keepsItsPromises(() => memory)
})

describe('in memory, where each third call is lost and its second try meets the work of the first', () => {
  let calls = 0
  const memory = createMemoryTable({ meets: () => (++calls % 3 === 0 ? 'repeated' : undefined) })
  keepsItsPromises(() => memory)
})

function keepsItsPromises(table: () => SessionTable): void {
  let effects: HeldEffects
  let store: SessionStore
  let person = 0
  beforeAll(() => {
    effects = heldEffects()
    store = createTableStore({ table: table(), limits, effects })
  })

  /** A person and an Entra session that no other test has. */
  function somebody() {
    person += 1
    return { ...sessionOf().identity, oid: `oid-${person}`, sid: `sid-${person}` }
  }

  /** A session of somebody who has no other one. */
  async function begin(changes: Parameters<typeof sessionOf>[0] = {}) {
    const session = sessionOf({ identity: somebody(), ...changes })
    const ticket = newTicket(effects.random)
    await store.insert(ticket, session, grantOf())
    return { ticket, session }
  }
  const rowOf = ({ id }: Ticket, rowKey: string) => table().read<object>({ partitionKey: id, rowKey })

  test('a session is read as it was written', async () => {
    const { ticket, session } = await begin()

    expect(await store.read(ticket)).toEqual({ session, usedAtMs: START_MS, etag: expect.any(String) })
    expect(await rowOf(ticket, 'grant')).toBeDefined()
  })

  test('a ticket without a row is nobody’s', async () => {
    expect(await store.read(newTicket(effects.random))).toBeUndefined()
  })

  test('a transaction is spent by exactly one of many', async () => {
    const markerId = newTicket(effects.random).id
    const spend = (_: unknown, i: number) => store.spend({ markerId, startedAtMs: START_MS }, `session-${i}`)
    const spent = await Promise.all(Array.from({ length: 8 }, spend))

    expect(spent.filter(Boolean)).toHaveLength(1)
  })

  test('a transaction is spent once whatever the clocks and limits of those who come, for as long as its answer is taken', async () => {
    const markerId = newTicket(effects.random).id
    const spend = async (idleMsThere: number, afterMs: number): Promise<boolean> => {
      const there = heldEffects()
      there.advance(afterMs)
      const other = createTableStore({
        table: table(),
        limits: { ...limits, idleMs: idleMsThere },
        effects: there,
      })
      await other.sweep()
      return other.spend({ markerId, startedAtMs: START_MS }, `session-${idleMsThere}-${afterMs}`)
    }
    expect(await spend(HOUR_MS / 2, 0)).toBe(true)
    for (const idleMs of [300_000, HOUR_MS, 24 * HOUR_MS])
      for (const afterMs of [-HOUR_MS, 0, TRANSACTION_MS, TRANSACTION_MS + 30 * 60_000])
        expect([idleMs, afterMs, await spend(idleMs, afterMs)]).toEqual([idleMs, afterMs, false])
  })

  test('a use is noted whatever was written meanwhile, and never brings an ended session back', async () => {
    const { ticket, session } = await begin()
    const named = { ...session.identity, name: 'Alice Other', roles: ['Auditor'] }
    await store.describe(ticket, named)
    expect(await store.touch(ticket.id, START_MS + 2)).toBe(true)
    expect(await store.read(ticket)).toMatchObject({ usedAtMs: START_MS + 2, session: { identity: named } })

    await store.end(ticket.id)
    expect(await store.touch(ticket.id, START_MS + 3)).toBe(false)
    await store.describe(ticket, session.identity)
    expect(await store.read(ticket)).toBeUndefined()
    expect(await rowOf(ticket, 'session')).toBeUndefined()
  })

  test('a session that says something else of the person keeps its times, its indexes and what sign-in proved', async () => {
    const { identity } = sessionOf()
    const known = {
      ...identity,
      oid: 'oid-described',
      sid: 'sid-described',
      roles: ['Staff'],
      authTimeMs: 7,
      acrs: ['c1'],
    }
    const { ticket } = await begin({ identity: known })
    await store.touch(ticket.id, START_MS + 5)
    await store.describe(ticket, {
      ...known,
      username: 'new@contoso.com',
      sid: 'other',
      authTimeMs: 9,
      acrs: [],
      roles: ['Auditor'],
    })

    const { session, usedAtMs } = (await store.read(ticket)) ?? {}
    expect(session?.identity).toEqual({ ...known, username: 'new@contoso.com', roles: ['Auditor'] })
    expect(usedAtMs).toBe(START_MS + 5)
    expect(await endedBySid(store, 'sid-described')).toHaveLength(1)
  })

  test('an ended session leaves neither grant nor index', async () => {
    const { ticket, session } = await begin()
    await store.end(ticket.id)
    await store.end(ticket.id)

    expect(await rowOf(ticket, 'session')).toBeUndefined()
    expect(await rowOf(ticket, 'grant')).toBeUndefined()
    expect(await store.listOf(session.identity)).toEqual({ listed: [], notListed: 0 })
    expect(await endedBySid(store, session.identity.sid)).toHaveLength(0)
  })

  test('all sessions of one Entra session end together, and nobody else’s', async () => {
    const shared = { identity: somebody() }
    const [first, second, other] = [await begin(shared), await begin(shared), await begin()]

    expect(await endedBySid(store, shared.identity.sid)).toHaveLength(2)
    expect(await store.read(first.ticket)).toBeUndefined()
    expect(await store.read(second.ticket)).toBeUndefined()
    expect(await store.read(other.ticket)).toBeDefined()
  })

  test('a person’s sessions are listed with their times and devices, oldest first', async () => {
    const identity = somebody()
    const second = await begin({ identity, createdAtMs: START_MS + 5, device: 'Safari on iPhone' })
    const first = await begin({ identity })
    await store.touch(first.ticket.id, START_MS + 9)

    const endsAtMs = first.session.endsAtMs
    expect((await store.listOf(identity)).listed).toEqual([
      {
        id: first.ticket.id,
        createdAtMs: START_MS,
        usedAtMs: START_MS + 9,
        endsAtMs,
        device: 'Firefox on Linux',
        isBound: false,
        isLiving: true,
      },
      {
        id: second.ticket.id,
        createdAtMs: START_MS + 5,
        usedAtMs: START_MS + 5,
        endsAtMs,
        device: 'Safari on iPhone',
        isBound: false,
        isLiving: true,
      },
    ])
  })

  test('a session that Entra ended while its rows were on their way does not begin', async () => {
    const ticket = newTicket(effects.random)
    const identity = somebody()
    const session = sessionOf({ identity })
    // The index row has arrived, the session’s own row has not.
    const held = Promise.withResolvers<void>()
    const slow: SessionTable = {
      ...table(),
      insert: async (rows) => {
        if (rows.some(({ rowKey }) => rowKey === 'session')) await held.promise
        return table().insert(rows)
      },
    }
    const writing = createTableStore({ table: slow, limits, effects }).insert(ticket, session, grantOf())
    const hash = sidHash(identity.sid)
    await expect.poll(() => table().list(indexPartition(hash, session.endsAtMs), hash)).toHaveLength(1)
    await endedBySid(store, identity.sid)
    held.resolve()
    await writing

    expect(await store.read(ticket)).toBeUndefined()
    expect(await rowOf(ticket, 'grant')).toBeUndefined()
  })

  test('sessions that began before the epoch have ended, on another instance within a minute; later ones live', async () => {
    const { ticket } = await begin()
    const later = await begin({ createdAtMs: START_MS + 10 })
    const other = createTableStore({ table: table(), limits, effects })
    expect(await other.read(ticket)).toBeDefined()
    await store.endAllBefore(START_MS + 10)
    effects.advance(60_000)

    expect(await other.read(ticket)).toBeUndefined()
    expect(await rowOf(ticket, 'session')).toBeUndefined()
    expect(await other.read(later.ticket)).toBeDefined()
    await table().remove('epoch', ['all'])
  })

  test('a session of the next build is left alone, for that build to serve', async () => {
    const { ticket, session } = await begin()
    const { etag = '' } = (await rowOf(ticket, 'session')) ?? {}
    const sealed = sealRecord(ticket, 'session', { v: 3, ...session }, effects.random)
    await table().update({ partitionKey: ticket.id, rowKey: 'session', ...sealed }, etag)

    await expect(store.read(ticket)).rejects.toMatchObject({ code: 'session/newer_record' })
    expect(await rowOf(ticket, 'session')).toBeDefined()
  })

  test('a row that does not open is removed with all that belongs to it', async () => {
    const { ticket, session } = await begin()
    const { etag = '' } = (await rowOf(ticket, 'session')) ?? {}
    await table().update({ partitionKey: ticket.id, rowKey: 'session', sealed0: new Uint8Array(64) }, etag)

    expect(await store.read(ticket)).toBeUndefined()
    expect(await rowOf(ticket, 'grant')).toBeUndefined()
    expect(await store.listOf(session.identity)).toEqual({ listed: [], notListed: 0 })
  })
}

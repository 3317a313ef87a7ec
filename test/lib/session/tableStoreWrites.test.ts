/** What the session store writes and removes, call by call, and what it makes of answers that come late, twice or not at all. */
import { describe, expect, it } from 'vitest'
import { indexKeys, indexRows, personHash, type SessionRow, sidHash } from '../../../lib/session/rows.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { newTicket, type Ticket } from '../../../lib/session/ticket.ts'
import { endedBySid } from '../../support/endedBySid.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import type { Trouble } from '../../support/memoryTable.ts'
import { limits, type Opening, openStore } from '../../support/openStore.ts'
import { grantOf, sessionOf } from '../../support/sessionOf.ts'

const ALICE = personHash(sessionOf().identity)
const SID = 'session-at-entra'

describe('a transaction', () => {
  it('is spent by whoever wrote its row, also where the answer was lost, and by nobody else', async () => {
    let calls = 0
    const { store } = openStore({ weather: { meets: () => (++calls === 1 ? 'repeated' : undefined) } })
    const transaction = { markerId: newTicket(heldEffects().random).id, startedAtMs: START_MS }

    expect(await store.spend(transaction, 'mine')).toBe(true)
    expect(await store.spend(transaction, 'another')).toBe(false)
    expect(await store.spend(transaction, 'mine')).toBe(true)
  })

  it('whose row is gone by the time that it is looked for is spent by nobody', async () => {
    const { store } = openStore({ changes: () => ({ insert: async () => false }) })

    expect(await store.spend({ markerId: 'marker', startedAtMs: START_MS }, 'mine')).toBe(false)
  })
})

describe('a new session', () => {
  it('is said to be there once its four rows are written, and is not looked for', async () => {
    const { store, memory, effects, asked } = openStore()

    expect(await store.insert(newTicket(effects.random), sessionOf(), grantOf())).toBe(true)
    expect(memory.rows()).toHaveLength(4)
    expect(asked.filter((call) => !call.startsWith('insert'))).toEqual([])
  })

  it('is there with all its rows where the answer was lost and the second try met the first', async () => {
    const { store, memory, effects } = openStore({
      weather: { meets: (operation) => (operation === 'insert' ? 'repeated' : undefined) },
    })
    const ticket = newTicket(effects.random)

    expect(await store.insert(ticket, sessionOf(), grantOf())).toBe(true)
    expect(memory.rows()).toHaveLength(4)
    expect(await store.read(ticket)).toBeDefined()
  })

  it('does not begin where Entra ended it meanwhile, and leaves no row', async () => {
    const { store, memory, effects } = openStore()
    const ticket = newTicket(effects.random)
    const ended = { partitionKey: ticket.id, rowKey: 'session', usedAt: new Date(0), endsAt: new Date(0) }
    await memory.insert([ended])

    expect(await store.insert(ticket, sessionOf(), grantOf())).toBe(false)
    expect(memory.rows()).toEqual([])
  })

  it('is a fault where one of its index rows could not be written, once all others have ended', async () => {
    const person = indexRows(newTicket(heldEffects().random), sessionOf())[0]?.partitionKey
    const { store, effects, asked } = openStore({ weather: { refuses: (_operation, key) => key === person } })

    expect((await faultOf(() => store.insert(newTicket(effects.random), sessionOf(), grantOf()))).code).toBe(
      'session/store_unavailable',
    )
    expect(asked.filter((call) => call.startsWith('insert'))).toHaveLength(3)
  })
})

describe('a session that is ended', () => {
  it('goes with its grant and its index rows, and it is said whose it was', async () => {
    const { store, begin, memory, asked } = openStore()
    const ticket = await begin()
    const row = await memory.read<SessionRow>({ partitionKey: ticket.id, rowKey: 'session' })
    asked.splice(0)

    expect(await store.end(ticket.id)).toBe(ALICE)
    expect(memory.rows()).toEqual([])
    expect(asked.slice(0, 2)).toEqual([`read ${ticket.id}`, `remove ${ticket.id}`])
    const indexes = row === undefined ? [] : indexKeys(ticket.id, row)
    expect(asked.slice(2).sort()).toEqual(indexes.map(({ partitionKey }) => `remove ${partitionKey}`).sort())
  })

  it('is said to have ended though its index rows could not be removed, which is a line in the log', async () => {
    const { store, begin, memory, logged } = openStore({
      weather: { refuses: (operation, key) => operation === 'remove' && /^(user|sid)\./.test(key) },
    })
    const ticket = await begin()

    expect(await store.end(ticket.id)).toBe(ALICE)
    expect(await store.read(ticket)).toBeUndefined()
    expect(logged()).toEqual([
      ['warn', 'session.index_left', expect.objectContaining({ fault: 'session/store_unavailable' })],
    ])
    expect(memory.rows()).toHaveLength(2)
  })

  it('is said to have ended where only the answer was lost, and is a fault where it is still there', async () => {
    let trouble: Trouble = 'lost'
    const { store, begin, rowOf, memory } = openStore({
      weather: {
        meets: (operation, key) => (operation === 'remove' && key.length === 43 ? trouble : undefined),
      },
    })

    expect(await store.end((await begin()).id)).toBe(ALICE)
    expect(memory.rows()).toEqual([])
    trouble = 'refused'
    const ticket = await begin()
    expect((await faultOf(() => store.end(ticket.id))).code).toBe('session/store_unavailable')
    expect(await rowOf(ticket)).toBeDefined()
  })

  it('is a fault where nobody can say whether it is still there', async () => {
    let isDown = false
    const { store, begin } = openStore({
      weather: {
        refuses: (operation) => isDown && operation === 'read',
        meets: (operation) => {
          isDown = operation === 'remove'
          return isDown ? 'lost' : undefined
        },
      },
    })
    const ticket = await begin()

    expect((await faultOf(() => store.end(ticket.id))).code).toBe('session/store_unavailable')
  })

  it('is nobody’s where it is not there, and only what may be left of it is removed', async () => {
    const { store, asked } = openStore()

    expect(await store.end('gone')).toBeUndefined()
    expect(asked).toEqual(['read gone', 'remove gone'])
  })
})

describe('the sweep', () => {
  it('removes a session that has ended, with all its rows and the mark of its sign-in, and no other', async () => {
    const { store, begin, memory, effects } = openStore()
    const spentFor = async ({ id }: Ticket) =>
      store.spend({ markerId: newTicket(effects.random).id, startedAtMs: effects.now() }, id)
    await spentFor(await begin())
    effects.advance(4 * limits.idleMs)
    const nowMs = effects.now()
    const living = await begin(sessionOf({ createdAtMs: nowMs, endsAtMs: nowMs + limits.absoluteMs }))
    await spentFor(living)

    expect(await store.sweep()).toEqual({ looked: 1, ended: 1, failed: 0, isComplete: true })
    expect(await store.read(living)).toBeDefined()
    expect(memory.rows().filter(({ rowKey }) => rowKey === 'session')).toHaveLength(1)
    expect(memory.size()).toBe(5)
  })
})

describe('a session that the index of Entra’s sessions has', () => {
  it('is ended, and it is said whose it was; that of another stays', async () => {
    const { store, begin, rowOf } = openStore()
    const mine = await begin()
    const other = await begin(sessionOf({ identity: { ...sessionOf().identity, sid: 'other' } }))

    expect(await endedBySid(store, SID)).toEqual([ALICE])
    expect([await rowOf(mine), (await rowOf(other))?.partitionKey]).toEqual([undefined, other.id])
  })

  it('is no other one that lies in the same partition', async () => {
    const { store, begin, rowOf } = openStore()
    const neighbour = Array.from({ length: 2_000 }, (_, i) => `other-${i}`).find(
      (sid) => sidHash(sid)['sid-'.length] === sidHash(SID)['sid-'.length],
    )
    const other = await begin(sessionOf({ identity: { ...sessionOf().identity, sid: neighbour ?? '' } }))

    expect(neighbour).toBeDefined()
    expect(await endedBySid(store, SID)).toEqual([])
    expect((await rowOf(other))?.partitionKey).toBe(other.id)
  })

  /** What is left, where the index has a session of so many milliseconds ago that is not there. */
  async function endedStray(ageMs: number, changes?: Opening['changes']) {
    const world = openStore(changes === undefined ? {} : { changes })
    const ticket = newTicket(world.effects.random)
    const session = sessionOf({
      createdAtMs: START_MS - ageMs,
      endsAtMs: START_MS - ageMs + limits.absoluteMs,
    })
    const stray = indexRows(ticket, session)[1]
    if (stray === undefined) throw new Error('no index row')
    await world.memory.insert([stray])
    return { ...world, ticket, persons: await endedBySid(world.store, SID) }
  }

  it.each([0, 59_999])(
    'and that is not there %i ms after it began may be on its way: an empty row keeps it from beginning',
    async (ageMs) => {
      const { persons, memory, ticket, store } = await endedStray(ageMs)

      expect(persons).toEqual([])
      expect(memory.rows()).toEqual([
        {
          partitionKey: ticket.id,
          rowKey: 'session',
          usedAt: new Date(START_MS),
          endsAt: new Date(START_MS),
          etag: expect.any(String),
        },
      ])
      expect(await store.insert(ticket, sessionOf(), grantOf())).toBe(false)
    },
  )

  it('and that is not there a minute after it began is a stray: only its index row goes, and no row is made', async () => {
    const { persons, memory, asked } = await endedStray(60_000)

    expect([persons, memory.rows()]).toEqual([[], []])
    expect(asked.some((call) => call.startsWith('insert'))).toBe(false)
  })

  it('and that arrives just then is ended all the same', async () => {
    const effects = heldEffects()
    const arriving = newTicket(effects.random)
    const { persons, memory } = await endedStray(0, (table) => ({
      // The session’s rows come between the look and the empty row.
      async insert(rows) {
        await createTableStore({ table, limits, effects }).insert(arriving, sessionOf(), grantOf())
        return table.insert(rows)
      },
    }))

    expect(persons).toEqual([ALICE])
    expect(memory.rows().filter(({ partitionKey }) => partitionKey === arriving.id)).toEqual([])
  })
})

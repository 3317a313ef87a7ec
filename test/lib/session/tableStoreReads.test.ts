/** What the session store reads, how long it believes it, and what it writes over what it has read. */
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { indexRows, personHash } from '../../../lib/session/rows.ts'
import type { RowKey } from '../../../lib/session/table.ts'
import { newTicket, type Ticket } from '../../../lib/session/ticket.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { limits, openStore } from '../../support/openStore.ts'
import { BINDING, sessionOf } from '../../support/sessionOf.ts'

const ALICE = personHash(sessionOf().identity)
const keysIn = (rows: readonly RowKey[]): RowKey[] =>
  rows.map(({ partitionKey, rowKey }) => ({ partitionKey, rowKey }))

describe('the epoch', () => {
  it('is read with the first session, again in the background after half a minute, and waited for after a whole one', async () => {
    const { store, begin, asked, effects } = openStore()
    const ticket = await begin()
    const readsAfter = async (ms: number): Promise<number> => {
      effects.advance(ms)
      asked.splice(0)
      await store.read(ticket)
      return asked.filter((call) => call === 'read epoch').length
    }

    expect([await readsAfter(0), await readsAfter(29_999), await readsAfter(1), await readsAfter(0)]).toEqual(
      [1, 0, 1, 0],
    )
    await store.endAllBefore(START_MS + 1)
    expect(await readsAfter(59_999)).toBe(1)
    effects.advance(60_000)
    expect(await store.read(ticket)).toBeUndefined()
  })

  it('that cannot be read in the background is noted, and the one that is known serves until it is too old', async () => {
    let isDown = false
    const world = openStore({ weather: { refuses: (_operation, key) => isDown && key === 'epoch' } })
    const ticket = await world.begin()
    await world.store.read(ticket)
    isDown = true
    world.effects.advance(30_000)

    expect(await world.store.read(ticket)).toBeDefined()
    await expect
      .poll(() => world.logged())
      .toEqual([
        ['warn', 'session.epoch_not_read', expect.objectContaining({ fault: 'session/store_unavailable' })],
      ])
    world.effects.advance(30_000)
    expect((await faultOf(() => world.store.read(ticket))).code).toBe('session/store_unavailable')
  })

  it('ends a session that began before it, and no later one, without a word of a row that did not open', async () => {
    const { store, begin, logged, memory } = openStore()
    const [before, at] = [await begin(), await begin(sessionOf({ createdAtMs: START_MS + 1 }))]
    await store.endAllBefore(START_MS + 1)

    expect([await store.read(before), (await store.read(at))?.usedAtMs]).toEqual([undefined, START_MS + 1])
    expect(memory.rows().some(({ partitionKey }) => partitionKey === before.id)).toBe(false)
    expect(logged()).toEqual([])
  })
})

describe('a session that is read', () => {
  it('tells its binding, where it has one', async () => {
    const { store, begin, rowOf } = openStore()
    const ticket = await begin()
    const before = (await store.read(ticket)) ?? { etag: '' }
    const etag = await store.bind(ticket, before.etag, BINDING)

    expect(before).not.toHaveProperty('binding')
    expect(await store.read(ticket)).toEqual({
      session: sessionOf(),
      usedAtMs: START_MS,
      etag,
      binding: BINDING,
    })
    expect((await rowOf(ticket))?.boundAt).toEqual(new Date(BINDING.registeredAtMs))
    expect(await store.bind(ticket, before.etag, BINDING)).toBeUndefined()
  })

  it.each([
    ['session', 'sealed0'],
    ['binding', 'device'],
  ])('and whose %s does not open is removed, and the log says whose it was', async (_what, column) => {
    const { store, begin, memory, logged } = openStore()
    const ticket = await begin()
    const row = { partitionKey: ticket.id, rowKey: 'session', [column]: new Uint8Array(64) }
    await memory.update(row, '*')

    expect(await store.read(ticket)).toBeUndefined()
    expect(memory.rows()).toEqual([])
    expect(logged()).toEqual([['warn', 'session.row_not_opened', { person: ALICE }]])
  })
})

describe('what Entra says of the person now', () => {
  const { identity } = sessionOf()

  it('is written into the row as it was read, with the use that was noted meanwhile', async () => {
    const { store, begin, rowOf } = openStore()
    const ticket = await begin()
    await store.touch(ticket.id, START_MS + 5)
    await store.describe(ticket, { ...identity, name: 'Alice Other' })

    expect((await store.read(ticket))?.session.identity.name).toBe('Alice Other')
    expect((await rowOf(ticket))?.usedAt).toEqual(new Date(START_MS + 5))
  })

  it('leaves nothing of a longer record, which a shorter one follows', async () => {
    const { store, begin, rowOf } = openStore()
    const ticket = await begin(sessionOf({ identity: { ...identity, name: 'A'.repeat(70_000) } }))
    const before = await rowOf(ticket)
    await store.describe(ticket, identity)
    const after = await rowOf(ticket)

    expect([before?.sealed1?.length, after?.sealed1?.length]).toEqual([expect.any(Number), 0])
    expect((await store.read(ticket))?.session.identity).toEqual(identity)
  })

  it('is tried three times where the row changes all the time, and no more', async () => {
    let updates = 0
    const world = openStore({
      changes: () => ({
        update: async () => {
          updates += 1
          return undefined
        },
      }),
    })
    await world.store.describe(await world.begin(), identity)

    expect(updates).toBe(3)
  })

  it('is written at once where the row changed only once', async () => {
    let updates = 0
    const world = openStore({
      changes: (table) => ({
        update: async (row, etag) => (++updates === 1 ? undefined : table.update(row, etag)),
      }),
    })
    const ticket = await world.begin()
    await world.store.describe(ticket, { ...identity, name: 'Alice Other' })

    expect(updates).toBe(2)
    expect((await world.store.read(ticket))?.session.identity.name).toBe('Alice Other')
  })

  it('is written nowhere for a session that is gone, or that another ticket opens', async () => {
    const { store, begin, asked, effects, memory } = openStore()
    const ticket = await begin()
    const other = newTicket(effects.random)
    await memory.update({ partitionKey: ticket.id, rowKey: 'session', sealed0: new Uint8Array(64) }, '*')
    await store.describe(ticket, identity)
    await store.describe(other, identity)

    expect(asked.filter((call) => call.startsWith('update'))).toEqual([])
  })
})

describe('the list of a person', () => {
  it('has those that are there, bound or not, oldest first, whatever the order of their ids', async () => {
    const { store, begin, memory } = openStore()
    const tickets: Ticket[] = []
    for (const age of [3, 1, 2, 0]) tickets.push(await begin(sessionOf({ createdAtMs: START_MS + age })))
    const [newest, second, gone] = tickets as [Ticket, Ticket, Ticket]
    await memory.remove(gone.id, ['session', 'grant'])
    await store.bind(newest, (await store.read(newest))?.etag ?? '', BINDING)
    const { listed } = await store.listOf(sessionOf().identity)

    expect(listed.map(({ createdAtMs, isBound }) => [createdAtMs - START_MS, isBound])).toEqual([
      [0, false],
      [1, false],
      [3, true],
    ])
    expect(listed[1]).toEqual({
      id: second.id,
      createdAtMs: START_MS + 1,
      usedAtMs: START_MS + 1,
      endsAtMs: sessionOf().endsAtMs,
      device: 'Firefox on Linux',
      isBound: false,
      isLiving: true,
    })
    expect(await store.listOf({ ...sessionOf().identity, oid: 'somebody-else' })).toEqual({
      listed: [],
      notListed: 0,
    })
  })
})

describe('a session in that list', () => {
  it('lives no longer than it can be used: until it ran idle, or reached its end, or all were ended', async () => {
    const { store, begin, effects } = openStore()
    const ticket = await begin(sessionOf())
    const isLiving = async () =>
      (await store.listOf(sessionOf().identity)).listed.map((one) => [one.isLiving, one.id === ticket.id])
    expect(await isLiving()).toEqual([[true, true]])
    await store.endAllBefore(effects.now() + 1)
    effects.advance(60_000)
    expect(await isLiving()).toEqual([[false, true]])
    await store.endAllBefore(0)
    effects.advance(60_000)
    expect(await isLiving()).toEqual([[true, true]])
    effects.advance(limits.idleMs)
    expect(await isLiving()).toEqual([[false, true]])
  })
})

describe('the table', () => {
  it('is looked at by one small read, and a fault is one', async () => {
    const { store, asked } = openStore()
    await store.check()

    expect(asked).toEqual(['read health'])
    const down = openStore({ weather: { refuses: () => true } })
    expect((await faultOf(() => down.store.check())).code).toBe('session/store_unavailable')
  })

  it('is warmed by the epoch and two of the same at once, in the background: a fault is a line in the log', async () => {
    const fault = new AppError('session/store_refused', { detail: 'status 403' })
    const up = openStore()
    const down = openStore({ changes: () => ({ read: () => Promise.reject(fault) }) })
    up.store.warm()
    down.store.warm()

    expect(up.asked).toEqual(['read epoch', 'read health', 'read health'])
    await expect
      .poll(() => down.logged())
      .toEqual([
        ['warn', 'session.epoch_not_read', expect.objectContaining({ fault: 'session/store_refused' })],
        ['warn', 'session.warming_failed', expect.objectContaining({ fault: 'session/store_refused' })],
      ])
    expect(up.logged()).toEqual([])
  })

  it('has the epoch in one row, which the next one replaces', async () => {
    const { store, memory } = openStore()
    await store.endAllBefore(START_MS)
    await store.endAllBefore(START_MS + 1)

    expect(memory.rows()).toEqual([
      { partitionKey: 'epoch', rowKey: 'all', endedBefore: new Date(START_MS + 1), etag: expect.any(String) },
    ])
  })

  it('has the rows of one session in three places', async () => {
    const { begin, memory } = openStore()
    const ticket = await begin()
    const keys = [
      ...indexRows(ticket, sessionOf()),
      { partitionKey: ticket.id, rowKey: 'session' },
      { partitionKey: ticket.id, rowKey: 'grant' },
    ]

    expect(keysIn(memory.rows())).toEqual(expect.arrayContaining(keysIn(keys)))
  })
})

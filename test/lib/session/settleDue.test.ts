/** The sweep: it removes what ended, whatever is refused or cut off on the way, and its work follows what is due. */
import { describe, expect, test } from 'vitest'
import { INDEX_SLOT_MS } from '../../../lib/session/rows.ts'
import type { RowKey, SessionTable } from '../../../lib/session/table.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { newTicket, type Ticket } from '../../../lib/session/ticket.ts'
import { openAzuriteTable } from '../../support/azuriteTable.ts'
import { endedBySid } from '../../support/endedBySid.ts'
import { heldEffects } from '../../support/heldEffects.ts'
import { isMutating } from '../../support/isMutating.ts'
import { createMemoryTable, type Weather } from '../../support/memoryTable.ts'
import { grantOf, sessionOf } from '../../support/sessionOf.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** How late a due row can be looked at. */
const SLOT_MS = 15 * MINUTE_MS
const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }

function openSwept(table: SessionTable) {
  const effects = heldEffects()
  const store = createTableStore({ table, limits, effects })
  let people = 0
  return {
    effects,
    store,
    async signIn(): Promise<Ticket> {
      people += 1
      const ticket = newTicket(effects.random)
      const identity = { ...sessionOf().identity, oid: `oid-${people}`, sid: `sid-${people}` }
      const nowMs = effects.now()
      await store.spend({ markerId: newTicket(effects.random).id, startedAtMs: nowMs }, ticket.id)
      const times = { createdAtMs: nowMs, endsAtMs: nowMs + limits.absoluteMs }
      await store.insert(ticket, sessionOf({ identity, ...times }), grantOf())
      return ticket
    },
    async use(ticket: Ticket): Promise<void> {
      const stored = await store.read(ticket)
      if (stored === undefined) throw new Error('the session has ended')
      await store.touch(ticket.id, effects.now())
    },
  }
}

function inMemory(weather: Weather = {}) {
  const table = createMemoryTable(weather)
  return { table, ...openSwept(table) }
}

const many = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

test.skipIf(isMutating)(
  'on Azurite, what ended goes with every row of it, and what lives stays',
  async () => {
    const azurite = await openAzuriteTable()
    try {
      const { store, signIn, use, effects } = openSwept(azurite.table)
      for (let i = 0; i < 8; i += 1) await many(3, signIn)
      const living = await signIn()
      effects.advance(HOUR_MS - 1)
      await use(living)
      effects.advance(SLOT_MS + 1)

      expect(await store.sweep()).toEqual({ looked: 25, ended: 24, failed: 0, isComplete: true })
      expect(await store.read(living)).toBeDefined()
      effects.advance(8 * HOUR_MS)
      await store.sweep()
      const left: unknown[] = []
      for await (const row of azurite.client.listEntities()) left.push(row)
      expect(left).toEqual([])
    } finally {
      await azurite.close()
    }
  },
)

describe('the work of a sweep', () => {
  test('is the same whether nobody or thousands are signed in, as long as nothing is due', async () => {
    const world = inMemory()
    await world.store.sweep()
    const [empty, ...others] = [[...world.table.calls.entries()]]
    expect(others).toEqual([])
    await many(1_000, world.signIn)
    world.table.calls.clear()
    await world.store.sweep()

    expect([...world.table.calls.entries()]).toEqual(empty)
  })

  test('is at most four calls for each session that ended, whatever lives beside it, and fewer the more end together', async () => {
    const callsFor = async (ended: number): Promise<number> => {
      const world = inMemory()
      await many(ended, world.signIn)
      world.effects.advance(HOUR_MS + SLOT_MS)
      await many(200, world.signIn)
      world.table.calls.clear()
      expect(await world.store.sweep()).toMatchObject({ ended, isComplete: true })
      return [...world.table.calls.values()].reduce((sum, count) => sum + count, 0)
    }
    const [few, more] = [await callsFor(100), await callsFor(700)]

    expect(few).toBeLessThan(100 * 4 + 100)
    expect(more).toBeLessThan(700 * 4)
    expect(more / 700).toBeLessThan(few / 100)
  })

  test('looks at a session in steady use a few times in its life, not each hour', async () => {
    const world = inMemory()
    const ticket = await world.signIn()
    let looks = 0
    for (let minute = 0; minute < 8 * 60 + 15; minute += 30) {
      if (minute < 8 * 60) await world.use(ticket)
      looks += (await world.store.sweep()).looked
      world.effects.advance(30 * MINUTE_MS)
    }
    looks += (await world.store.sweep()).looked

    expect(looks).toBeLessThanOrEqual(5)
    expect(world.table.rows()).toEqual([])
  })
})

describe('a sweep that meets trouble', () => {
  test('leaves one row that cannot be removed, and only that one, for the next run', async () => {
    let refused: string | undefined
    const world = inMemory({
      refuses: (operation, partition) => operation === 'remove' && partition === refused,
    })
    const [stuck] = await many(50, world.signIn)
    refused = stuck?.id
    world.effects.advance(HOUR_MS + SLOT_MS)

    expect(await world.store.sweep()).toEqual({ looked: 50, ended: 49, failed: 1, isComplete: true })
    refused = undefined
    expect(await world.store.sweep()).toEqual({ looked: 1, ended: 1, failed: 0, isComplete: true })
    expect(world.table.rows()).toEqual([])
  })

  test('counts each due row that it could not take away, and finds them all again', async () => {
    let isStuck = true
    const world = inMemory({
      refuses: (operation, partition) => isStuck && operation === 'remove' && partition.startsWith('due-'),
    })
    await many(20, world.signIn)
    world.effects.advance(HOUR_MS + SLOT_MS)

    expect(await world.store.sweep()).toEqual({ looked: 20, ended: 20, failed: 20, isComplete: true })
    isStuck = false
    expect(await world.store.sweep()).toEqual({ looked: 20, ended: 0, failed: 0, isComplete: true })
    expect(world.table.rows()).toEqual([])
  })

  test('never leaves a session that its person’s list and Entra’s sign-out do not find', async () => {
    const calls = await callsOfOneSweep()
    for (let cut = 0; cut < calls; cut += 1) {
      let count = 0
      let isCut = false
      const world = inMemory({ refuses: () => isCut && ++count > cut })
      const tickets = await many(3, world.signIn)
      world.effects.advance(HOUR_MS + SLOT_MS)
      isCut = true
      await world.store.sweep().catch(() => undefined)
      isCut = false
      for (const [i, { id }] of tickets.entries()) {
        const isThere = (await world.table.read({ partitionKey: id, rowKey: 'session' })) !== undefined
        const { listed } = await world.store.listOf({ ...sessionOf().identity, oid: `oid-${i + 1}` })
        const ended = await endedBySid(world.store, `sid-${i + 1}`)
        expect([cut, listed.length, ended.length]).toEqual([cut, Number(isThere), Number(isThere)])
      }
    }
  })

  test('can be cut off at any call: the next run finds all that is left but index rows that lead to nothing, and those go when their slot is over', async () => {
    const calls = await callsOfOneSweep()
    for (let cut = 0; cut < calls; cut += 1) {
      let count = 0
      let isCut = false
      const world = inMemory({ refuses: () => isCut && ++count > cut })
      await many(3, world.signIn)
      world.effects.advance(HOUR_MS + SLOT_MS)
      isCut = true
      await world.store.sweep().catch(() => undefined)
      isCut = false
      await world.store.sweep()
      expect([cut, world.table.rows().filter(isNoIndex)]).toEqual([cut, []])
      world.effects.advance(INDEX_SLOT_MS + 24 * HOUR_MS)
      await world.store.sweep()
      expect([cut, world.table.rows()]).toEqual([cut, []])
    }
  })

  test('may run twice at once', async () => {
    const world = inMemory({ before: () => new Promise((resolve) => setImmediate(resolve)) })
    await many(40, world.signIn)
    world.effects.advance(HOUR_MS + SLOT_MS)
    const other = createTableStore({ table: world.table, limits, effects: world.effects })
    await Promise.all([world.store.sweep(), other.sweep()])

    expect(world.table.rows()).toEqual([])
  })

  test('stops when its time is up, and what it did counts', async () => {
    let isSlow = false
    let looksAtIndexes = 0
    const world = inMemory({
      before: async () => void (isSlow && world.effects.advance(MINUTE_MS)),
      meets: (operation, from) => {
        if (operation === 'pages' && /^(user|sid)\./.test(from)) looksAtIndexes += 1
        return undefined
      },
    })
    await many(60, world.signIn)
    world.effects.advance(HOUR_MS + SLOT_MS)
    isSlow = true
    const first = await world.store.sweep()
    const strays = looksAtIndexes
    isSlow = false
    const second = await world.store.sweep()

    expect(first.isComplete).toBe(false)
    expect(strays, 'strays are looked for in what time is left').toBe(0)
    expect(first.ended).toBeGreaterThan(0)
    expect(first.ended + second.ended).toBe(60)
    expect(world.table.rows()).toEqual([])
  })

  async function callsOfOneSweep(): Promise<number> {
    const world = inMemory()
    await many(3, world.signIn)
    world.effects.advance(HOUR_MS + SLOT_MS)
    world.table.calls.clear()
    await world.store.sweep()
    return [...world.table.calls.values()].reduce((sum, count) => sum + count, 0)
  }
})

test('a session that reached its absolute end is removed, though it was used a moment ago', async () => {
  const world = inMemory()
  const ticket = await world.signIn()
  await world.store.touch(ticket.id, world.effects.now() + 8 * HOUR_MS)
  world.effects.advance(8 * HOUR_MS + SLOT_MS)

  expect(await world.store.sweep()).toMatchObject({ looked: 1, ended: 1 })
  expect(world.table.rows()).toEqual([])
})

describe('what a killed instance left', () => {
  test('a sign-in that came to no session leaves no row of itself', async () => {
    const world = inMemory()
    const [markerId, sessionId] = [newTicket(world.effects.random).id, newTicket(world.effects.random).id]
    await world.store.spend({ markerId, startedAtMs: world.effects.now() }, sessionId)
    world.effects.advance(HOUR_MS + SLOT_MS)
    await world.store.sweep()

    expect(world.table.rows()).toEqual([])
  })

  test('index rows without a session go when their time is over, and nothing that lives is read to find them', async () => {
    const world = inMemory()
    const strays = await many(5, world.signIn)
    for (const { id } of strays) await world.table.remove(id, ['session', 'grant'])
    const living = await many(100, world.signIn)
    world.table.calls.clear()
    await world.store.sweep()
    const [removals, indexes] = [world.table.calls.get('remove'), indexesOf(world)]
    expect([removals, indexes]).toEqual([undefined, 2 * (strays.length + living.length)])

    world.effects.advance(INDEX_SLOT_MS + limits.absoluteMs + 24 * HOUR_MS)
    expect(await world.store.sweep()).toMatchObject({ looked: 105, ended: 100, isComplete: true })
    expect(world.table.rows()).toEqual([])
  })

  const indexesOf = ({ table }: ReturnType<typeof inMemory>): number =>
    table.rows().filter((row) => !isNoIndex(row)).length
})

function isNoIndex({ partitionKey }: RowKey): boolean {
  return !/^(user|sid)\./.test(partitionKey)
}

/** A person with many sessions: what they cost is bounded, nobody else waits for it, and all of them can be seen to be there, and ended. */
import { describe, expect, it } from 'vitest'
import { createFanOut } from '../../../lib/session/fanOut.ts'
import { indexRows, personHash } from '../../../lib/session/rows.ts'
import { openSessionTable } from '../../../lib/session/table.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { changeRequest, type TableAnswer } from '../../../lib/session/tableWire.ts'
import { newTicket, type Ticket } from '../../../lib/session/ticket.ts'
import { endedBySid } from '../../support/endedBySid.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldClock, settled } from '../../support/heldClock.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { limits, openStore } from '../../support/openStore.ts'
import { sessionOf } from '../../support/sessionOf.ts'

const { identity } = sessionOf()
const ALICE = personHash(identity)

/** A table at the wire that has the index rows of so many sessions of Alice, and a row for whatever is asked for. */
function openWire(sessions: number) {
  const clock = heldClock()
  const effects = { ...heldEffects(), sleep: clock.sleep }
  const indexes = Array.from({ length: sessions }, () =>
    indexRows(newTicket(effects.random), sessionOf()),
  ).flat()
  const rowOf = (row: object): string => {
    const { body = '' } = changeRequest('', { kind: 'create', row: row as never })
    return body.replace(/\}$/, ',"odata.etag":"e"}')
  }
  const found = rowOf({
    partitionKey: 'p',
    rowKey: 'session',
    usedAt: new Date(START_MS),
    endsAt: new Date(START_MS + 1),
    endedBefore: new Date(0),
  })
  const exchange = async (url: string): Promise<TableAnswer> => {
    await settled()
    const [, partition] =
      /PartitionKey eq '([^']+)'/.exec(new URL(url).searchParams.get('$filter') ?? '') ?? []
    const rows = indexes.filter(({ partitionKey }) => partitionKey === partition).map(rowOf)
    return {
      status: 200,
      header: () => undefined,
      text: partition === undefined ? found : `{"value":[${rows.join()}]}`,
    }
  }
  const identityOfApp = { getToken: async () => ({ token: 't' }), ready: async () => undefined }
  const all = { ...effects, exchange }
  const table = openSessionTable('https://tables.example', identityOfApp as never, all as never)
  return createTableStore({ table, limits, effects: all })
}

describe('what many sessions cost', () => {
  it('keeps nobody else from the table, though twenty-two look at a hundred of them at once', async () => {
    const store = openWire(100)
    const looks = Array.from({ length: 22 }, () => store.listOf(identity))
    for (let turn = 0; turn < 3; turn += 1) await settled()
    const others = await Promise.allSettled(Array.from({ length: 20 }, () => store.check()))

    expect(new Set(others.map(({ status }) => status))).toEqual(new Set(['fulfilled']))
    expect((await Promise.all(looks)).map(({ listed }) => listed.length)).toEqual(Array(22).fill(100))
  })

  it('is sixteen calls at once for one request, forty for all of an instance, and the rest waits for its turn', async () => {
    const held = Promise.withResolvers<void>()
    const fanOut = createFanOut(heldClock())
    let begun = 0
    const work = async (): Promise<void> => {
      begun += 1
      await held.promise
    }
    const requests = [fanOut([...Array(100).keys()], work)]
    await settled()
    expect(begun).toBe(16)
    for (let i = 0; i < 9; i += 1) requests.push(fanOut([...Array(100).keys()], work))
    await settled()
    expect(begun).toBe(40)
    held.resolve()
    await Promise.all(requests)

    expect(begun).toBe(1_000)
  })

  it('turns away who comes when a thousand wait, and who waited for twenty seconds', async () => {
    const clock = heldClock()
    const fanOut = createFanOut(clock)
    const held = Promise.withResolvers<void>()
    const one = () => fanOut([1], () => held.promise)
    const begun = Array.from({ length: 40 }, one)
    const waiting = Array.from({ length: 1_000 }, () => faultOf(one))

    expect((await faultOf(one)).context.detail).toBe('queue of many full')
    await clock.advance(20_000)
    const { code, context } = (await waiting[0]) ?? {}
    expect([code, context?.detail]).toEqual(['session/store_unavailable', 'queue of many late'])
    held.resolve()
    await Promise.all([...begun, ...waiting])
  })
})

/** A hundred and two sessions of Alice, each a millisecond younger than the one before. */
async function openMany(opening: Parameters<typeof openStore>[0] = {}) {
  const world = openStore(opening)
  const tickets: Ticket[] = []
  for (let i = 0; i < 102; i += 1) tickets.push(await world.begin(sessionOf({ createdAtMs: START_MS + i })))
  world.asked.splice(0)
  return { ...world, tickets }
}

describe('a person with more than a hundred sessions', () => {
  it('sees the newest hundred, oldest of them first, and how many there are besides, for a hundred reads and that of the moment before which all have ended', async () => {
    const { store, asked } = await openMany()
    const { listed, notListed } = await store.listOf(identity)

    expect(listed.map(({ createdAtMs }) => createdAtMs - START_MS)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 2),
    )
    expect([notListed, asked.filter((call) => call.startsWith('read')).length]).toEqual([2, 101])
  })

  it('ends all of them but one, those that the list has not among them', async () => {
    const { store, tickets, memory, begin } = await openMany()
    const bobs = await begin(sessionOf({ identity: { ...identity, oid: 'bob' } }))
    const ended: string[] = []
    await store.endAllOf(identity, (person) => void ended.push(person), tickets[7]?.id)

    expect(ended).toEqual(Array(101).fill(ALICE))
    const left = memory.rows().filter(({ rowKey }) => rowKey === 'session')
    expect(left.map(({ partitionKey }) => partitionKey).sort()).toEqual([bobs.id, tickets[7]?.id].sort())
  })

  it('is signed out by Entra of all but what the table refuses, and each end is told, though it is a fault', async () => {
    let refused = ''
    const { store, tickets, memory } = await openMany({
      weather: { refuses: (operation, key) => operation === 'remove' && key === refused },
    })
    refused = tickets[3]?.id ?? ''
    const ended: string[] = []
    const fault = await faultOf(() => store.endBySid(identity.sid ?? '', (person) => void ended.push(person)))

    expect([fault.code, ended]).toEqual(['session/store_unavailable', Array(101).fill(ALICE)])
    expect(memory.rows().filter(({ rowKey }) => rowKey === 'session')).toMatchObject([
      { partitionKey: refused },
    ])
    refused = ''
    expect(await endedBySid(store, identity.sid)).toEqual([ALICE])
  })
})

describe('one session of a person, by its id', () => {
  it('is ended for that person, and for nobody else', async () => {
    const { store, begin, rowOf } = openStore()
    const ticket = await begin()

    expect(await store.endOwn({ ...identity, oid: 'somebody-else' }, ticket.id)).toBeUndefined()
    expect(await rowOf(ticket)).toBeDefined()
    expect(await store.endOwn(identity, ticket.id)).toBe(ALICE)
    expect(await rowOf(ticket)).toBeUndefined()
    expect(await store.endOwn(identity, ticket.id)).toBeUndefined()
  })

  it('is none where it has run idle and waits to be swept', async () => {
    const { store, begin, rowOf, effects } = openStore()
    const ticket = await begin()
    effects.advance(limits.idleMs)

    expect(await store.endOwn(identity, ticket.id)).toBeUndefined()
    expect(await rowOf(ticket)).toBeDefined()
  })
})

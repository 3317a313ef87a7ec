/** The binding in a session's row: sealed beside the record, written by its ETag, and left alone by builds that do not know it. */
import { describe, expect, test } from 'vitest'
import { recordOfBinding } from '../../../lib/session/binding.ts'
import { sealRecord } from '../../../lib/session/record.ts'
import { createTableStore } from '../../../lib/session/tableStore.ts'
import { newTicket } from '../../../lib/session/ticket.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { createMemoryTable } from '../../support/memoryTable.ts'
import { BINDING, grantOf, sessionOf } from '../../support/sessionOf.ts'

async function begun() {
  const effects = heldEffects()
  const table = createMemoryTable()
  const store = createTableStore({ table, limits: { idleMs: 3_600_000, absoluteMs: 28_800_000 }, effects })
  const ticket = newTicket(effects.random)
  await store.insert(ticket, sessionOf(), grantOf())
  const { etag = '' } = (await store.read(ticket)) ?? {}
  const key = { partitionKey: ticket.id, rowKey: 'session' }
  const write = async (device: Uint8Array): Promise<void> => {
    const row = await table.read<object>(key)
    await table.put({ ...row, ...key, device } as typeof key)
  }
  return { effects, table, store, ticket, etag, write }
}

describe('the binding of a session', () => {
  test('is read as it was written, and shows nothing of itself in the row but since when', async () => {
    const { store, table, ticket, etag } = await begun()
    await store.bind(ticket, etag, BINDING)

    expect(await store.read(ticket)).toMatchObject({ binding: BINDING, session: sessionOf() })
    const dump = JSON.stringify(table.rows(), (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    )
    for (const text of ['the-public-half', 'hash-of-the-cookie', BINDING.challengeKey])
      expect(dump).not.toContain(text)
    const { listed } = await store.listOf(sessionOf().identity)
    expect(listed.map(({ isBound }) => isBound)).toEqual([true])
  })

  test('is written where the row is as it was read, and brings no ended session back', async () => {
    const { store, ticket, etag } = await begun()
    expect(await store.bind(ticket, etag, BINDING)).toBeDefined()
    expect(await store.bind(ticket, etag, { ...BINDING, round: 2 })).toBeUndefined()
    expect((await store.read(ticket))?.binding?.round).toBe(1)

    const { etag: later = '' } = (await store.read(ticket)) ?? {}
    await store.end(ticket.id)
    expect(await store.bind(ticket, later, BINDING)).toBeUndefined()
    expect(await store.read(ticket)).toBeUndefined()
  })

  test('stays where a use is noted, or what Entra says of the person', async () => {
    const { store, ticket, etag } = await begun()
    await store.bind(ticket, etag, BINDING)
    await store.touch(ticket.id, START_MS + 5)
    await store.describe(ticket, { ...sessionOf().identity, roles: ['Reader'] })
    expect(await store.read(ticket)).toMatchObject({ binding: BINDING, usedAtMs: START_MS + 5 })
  })

  test('of a newer build is left for that build to serve', async () => {
    const { store, ticket, write, effects } = await begun()
    const newer = { ...recordOfBinding(BINDING), v: 2 }
    await write(sealRecord(ticket, 'device', newer, effects.random).sealed0 ?? new Uint8Array())

    const { code, context } = await faultOf(() => store.read(ticket))
    expect([code, context.detail]).toEqual(['session/newer_record', 'binding version 2'])
    expect((await store.listOf(sessionOf().identity)).listed).toHaveLength(1)
  })

  test.each(['of another place', 'of another session', 'spoiled'])(
    'that is %s ends the session',
    async (what) => {
      const { store, ticket, write, effects } = await begun()
      const other = newTicket(effects.random)
      const place = what === 'of another place' ? 'grant' : 'device'
      const owner = what === 'of another session' ? other : ticket
      const sealed = sealRecord(owner, place, recordOfBinding(BINDING), effects.random).sealed0
      await write(what === 'spoiled' ? new Uint8Array(40) : (sealed ?? new Uint8Array()))

      expect(await store.read(ticket)).toBeUndefined()
      expect(effects.logs.map(({ event }) => event)).toContain('session.row_not_opened')
    },
  )
})

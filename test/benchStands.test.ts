/** The benchmark's tables answer as Azurite does, for the calls that the apps make: what is measured against them is the real thing's protocol. */
import { odata, TableClient } from '@azure/data-tables'
import { afterAll, expect, test } from 'vitest'
import { createLightRows } from '../bench/stands/lightRows.ts'
import { openStands } from '../bench/stands/openStands.ts'
import { createOrderedKeys } from '../bench/stands/orderedKeys.ts'
import { seedSessions } from '../bench/stands/seedSessions.ts'
import { TABLE_NAME } from '../lib/session/table.ts'
import { trustAuthority } from '../local/trustAuthority.ts'
import { openAzuriteTable } from './support/azuriteTable.ts'

const azurite = await openAzuriteTable()
const stands = await openStands()
trustAuthority(stands.world.authorityPem)
afterAll(() => Promise.all([azurite.close(), stands.close()]))

async function tokenOfStands(): Promise<string> {
  const { identityEnv, identityClientId: client_id } = stands.world
  const resource = 'https://storage.azure.com'
  const query = new URLSearchParams({ resource, client_id, 'api-version': '2019-08-01' })
  const headers = { 'x-identity-header': identityEnv.IDENTITY_HEADER ?? '' }
  const answer = await fetch(`${identityEnv.IDENTITY_ENDPOINT}?${query}`, { headers })
  return ((await answer.json()) as { access_token: string }).access_token
}

/** Everything that the product, the floor and the peers do with a table, and what each came to. */
async function account(client: TableClient): Promise<unknown[]> {
  const said: unknown[] = []
  const say = async (what: string, call: () => Promise<unknown>): Promise<void> => {
    said.push([
      what,
      await call().catch((fault: { statusCode?: number; code?: string; details?: unknown }) => ({
        refused: fault.statusCode,
      })),
    ])
  }
  const row = (partitionKey: string, rowKey: string, more: object = {}) => ({ partitionKey, rowKey, ...more })
  const bytes = new Uint8Array([1, 2, 255])
  const time = new Date('2026-01-15T12:00:00.000Z')
  const plain = ({ etag: _etag, timestamp: _timestamp, ...rest }: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith('odata.')))
  const read = async (partition: string, key: string) => plain(await client.getEntity(partition, key))
  const keys = async (filter?: string) => {
    const found: string[] = []
    const queryOptions = filter === undefined ? {} : { filter }
    for await (const one of client.listEntities({ queryOptions }))
      found.push(`${one.partitionKey}/${one.rowKey}`)
    return found
  }
  const done = (call: Promise<unknown>) => call.then(() => 'done')

  await say('insert', () => done(client.createEntity(row('a', "o'1", { n: 1, text: 'ü', bytes, time }))))
  await say('insert again', () => done(client.createEntity(row('a', "o'1"))))
  await say('read', () => read('a', "o'1"))
  await say('read none', () => read('a', 'none'))
  await say('together', () =>
    done(
      client.submitTransaction([
        ['create', row('b', '1', { bytes, time })],
        ['create', row('b', '2', { text: 'two' })],
      ]),
    ),
  )
  await say('together, one there', () =>
    done(
      client.submitTransaction([
        ['create', row('b', '3')],
        ['create', row('b', '2')],
      ]),
    ),
  )
  await say('none of them', () => read('b', '3'))
  await say('removed together, one gone', () =>
    done(
      client.submitTransaction([
        ['delete', row('b', '1')],
        ['delete', row('b', '9')],
      ]),
    ),
  )
  const { etag } = await client.getEntity('b', '2')
  await say('merge', () => done(client.updateEntity(row('b', '2', { more: 5 }), 'Merge', { etag })))
  await say('merge, changed since', () =>
    done(client.updateEntity(row('b', '2', { more: 6 }), 'Merge', { etag })),
  )
  await say('merged', () => read('b', '2'))
  await say('replace whatever is there', () =>
    done(client.updateEntity(row('b', '2', { only: true }), 'Replace')),
  )
  await say('replace none', () => done(client.updateEntity(row('b', '8', { only: true }), 'Replace')))
  await say('replaced', () => read('b', '2'))
  await say('put', () => done(client.upsertEntity(row('c.d', '1', { n: 1 }), 'Replace')))
  await say('put again', () => done(client.upsertEntity(row('c.d', '1', { m: 1 }), 'Replace')))
  await say('put there', () => read('c.d', '1'))
  await say('all', () => keys())
  await say('one partition', () => keys(odata`PartitionKey eq ${'b'}`))
  await say('rows that begin so', () =>
    keys(odata`PartitionKey eq ${'b'} and RowKey ge ${'2'} and RowKey lt ${'3'}`),
  )
  await say('partitions of a range', () => keys(odata`PartitionKey ge ${'b'} and PartitionKey lt ${'c.e'}`))
  await say('in pages', async () => {
    const sizes: number[] = []
    for await (const page of client.listEntities().byPage({ maxPageSize: 3 })) sizes.push([...page].length)
    return sizes
  })
  await say('remove', () => done(client.deleteEntity('a', "o'1")))
  await say('remove again', () => done(client.deleteEntity('a', "o'1")))
  return said
}

test('the tables of the benchmark come to the same as Azurite’s, call by call', async () => {
  const token = await tokenOfStands()
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
  const light = await account(new TableClient(stands.world.tablesUrl, TABLE_NAME, credential))

  expect(light).toEqual(await account(azurite.client))
  expect(light.filter((one) => JSON.stringify(one).includes('refused')).length).toBe(8)
})

test('thousands of keys stay in their order while others come and go between them', () => {
  const keys = createOrderedKeys()
  const numbers = Array.from({ length: 5_000 }, (_, i) => (i * 7_919) % 5_000)
  const name = (n: number): string => String(n).padStart(4, '0')
  for (const n of numbers) keys.add(name(n))
  for (const n of numbers) if (n % 3 === 0) keys.remove(name(n))

  const left = numbers.filter((n) => n % 3 !== 0 && n >= 1_000).map(name)
  expect([...keys.from('1000')]).toEqual(left.toSorted())
  expect(keys.from('9999').next().done).toBe(true)
})

test('sessions that nobody signed in for lie where real ones lie: five rows each, and no more than were asked for', () => {
  const rows = createLightRows()
  expect(seedSessions(rows, 10)).toBe(50)
  expect(seedSessions(rows, 12)).toBe(60)
  expect(seedSessions(rows, 3)).toBe(60)
})

import { createRequire } from 'node:module'
import { TableClient } from '@azure/data-tables'
import { ManagedIdentityCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openIdentity } from '../../local/identity/openIdentity.ts'
import { createAuthority } from '../../local/pki.ts'
import type { TablesStub } from '../../local/tables.ts'
import { openTables } from '../../local/tables.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'
import { until } from './until.ts'

const authority = createAuthority()
trustAuthority(authority.certPem)
const identity = await openIdentity()
Object.assign(process.env, identity.env)

let tables: TablesStub
beforeAll(async () => {
  tables = await openTables({ authority, identity })
})
afterAll(async () => {
  await tables.close()
  await identity.close()
})
afterEach(async () => {
  tables.faults.clear()
  await tables.up()
})

it('Azurite comes out of one file, and its telemetry does not come at all', () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache).map((path) => path.replaceAll('\\', '/'))

  expect(loaded.filter((path) => /\/signet\/azurite-[\d.]+-\w+\.cjs$/.test(path))).toHaveLength(1)
  expect(loaded.filter((path) => /\/(azurite\/dist|applicationinsights)\//.test(path))).toEqual([])
})

describe('with a managed identity', () => {
  it('entities are created, read, replaced, merged, listed and deleted', async () => {
    const client = await openTable('crud')

    await client.createEntity({ ...key('1'), state: 'new', bytes: new Uint8Array([1, 2]) })
    await client.updateEntity({ ...key('1'), state: 'merged' }, 'Merge')
    expect(await client.getEntity('p', '1')).toMatchObject({ state: 'merged', bytes: Buffer.from([1, 2]) })
    await client.updateEntity({ ...key('1'), state: 'replaced' }, 'Replace')
    await client.upsertEntity({ ...key('2'), state: 'new' }, 'Replace')

    const listed: unknown[] = []
    for await (const { rowKey, state, bytes } of client.listEntities()) listed.push([rowKey, state, bytes])
    expect(listed).toEqual([
      ['1', 'replaced', undefined],
      ['2', 'new', undefined],
    ])
    await client.deleteEntity('p', '1')
    await expect(client.getEntity('p', '1')).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('ResourceNotFound'),
    })
  })

  it('a second insert of the same key conflicts', async () => {
    const client = await openTable('conflict')
    await client.createEntity(key('1'))

    await expect(client.createEntity(key('1'))).rejects.toMatchObject({
      statusCode: 409,
      message: expect.stringContaining('EntityAlreadyExists'),
    })
  })

  it('an update or delete under a stale ETag fails, under the present one it succeeds', async () => {
    const client = await openTable('etags')
    const { etag: first = '' } = await client.createEntity({ ...key('1'), state: 1 })
    const { etag: second = '' } = await client.updateEntity({ ...key('1'), state: 2 }, 'Replace', {
      etag: first,
    })

    const stale = { statusCode: 412, message: expect.stringContaining('UpdateConditionNotSatisfied') }
    await expect(
      client.updateEntity({ ...key('1'), state: 3 }, 'Replace', { etag: first }),
    ).rejects.toMatchObject(stale)
    await expect(client.deleteEntity('p', '1', { etag: first })).rejects.toMatchObject(stale)
    expect(await client.getEntity('p', '1')).toMatchObject({ state: 2 })
    await client.deleteEntity('p', '1', { etag: second })
  })

  it('a batch is one request', async () => {
    const client = await openTable('batches')
    const before = tables.requests.length

    await client.submitTransaction([
      ['create', { ...key('1') }],
      ['create', { ...key('2') }],
    ])

    expect(tables.requests.slice(before)).toMatchObject([{ operation: 'batch', status: 202 }])
  })

  it('every request is recorded with what it did', async () => {
    const client = await openTable('records')
    const before = tables.requests.length

    await client.createEntity(key('1'))
    await client.getEntity('p', '1')
    await client.updateEntity(key('1'), 'Replace')
    await client.deleteEntity('p', '1')
    for await (const _ of client.listEntities());

    expect(tables.requests.slice(before).map(({ operation }) => operation)).toEqual([
      ...['insert', 'read', 'replace', 'delete', 'query'],
    ])
  })
})

describe('who may ask', () => {
  it('a token for another resource is refused', async () => {
    const client = clientWith(await identity.issue('https://vault.azure.net'))

    await expect(client.createTable()).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('AuthenticationFailed'),
    })
  })

  it('a token that another endpoint issued is refused', async () => {
    const stranger = await openIdentity({ tenantId: identity.tenantId, clientId: identity.clientId })
    const client = clientWith(await stranger.issue('https://storage.azure.com'))
    await stranger.close()

    await expect(client.createTable()).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('AuthenticationFailed'),
    })
  })

  it('an account key is refused', async () => {
    const answer = await fetch(`${tables.url}/Tables`, {
      headers: { authorization: 'SharedKey devstoreaccount1:AAAA' },
    })

    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('KeyBasedAuthenticationNotPermitted')
  })
})

describe('faults', () => {
  it('a service that is down refuses connections, and keeps its entities', async () => {
    const client = await openTable('down')
    await client.createEntity(key('1'))
    await tables.down()

    await expect(client.getEntity('p', '1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await tables.up()

    await expect(client.getEntity('p', '1')).resolves.toMatchObject({ rowKey: '1' })
  })

  it('a service that stalls is silent until its caller gives up', async () => {
    const client = await openTable('stalls')
    tables.faults.always({ kind: 'stall' }, 'read')
    const patience = new AbortController()

    const reading = client.getEntity('p', '1', { abortSignal: patience.signal })
    await until(() => tables.requests.at(-1)?.fault === 'stall')
    patience.abort()

    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('a busy service is asked again', async () => {
    const client = await openTable('busy')
    tables.faults.next(1, { kind: 'unavailable' }, 'insert')
    const before = tables.requests.length

    await client.createEntity(key('1'))

    expect(tables.requests.slice(before)).toMatchObject([{ status: 503 }, { status: 204 }])
  })

  it('a connection that drops has changed nothing', async () => {
    const client = await openTable('drops')
    tables.faults.next(1, { kind: 'drop' }, 'insert')

    await client.createEntity(key('1'))

    await expect(client.getEntity('p', '1')).resolves.toMatchObject({ rowKey: '1' })
  })

  it('an answer that is lost leaves the entity behind, and the second try meets it', async () => {
    const client = await openTable('lost')
    tables.faults.next(1, { kind: 'lose' }, 'insert')

    await expect(client.createEntity(key('1'))).rejects.toMatchObject({ statusCode: 409 })

    await expect(client.getEntity('p', '1')).resolves.toMatchObject({ rowKey: '1' })
  })
})

const retryOptions = { maxRetries: 1, retryDelayInMs: 1, maxRetryDelayInMs: 1 }

async function openTable(name: string): Promise<TableClient> {
  const credential = new ManagedIdentityCredential({ clientId: identity.clientId })
  const client = new TableClient(tables.url, name, credential, { retryOptions })
  await client.createTable()
  return client
}

function clientWith(token: string): TableClient {
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) }
  return new TableClient(tables.url, 'refused', credential, { retryOptions })
}

function key(rowKey: string) {
  return { partitionKey: 'p', rowKey }
}

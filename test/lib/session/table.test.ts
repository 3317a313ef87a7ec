/** What the session table asks the SDK for, and what it makes of each status. What the real service does with it: tableStore.test.ts. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SharedIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { chunks, openSessionTable, type SessionTable } from '../../../lib/session/table.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const sdk = vi.hoisted(() => ({
  opened: [] as unknown[][],
  calls: [] as unknown[][],
  /** What the next calls fail with, in order; then they are answered. */
  faults: [] as unknown[],
  row: { usedAt: 1, etag: 'e1' },
}))

vi.mock('@azure/data-tables', async (importOriginal) => {
  const called = (name: string, ...parameters: unknown[]) => {
    sdk.calls.push([name, ...parameters])
    const fault = sdk.faults.shift()
    if (fault !== undefined) throw fault
  }
  class TableClient {
    constructor(...options: unknown[]) {
      sdk.opened.push(options)
    }
    async createEntity(...parameters: unknown[]) {
      called('create', ...parameters)
    }
    async submitTransaction(...parameters: unknown[]) {
      called('transaction', ...parameters)
    }
    async getEntity(...parameters: unknown[]) {
      called('get', ...parameters)
      return sdk.row
    }
    async upsertEntity(...parameters: unknown[]) {
      called('upsert', ...parameters)
    }
    async updateEntity(...parameters: unknown[]) {
      called('update', ...parameters)
      return { etag: 'e2' }
    }
    async deleteEntity(...parameters: unknown[]) {
      called('delete', ...parameters)
    }
    listEntities(...parameters: unknown[]) {
      const rows = async function* () {
        called('list', ...parameters)
        yield sdk.row
      }
      const byPage = async function* (settings: unknown) {
        called('pages', ...parameters, settings)
        yield [sdk.row]
      }
      return Object.assign(rows(), { byPage })
    }
  }
  return { ...(await importOriginal<object>()), TableClient }
})

const identity: SharedIdentity = {
  getToken: async () => ({ token: 't', expiresOnTimestamp: 0 }),
  ready: async (...asked) => void sdk.calls.push(['ready', ...asked]),
  renew: async () => undefined,
  isAwaited: () => false,
}
const open = (url = 'https://tables.example'): SessionTable => openSessionTable(url, identity, heldEffects())
const status = (statusCode: number, message = ''): Error => Object.assign(new Error(message), { statusCode })
const READY = ['ready', 'https://storage.azure.com/.default', 6_000]
const DEADLINE = { abortSignal: expect.any(AbortSignal) }
const [A, B] = [
  { partitionKey: 'p', rowKey: 'a' },
  { partitionKey: 'p', rowKey: 'b' },
]
const never = new AbortController().signal
const pagesOf = async (table: SessionTable): Promise<unknown> => {
  const found: unknown[] = []
  for await (const page of table.pages({ from: 'a', before: "b'" }, never)) found.push(page)
  return found
}

beforeEach(() => {
  sdk.opened.length = 0
  sdk.calls.length = 0
  sdk.faults.length = 0
})

describe('the SDK', () => {
  it('tries three times within moments, asks our policy first, and speaks plain HTTP only where the address does', () => {
    open()
    open('http://127.0.0.1:10002/account')
    open('https://tables.example/http:')
    const [first, ...others] = sdk.opened

    expect(first).toEqual([
      'https://tables.example',
      'signetsessions',
      identity,
      {
        retryOptions: { maxRetries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 300 },
        additionalPolicies: [expect.objectContaining({ position: 'perRetry' })],
        allowInsecureConnection: false,
      },
    ])
    expect(others.map(([, , , settings]) => settings)).toEqual([
      expect.objectContaining({ allowInsecureConnection: true }),
      expect.objectContaining({ allowInsecureConnection: false }),
    ])
  })
})

describe('each call has a token at hand and a deadline, and asks for what it says', () => {
  it.each<[string, (table: SessionTable) => Promise<unknown>, unknown[], unknown]>([
    ['insert', (table) => table.insert([A]), ['create', A, DEADLINE], true],
    [
      'insert of several',
      (table) => table.insert([A, B]),
      [
        'transaction',
        [
          ['create', A],
          ['create', B],
        ],
        DEADLINE,
      ],
      true,
    ],
    ['read', (table) => table.read(A), ['get', 'p', 'a', DEADLINE], { ...sdk.row, ...A }],
    ['put', (table) => table.put(A), ['upsert', A, 'Replace', DEADLINE], undefined],
    ['update', (table) => table.update(A, 'e1'), ['update', A, 'Merge', { etag: 'e1', ...DEADLINE }], 'e2'],
    [
      'replace',
      (table) => table.replace(A, 'e1'),
      ['update', A, 'Replace', { etag: 'e1', ...DEADLINE }],
      'e2',
    ],
    ['remove', (table) => table.remove('p', ['a']), ['delete', 'p', 'a', DEADLINE], undefined],
    [
      'remove of several',
      (table) => table.remove('p', ['a', 'b']),
      [
        'transaction',
        [
          ['delete', A],
          ['delete', B],
        ],
        DEADLINE,
      ],
      undefined,
    ],
    [
      'list',
      (table) => table.list("p'"),
      ['list', { queryOptions: { filter: "PartitionKey eq 'p'''" }, ...DEADLINE }],
      [sdk.row],
    ],
    [
      'list by the beginning of row keys',
      (table) => table.list('p', 'ab-'),
      [
        'list',
        {
          queryOptions: { filter: "PartitionKey eq 'p' and RowKey ge 'ab-' and RowKey lt 'ab.'" },
          ...DEADLINE,
        },
      ],
      [sdk.row],
    ],
  ])('%s', async (_name, call, asked, result) => {
    const timeout = vi.spyOn(AbortSignal, 'timeout')

    expect(await call(open())).toEqual(result)
    expect(sdk.calls).toEqual([READY, asked])
    expect(timeout.mock.calls).toEqual([[2_000]])
    timeout.mockRestore()
  })

  it('pages: by the signal that it was given, a thousand rows at a time', async () => {
    expect(await pagesOf(open())).toEqual([[sdk.row]])
    expect(sdk.calls).toEqual([
      [
        'pages',
        {
          queryOptions: { filter: "PartitionKey ge 'a' and PartitionKey lt 'b'''" },
          abortSignal: never,
        },
        { maxPageSize: 1_000 },
      ],
    ])
  })

  it('nothing is asked where nothing is to be done', async () => {
    expect(await open().insert([])).toBe(true)
    await open().remove('p', [])

    expect(sdk.calls).toEqual([])
  })
})

describe('a status', () => {
  const CALLS: Readonly<Record<string, (table: SessionTable) => Promise<unknown>>> = {
    insert: (table) => table.insert([A]),
    'insert of several': (table) => table.insert([A, B]),
    read: (table) => table.read(A),
    put: (table) => table.put(A),
    update: (table) => table.update(A, 'e1'),
    replace: (table) => table.replace(A, 'e1'),
    remove: (table) => table.remove('p', ['a']),
    list: (table) => table.list('p'),
    pages: pagesOf,
  }
  const ANSWERS: Readonly<Record<string, readonly [statuses: readonly number[], answer: unknown]>> = {
    insert: [[409], false],
    'insert of several': [[409], false],
    read: [[404], undefined],
    update: [[404, 412], undefined],
    replace: [[404, 412], undefined],
    remove: [[404], undefined],
  }

  it.each(Object.entries(CALLS))(
    'of %s is an answer where it can be one, and else a fault',
    async (name, call) => {
      const [statuses, answer] = ANSWERS[name] ?? [[], undefined]
      for (const one of [400, 403, 404, 409, 412, 500, 503]) {
        sdk.faults.push(status(one))
        if (statuses.includes(one)) expect(await call(open())).toBe(answer)
        else
          expect((await faultOf(() => call(open()))).code).toMatch(/^session\/store_(refused|unavailable)$/)
      }
    },
  )

  it.each(Object.entries(CALLS))('that means a missing table is a fault of %s', async (_name, call) => {
    sdk.faults.push(status(404, 'TableNotFound'))

    expect((await faultOf(() => call(open()))).code).toBe('session/store_refused')
  })

  it('that says one of several rows is gone has each removed by itself', async () => {
    sdk.faults.push(status(404), undefined, status(404))
    await open().remove('p', ['a', 'b'])

    expect(sdk.calls.filter(([name]) => name !== 'ready').map(([name, , key]) => [name, key])).toEqual([
      ['transaction', DEADLINE],
      ['delete', 'a'],
      ['delete', 'b'],
    ])
  })
})

it('pieces hold so many items, the last one what is left, in order', () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(chunks([1, 2], 2)).toEqual([[1, 2]])
  expect(chunks([], 2)).toEqual([])
})

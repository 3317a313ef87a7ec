/** What the session table asks the service for, and what it makes of each status. What the real service does with it: tableStore.test.ts. */
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Exchanged } from '../../../lib/base/exchange.ts'
import type { HttpAsk } from '../../../lib/base/httpRequest.ts'
import type { SharedIdentity } from '../../../lib/credential/sharedIdentity.ts'
import { chunks, openSessionTable, type SessionTable } from '../../../lib/session/table.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects } from '../../support/heldEffects.ts'

const URL_OF_TABLES = 'https://tables.example'
const asked: (readonly [url: string, ask: HttpAsk])[] = []
const waits: unknown[] = []
/** What the next calls are answered with, in order; then with rows. */
const answers: Exchanged[] = []
const ENTITY = {
  'odata.metadata': 'https://tables.example/$metadata#signetsessions/@Element',
  'odata.etag': 'e1',
  PartitionKey: 'p',
  RowKey: 'a',
  'usedAt@odata.type': 'Edm.DateTime',
  usedAt: '2026-01-15T12:00:00.000Z',
  'sealed0@odata.type': 'Edm.Binary',
  sealed0: 'AQID',
}
const ROW = {
  partitionKey: 'p',
  rowKey: 'a',
  etag: 'e1',
  usedAt: new Date('2026-01-15T12:00:00Z'),
  sealed0: new Uint8Array([1, 2, 3]),
}

const answer = (
  status: number,
  body: object | string = '',
  headers: Record<string, string> = {},
): Exchanged => ({
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
  header: (name) => headers[name],
})
const refusal = (status: number, code = 'Whatever') =>
  answer(status, { 'odata.error': { code, message: { lang: 'en-US', value: 'text' } } })
/** The answer to a transaction, of which one part may have failed. */
const ofTransaction = (...statuses: number[]) =>
  answer(202, statuses.map((status) => `--changesetresponse_1\r\n\r\nHTTP/1.1 ${status} X\r\n`).join(''))

const identity: SharedIdentity = {
  getToken: async () => ({ token: 't', expiresOnTimestamp: 0 }),
  ready: async (...waited) => void waits.push(waited),
  renew: async () => undefined,
  isAwaited: () => false,
}
function open(url = URL_OF_TABLES): SessionTable {
  const effects = heldEffects({
    exchange: async (target, ask) => {
      asked.push([target, ask])
      const usual = target.endsWith('$batch')
        ? ofTransaction(204)
        : target.includes('()?')
          ? answer(200, { value: [ENTITY] })
          : answer(ask.method === 'GET' ? 200 : 204, ask.method === 'GET' ? ENTITY : '', { etag: 'e2' })
      return answers.shift() ?? usual
    },
  })
  return openSessionTable(url, identity, effects)
}
const [A, B] = [
  { partitionKey: "p'", rowKey: 'a/ö', sealed0: new Uint8Array([1, 2, 3]), usedAt: ROW.usedAt, device: 'x' },
  { partitionKey: "p'", rowKey: 'b' },
]
const WRITTEN = {
  PartitionKey: "p'",
  RowKey: 'a/ö',
  sealed0: 'AQID',
  'sealed0@odata.type': 'Edm.Binary',
  usedAt: '2026-01-15T12:00:00.000Z',
  'usedAt@odata.type': 'Edm.DateTime',
  device: 'x',
}
const KEYED = "/signetsessions(PartitionKey='p''',RowKey='a%2F%C3%B6')"
const never = new AbortController().signal
const pagesOf = async (table: SessionTable): Promise<unknown> => {
  const found: unknown[] = []
  for await (const page of table.pages({ from: 'a', before: "b'" }, never)) found.push(page)
  return found
}

beforeEach(() => {
  asked.length = 0
  waits.length = 0
  answers.length = 0
})

describe('each call has a token at hand and a deadline, and asks for what it says', () => {
  it.each<[string, (table: SessionTable) => Promise<unknown>, unknown[], unknown]>([
    ['insert', (table) => table.insert([A]), ['POST', '/signetsessions', undefined, WRITTEN], true],
    ['read', (table) => table.read(A), ['GET', KEYED, undefined, undefined], ROW],
    ['put', (table) => table.put(A), ['PUT', KEYED, undefined, WRITTEN], undefined],
    ['update', (table) => table.update(A, 'e1'), ['PATCH', KEYED, 'e1', WRITTEN], 'e2'],
    ['replace', (table) => table.replace(A, 'e1'), ['PUT', KEYED, 'e1', WRITTEN], 'e2'],
    ['remove', (table) => table.remove("p'", ['a/ö']), ['DELETE', KEYED, '*', undefined], undefined],
    [
      'list',
      (table) => table.list("p'"),
      ['GET', "/signetsessions()?$filter=PartitionKey eq 'p'''&$top=1000", undefined, undefined],
      [ROW],
    ],
    [
      'list by the beginning of row keys',
      (table) => table.list('p', 'ab-'),
      [
        'GET',
        "/signetsessions()?$filter=PartitionKey eq 'p' and RowKey ge 'ab-' and RowKey lt 'ab.'&$top=1000",
        undefined,
        undefined,
      ],
      [ROW],
    ],
    [
      'pages',
      pagesOf,
      [
        'GET',
        "/signetsessions()?$filter=PartitionKey ge 'a' and PartitionKey lt 'b'''&$top=1000",
        undefined,
        undefined,
      ],
      [[ROW]],
    ],
  ])('%s', async (_name, call, [method, path, ifMatch, body], result) => {
    const timeout = vi.spyOn(globalThis, 'setTimeout')

    expect(await call(open())).toEqual(result)
    const [[url = '', ask] = []] = asked
    const target = url.includes('?') ? decodeURIComponent(url) : url
    expect([asked.length, ask?.method, target]).toEqual([1, method, `${URL_OF_TABLES}${path}`])
    expect(ask?.headers).toMatchObject({ 'x-ms-version': '2019-02-02', authorization: 'Bearer t' })
    expect(ask?.headers['if-match']).toBe(ifMatch)
    expect(ask?.body === undefined ? undefined : JSON.parse(String(ask.body))).toEqual(body)
    expect(waits).toEqual([['https://storage.azure.com/.default', 6_000]])
    expect(timeout.mock.calls.map(([, ms]) => ms)).toEqual([4_000])
    timeout.mockRestore()
  })

  it.each<[string, (table: SessionTable) => Promise<unknown>, RegExp]>([
    [
      'insert of several',
      (table) => table.insert([A, B]),
      /POST https:\/\/tables\.example\/account\/signetsessions HTTP/g,
    ],
    [
      'remove of several',
      (table) => table.remove('p', ['a', 'b']),
      /DELETE https:\/\/tables\.example\/account\/signetsessions\(PartitionKey='p',RowKey='[ab]'\) HTTP\/1\.1\r\n[\s\S]*?if-match: \*/g,
    ],
  ])('%s is one transaction', async (_name, call, part) => {
    await call(open(`${URL_OF_TABLES}/account`))

    const [[url, ask] = []] = asked
    expect([asked.length, ask?.method, url]).toEqual([1, 'POST', `${URL_OF_TABLES}/account/$batch`])
    expect(String(ask?.body).match(part)).toHaveLength(2)
    const boundary = /boundary=(batch_[\w-]+)/.exec(ask?.headers['content-type'] ?? '')?.[1]
    expect(String(ask?.body)).toMatch(new RegExp(`^--${boundary}\r\n[\\s\\S]*\r\n--${boundary}--\r\n$`))
  })

  it('a query that was answered in part is asked on until its end', async () => {
    const next = { 'x-ms-continuation-nextpartitionkey': 'p+1', 'x-ms-continuation-nextrowkey': 'r' }
    answers.push(answer(200, { value: [ENTITY] }, next), answer(200, { value: [] }))

    expect(await open().list('p')).toEqual([ROW])
    expect(asked[1]?.[0]).toMatch(/&NextPartitionKey=p%2B1&NextRowKey=r$/)
  })

  it('nothing is asked where nothing is to be done', async () => {
    expect(await open().insert([])).toBe(true)
    await open().remove('p', [])

    expect(asked).toEqual([])
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
      const [statuses, otherwise] = ANSWERS[name] ?? [[], undefined]
      for (const one of [400, 403, 404, 409, 412, 500, 503]) {
        const isPart = name === 'insert of several' && one === 409
        answers.splice(0, 9, ...Array(3).fill(isPart ? ofTransaction(409) : refusal(one)))
        if (statuses.includes(one)) expect(await call(open())).toBe(otherwise)
        else
          expect((await faultOf(() => call(open()))).code).toMatch(/^session\/store_(refused|unavailable)$/)
      }
    },
  )

  it.each(Object.entries(CALLS))('that means a missing table is a fault of %s', async (_name, call) => {
    answers.push(refusal(404, 'TableNotFound'))

    expect((await faultOf(() => call(open()))).code).toBe('session/store_refused')
  })

  it('that says one of several rows is gone has each removed by itself', async () => {
    answers.push(ofTransaction(404), answer(204), refusal(404))
    await open().remove('p', ['a', 'b'])

    expect(asked.map(([url, { method }]) => [method, /RowKey='(\w)'/.exec(url)?.[1]])).toEqual([
      ['POST', undefined],
      ['DELETE', 'a'],
      ['DELETE', 'b'],
    ])
  })

  it('of a transaction is that of its parts: an answer without any is a fault', async () => {
    answers.push(...Array(3).fill(answer(202, 'nothing')))

    expect((await faultOf(() => open().insert([A, B]))).code).toBe('session/store_unavailable')
  })
})

it('pieces hold so many items, the last one what is left, in order', () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]])
  expect(chunks([1, 2], 2)).toEqual([[1, 2]])
  expect(chunks([], 2)).toEqual([])
})

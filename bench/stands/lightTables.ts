/** Azure Table Storage at the wire, as the apps here use it: entities, queries by key, entity group transactions. */

import { type Change, createLightRows, type LightRow, type LightRows, type Refusal } from './lightRows.ts'
import type { LightAnswer, LightRequest } from './lightServer.ts'
import { boundsOf } from './tableFilter.ts'

const MOST_IN_PAGE = 1_000
const ENTITY = /^\/[^/]+\/([A-Za-z0-9]+)\(PartitionKey='((?:[^']|'')*)',\s?RowKey='((?:[^']|'')*)'\)$/
const TABLE = /^\/[^/]+\/([A-Za-z0-9]+)(?:\(\))?$/
const STATUS: ReadonlyMap<Refusal, number> = new Map([
  ['EntityAlreadyExists', 409],
  ['ResourceNotFound', 404],
  ['UpdateConditionNotSatisfied', 412],
])
const JSON_TYPE = { 'content-type': 'application/json;odata=minimalmetadata;streaming=true;charset=utf-8' }

export interface LightTables {
  readonly rows: LightRows
  answer(request: LightRequest): LightAnswer
}

/** `isAllowed`: judges the Authorization header. `existing`: tables that come with the account. */
export function createLightTables(
  isAllowed: (authorization: string) => boolean,
  existing: readonly string[] = [],
): LightTables {
  const rows = createLightRows()
  const tables = new Set(existing)

  function answer(request: LightRequest): LightAnswer {
    if (!isAllowed(request.headers.authorization ?? ''))
      return refused(403, 'AuthenticationFailed', 'refused')
    const url = new URL(request.target, 'https://tables.invalid')
    const path = decodeURIComponent(url.pathname)
    if (path.endsWith('/$batch')) return transact(request)
    if (path.endsWith('/Tables') && request.method === 'POST') return create(request)
    if (request.method === 'GET') return look(path, url.searchParams)
    const change = readChange(request.method, path, request.headers['if-match'], request.body)
    if (change === undefined) return refused(400, 'InvalidInput', 'refused')
    if (!tables.has(change.key.table)) return refused(404, 'TableNotFound', change.kind)
    const made = rows.change([change])
    if ('refusal' in made) return refused(STATUS.get(made.refusal) ?? 400, made.refusal, named(change.kind))
    return { status: 204, headers: made[0] === undefined ? {} : { etag: made[0] }, what: named(change.kind) }
  }

  function create({ body }: LightRequest): LightAnswer {
    const { TableName } = JSON.parse(body) as { TableName: string }
    if (tables.has(TableName)) return refused(409, 'TableAlreadyExists', 'tables: create table')
    tables.add(TableName)
    return { status: 204, what: 'tables: create table' }
  }

  function look(path: string, query: URLSearchParams): LightAnswer {
    const [, table = '', partitionKey = '', rowKey = ''] = ENTITY.exec(path) ?? []
    if (table !== '') {
      const row = rows.read({ table, partitionKey: unquoted(partitionKey), rowKey: unquoted(rowKey) })
      if (!tables.has(table)) return refused(404, 'TableNotFound', 'tables: read')
      if (row === undefined) return refused(404, 'ResourceNotFound', 'tables: read')
      const body = JSON.stringify(shown(row, query.get('$select')))
      return { status: 200, headers: { ...JSON_TYPE, etag: row.etag }, body, what: 'tables: read' }
    }
    const [, listed = ''] = TABLE.exec(path) ?? []
    if (!tables.has(listed)) return refused(404, 'TableNotFound', 'tables: query')
    const bounds = boundsOf(query.get('$filter') ?? '', {
      partition: query.get('NextPartitionKey'),
      row: query.get('NextRowKey'),
    })
    const most = Math.min(Number(query.get('$top') ?? MOST_IN_PAGE), MOST_IN_PAGE)
    const { rows: found, next } = rows.query(listed, bounds, most)
    const goOn =
      next === undefined
        ? {}
        : {
            'x-ms-continuation-nextpartitionkey': next.partitionKey,
            'x-ms-continuation-nextrowkey': next.rowKey,
          }
    const value = found.map((row) => shown(row, query.get('$select')))
    return {
      status: 200,
      headers: { ...JSON_TYPE, ...goOn },
      body: JSON.stringify({ value }),
      what: 'tables: query',
    }
  }

  function transact({ body }: LightRequest): LightAnswer {
    const changes = [...body.matchAll(PART)].map(
      ([, method = '', address = '', headers = '', content = '']) => {
        const etag = /^if-match: (.+?)\r?$/im.exec(headers)?.[1]
        return readChange(method, decodeURIComponent(new URL(address).pathname), etag, content)
      },
    )
    const known = changes.filter((change) => change !== undefined)
    if (known.length === 0 || known.length < changes.length)
      return refused(400, 'InvalidInput', 'tables: batch')
    if (known.some(({ key }) => !tables.has(key.table))) return refused(404, 'TableNotFound', 'tables: batch')
    const made = rows.change(known)
    const parts =
      'refusal' in made
        ? [part(STATUS.get(made.refusal) ?? 400, errorBody(made.refusal, made.place))]
        : made.map((etag) => part(204, etag === undefined ? '' : `ETag: ${etag}\r\n\r\n`))
    return {
      status: 202,
      headers: { 'content-type': 'multipart/mixed; boundary=batchresponse_1' },
      body: `--batchresponse_1\r\nContent-Type: multipart/mixed; boundary=changesetresponse_1\r\n\r\n${parts.join('')}--changesetresponse_1--\r\n--batchresponse_1--\r\n`,
      what: 'tables: batch',
    }
  }

  return { rows, answer }
}

/** One request within a transaction: method, address, headers, content. */
const PART =
  /^(POST|PUT|PATCH|MERGE|DELETE) (\S+) HTTP\/1\.1\r?\n((?:[^\r\n]+\r?\n)*)(?:\r?\n)+(?:(\{.*\})\r?\n)?/gm

function part(status: number, rest: string): string {
  return `--changesetresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nHTTP/1.1 ${status} \r\n${rest}\r\n`
}

function errorBody(code: string, place?: number): string {
  const value = place === undefined ? code : `${place}:${code}`
  const body = JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value } } })
  return place === undefined ? body : `Content-Type: application/json\r\n\r\n${body}`
}

function refused(status: number, code: string, what: string): LightAnswer {
  return { status, headers: { ...JSON_TYPE, 'x-ms-error-code': code }, body: errorBody(code), what }
}

function named(kind: Change['kind']): string {
  return `tables: ${kind}`
}

function unquoted(text: string): string {
  return text.replaceAll("''", "'")
}

function readChange(
  method: string,
  path: string,
  etag: string | undefined,
  body: string,
): Change | undefined {
  const [, table = '', partition = '', row = ''] = ENTITY.exec(path) ?? []
  if (table === '') {
    const [, into = ''] = TABLE.exec(path) ?? []
    if (method !== 'POST' || into === '') return undefined
    const { PartitionKey, RowKey, ...properties } = JSON.parse(body) as Record<string, string>
    return {
      kind: 'insert',
      key: { table: into, partitionKey: PartitionKey ?? '', rowKey: RowKey ?? '' },
      properties,
    }
  }
  const key = { table, partitionKey: unquoted(partition), rowKey: unquoted(row) }
  if (method === 'DELETE') return { kind: 'delete', key, etag }
  const {
    PartitionKey: _partition,
    RowKey: _row,
    ...properties
  } = JSON.parse(body) as Record<string, unknown>
  return { kind: method === 'PUT' ? 'replace' : 'merge', key, properties, etag }
}

/** As `odata=minimalmetadata` has it. */
function shown({ etag, partitionKey, rowKey, properties }: LightRow, select: string | null): object {
  const whole = { PartitionKey: partitionKey, RowKey: rowKey, ...properties }
  if (select === null) return { 'odata.etag': etag, ...whole }
  const asked = new Set(select.split(','))
  const chosen = Object.entries(whole).filter(([name]) => asked.has(name.replace(/@odata\.type$/, '')))
  return { 'odata.etag': etag, ...Object.fromEntries(chosen) }
}

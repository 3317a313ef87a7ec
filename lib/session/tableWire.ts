/**
 * The wire form of the session table (Azure Table Storage, REST version 2019-02-02): requests as they are sent, answers as they are read.
 * A row holds texts, moments and bytes; the other types of the service are none of ours. Pure.
 */
import type { Exchanged } from '../base/exchange.ts'
import type { RowKey, Stored } from './row.ts'

/** One request, relative to the address of the table service. */
export interface TableRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export type TableAnswer = Exchanged

/** One change of a row. `etag`: the row as it was read, or `*` for one that is there; without, whether or not there is one. */
export type Change =
  | { readonly kind: 'create'; readonly row: RowKey }
  | { readonly kind: 'replace' | 'merge'; readonly row: RowKey; readonly etag?: string }
  | { readonly kind: 'delete'; readonly row: RowKey }

const VERSION = { 'x-ms-version': '2019-02-02', dataserviceversion: '3.0' } as const
const READING = { ...VERSION, accept: 'application/json;odata=minimalmetadata' } as const
const WRITING = {
  ...VERSION,
  accept: 'application/json',
  'content-type': 'application/json',
  // The row that was written need not come back.
  prefer: 'return-no-content',
} as const
const METHODS = { create: 'POST', replace: 'PUT', merge: 'PATCH', delete: 'DELETE' } as const

export function readRequest(table: string, key: RowKey): TableRequest {
  return { method: 'GET', path: `/${table}${keyed(key)}`, headers: READING }
}

export function changeRequest(table: string, change: Change): TableRequest {
  const { kind, row } = change
  const method = METHODS[kind]
  const path = kind === 'create' ? `/${table}` : `/${table}${keyed(row)}`
  if (kind === 'delete') return { method, path, headers: { ...READING, 'if-match': '*' } }
  const ifMatch = 'etag' in change && change.etag !== undefined ? { 'if-match': change.etag } : {}
  return { method, path, headers: { ...WRITING, ...ifMatch }, body: entityOf(row) }
}

/** Changes of rows of one partition, all or none (entity group transaction). `boundary` occurs in no row. */
export function transactionRequest(
  table: string,
  origin: string,
  changes: readonly Change[],
  boundary: string,
): TableRequest {
  const parts = changes.map((change) => {
    const { method, path, headers, body = '' } = changeRequest(table, change)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const http = `${method} ${origin}${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}\r\n`
    return `--changeset_${boundary}\r\ncontent-type: application/http\r\ncontent-transfer-encoding: binary\r\n\r\n${http}`
  })
  const set = `content-type: multipart/mixed; boundary=changeset_${boundary}\r\n\r\n${parts.join('')}--changeset_${boundary}--\r\n`
  return {
    method: 'POST',
    path: '/$batch',
    headers: {
      ...VERSION,
      accept: 'application/json',
      'content-type': `multipart/mixed; boundary=batch_${boundary}`,
    },
    body: `--batch_${boundary}\r\n${set}--batch_${boundary}--\r\n`,
  }
}

/** Where a query that was answered in part goes on. */
export interface Continuation {
  readonly partitionKey: string
  readonly rowKey: string | undefined
}

export function queryRequest(
  table: string,
  filter: string,
  most: number,
  from: Continuation | undefined,
): TableRequest {
  const query = new URLSearchParams({ $filter: filter, $top: String(most) })
  if (from !== undefined) query.set('NextPartitionKey', from.partitionKey)
  if (from?.rowKey !== undefined) query.set('NextRowKey', from.rowKey)
  return { method: 'GET', path: `/${table}()?${query.toString().replaceAll('+', '%20')}`, headers: READING }
}

/** A text as a literal of a filter (OData 3.0, string). */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function readRow<Row extends object>(text: string): Stored<Row> {
  return rowOf(JSON.parse(text))
}

export interface Page<Row> {
  readonly rows: readonly Stored<Row>[]
  readonly next: Continuation | undefined
}

export function readPage<Row extends object>({ text, header }: TableAnswer): Page<Row> {
  const { value } = JSON.parse(text) as { readonly value: readonly object[] }
  const partitionKey = header('x-ms-continuation-nextpartitionkey')
  const next = partitionKey && { partitionKey, rowKey: header('x-ms-continuation-nextrowkey') }
  return { rows: value.map((entity) => rowOf<Row>(entity)), next: next || undefined }
}

/** The status that the transaction as a whole came to: that of the part which failed, else 204. */
export function transactionStatus({ status, text }: TableAnswer): number {
  if (status < 200 || status > 299) return status
  const statuses = [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, digits]) => Number(digits))
  return statuses.find((one) => one < 200 || one > 299) ?? (statuses.length > 0 ? 204 : 500)
}

/** The service's own name for what went wrong, as `TableNotFound`; undefined where none is told. */
export function serviceCode({ text }: Pick<TableAnswer, 'text'>): string | undefined {
  return /"odata\.error":\s*\{\s*"code":\s*"(\w{1,64})"/.exec(text)?.[1]
}

function keyed({ partitionKey, rowKey }: RowKey): string {
  return `(PartitionKey='${escaped(partitionKey)}',RowKey='${escaped(rowKey)}')`
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll("'", "''"))
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ['partitionKey', 'PartitionKey'],
  ['rowKey', 'RowKey'],
])
/** What the service adds to a row; its ETag has a name of ours. */
const OF_THE_SERVICE: ReadonlyMap<string, string | undefined> = new Map([
  ['PartitionKey', 'partitionKey'],
  ['RowKey', 'rowKey'],
  ['odata.etag', 'etag'],
  ['odata.metadata', undefined],
])

function entityOf(row: object): string {
  const entity: Record<string, unknown> = {}
  for (const [property, value] of Object.entries(row)) {
    const name = NAMES.get(property) ?? property
    if (value instanceof Date) {
      entity[name] = value.toISOString()
      entity[`${name}@odata.type`] = 'Edm.DateTime'
    } else if (value instanceof Uint8Array) {
      entity[name] = Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64')
      entity[`${name}@odata.type`] = 'Edm.Binary'
    } else entity[name] = value
  }
  return JSON.stringify(entity)
}

function rowOf<Row extends object>(entity: object): Stored<Row> {
  const row: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(entity)) {
    if (name.endsWith('@odata.type')) continue
    const property = OF_THE_SERVICE.has(name) ? OF_THE_SERVICE.get(name) : name
    if (property !== undefined) row[property] = typed(value, Reflect.get(entity, `${name}@odata.type`))
  }
  return row as Stored<Row>
}

function typed(value: unknown, type: unknown): unknown {
  if (type === 'Edm.DateTime') return new Date(String(value))
  return type === 'Edm.Binary' ? new Uint8Array(Buffer.from(String(value), 'base64')) : value
}

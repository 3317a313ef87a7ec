/**
 * The session table in memory, by the rules of the real one: insert only creates, an update needs the row as it was read, a transaction is
 * all or nothing. It can answer late, in another order, or do its part and report that it failed.
 */
import { AppError } from '../../lib/errors/appError.ts'
import type { RowKey, SessionTable, Stored } from '../../lib/session/table.ts'

export interface Weather {
  /** Waited for before a call is carried out. */
  readonly before?: () => Promise<void>
  /** Of a call that was carried out: true where its answer is lost. */
  readonly losesAnswer?: () => boolean
  /** Of a call: true where it is refused. */
  readonly refuses?: (operation: keyof SessionTable, partitionKey: string) => boolean
}

export interface MemoryTable extends SessionTable {
  /** Every row, in the order of its keys. */
  rows(): Stored<object>[]
  /** Calls so far, by operation. */
  readonly calls: Map<keyof SessionTable, number>
}

export function createMemoryTable(weather: Weather = {}): MemoryTable {
  const rows = new Map<string, Stored<object>>()
  const calls = new Map<keyof SessionTable, number>()
  let version = 0
  const keyOf = ({ partitionKey, rowKey }: RowKey): string => `${partitionKey}\n${rowKey}`
  const sorted = (): Stored<object>[] =>
    [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => ({ ...row }))
  const write = (row: RowKey): string => {
    version += 1
    const etag = `W/"${version}"`
    rows.set(keyOf(row), { ...row, etag })
    return etag
  }

  async function call<T>(operation: keyof SessionTable, partitionKey: string, carryOut: () => T): Promise<T> {
    calls.set(operation, (calls.get(operation) ?? 0) + 1)
    await weather.before?.()
    if (weather.refuses?.(operation, partitionKey)) throw new AppError('session/store_unavailable')
    const result = carryOut()
    if (weather.losesAnswer?.()) throw new AppError('session/store_unavailable', { detail: 'answer lost' })
    return result
  }

  return {
    rows: sorted,
    calls,
    insert: (added) =>
      call('insert', added[0]?.partitionKey ?? '', () => {
        if (added.some((row) => rows.has(keyOf(row)))) return false
        added.forEach(write)
        return true
      }),
    read: <Row extends object>(key: RowKey) =>
      call('read', key.partitionKey, () => rows.get(keyOf(key)) as Stored<Row> | undefined),
    put: (row) => call('put', row.partitionKey, () => void write(row)),
    update: (row, etag) =>
      call('update', row.partitionKey, () => {
        const known = rows.get(keyOf(row))
        return known?.etag === etag ? write({ ...known, ...row }) : undefined
      }),
    replace: (row, etag) =>
      call('replace', row.partitionKey, () => (rows.get(keyOf(row))?.etag === etag ? write(row) : undefined)),
    remove: (partitionKey, rowKeys) =>
      call('remove', partitionKey, () => {
        for (const rowKey of rowKeys) rows.delete(keyOf({ partitionKey, rowKey }))
      }),
    list: <Row extends object>(partitionKey: string, prefix = '') =>
      call('list', partitionKey, () =>
        (sorted() as Stored<Row>[]).filter(
          (row) => row.partitionKey === partitionKey && row.rowKey.startsWith(prefix),
        ),
      ),
    async *pages<Row extends object>({ from, before, endedBefore }: Parameters<SessionTable['pages']>[0]) {
      const isWithin = ({ partitionKey, ...row }: Stored<Row>): boolean =>
        partitionKey >= from &&
        partitionKey < before &&
        (endedBefore === undefined || ('endsAt' in row && (row.endsAt as Date) < endedBefore))
      const found = await call('pages', from, () => (sorted() as Stored<Row>[]).filter(isWithin))
      for (let i = 0; i < found.length; i += 1_000) yield found.slice(i, i + 1_000)
    },
  }
}

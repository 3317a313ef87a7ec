/**
 * The session table in memory, by the rules of the real one: insert only creates, an update needs the row as it was read, a transaction is
 * all or nothing. It can answer late and in another order, and its answers can be as ambiguous as those of a network.
 */
import { AppError } from '../../lib/errors/appError.ts'
import { ANY, type KeyRange, type RowKey, type SessionTable, type Stored } from '../../lib/session/table.ts'

/**
 * What a call can meet:
 * - `refused`: it is not carried out, and reported as failed;
 * - `lost`: it is carried out, and reported as failed;
 * - `late`: it is reported as failed when its time is up, and carried out after that;
 * - `repeated`: it is carried out, its answer is lost, and the second try of the SDK meets the work of the first.
 */
export type Trouble = 'refused' | 'lost' | 'late' | 'repeated'

export interface Weather {
  /** Waited for before a call is carried out. */
  readonly before?: () => Promise<void>
  /** Of a call: true where it is refused. */
  readonly refuses?: (operation: keyof SessionTable, partitionKey: string) => boolean
  /** Of a call: what it meets, if anything. */
  readonly meets?: (operation: keyof SessionTable, partitionKey: string) => Trouble | undefined
}

export interface MemoryTable extends SessionTable {
  /** Every row, in the order of its keys. */
  rows(): Stored<object>[]
  /** How many rows there are. */
  size(): number
  /** Calls so far, by operation. */
  readonly calls: Map<keyof SessionTable, number>
  /** Until what is late has been carried out. */
  settled(): Promise<void>
}

export function createMemoryTable(weather: Weather = {}): MemoryTable {
  const partitions = new Map<string, Map<string, Stored<object>>>()
  const calls = new Map<keyof SessionTable, number>()
  let version = 0
  const find = ({ partitionKey, rowKey }: RowKey): Stored<object> | undefined =>
    partitions.get(partitionKey)?.get(rowKey)
  /** The rows of these partitions, in the order of their keys. */
  const rowsOf = (keys: Iterable<string>): Stored<object>[] =>
    [...keys]
      .sort()
      .flatMap((key) =>
        [...(partitions.get(key)?.entries() ?? [])]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([, row]) => ({ ...row })),
      )
  const write = (row: RowKey): string => {
    version += 1
    const etag = `W/"${version}"`
    const partition = partitions.get(row.partitionKey) ?? new Map<string, Stored<object>>()
    partitions.set(row.partitionKey, partition.set(row.rowKey, { ...row, etag }))
    return etag
  }
  function drop(partitionKey: string, rowKeys: readonly string[]): void {
    const partition = partitions.get(partitionKey)
    for (const rowKey of rowKeys) partition?.delete(rowKey)
    if (partition?.size === 0) partitions.delete(partitionKey)
  }

  const late = new Set<Promise<void>>()

  async function call<T>(operation: keyof SessionTable, partitionKey: string, carryOut: () => T): Promise<T> {
    calls.set(operation, (calls.get(operation) ?? 0) + 1)
    await weather.before?.()
    const trouble = weather.refuses?.(operation, partitionKey)
      ? 'refused'
      : weather.meets?.(operation, partitionKey)
    const failed = new AppError('session/store_unavailable', { detail: trouble ?? 'none' })
    if (trouble === 'refused') throw failed
    if (trouble === 'late') {
      const work = (weather.before?.() ?? Promise.resolve()).then(() => void carryOut())
      late.add(work)
      void work.finally(() => late.delete(work))
      throw failed
    }
    const result = carryOut()
    if (trouble === 'lost') throw failed
    return trouble === 'repeated' ? carryOut() : result
  }

  return {
    rows: () => rowsOf(partitions.keys()),
    size: () => [...partitions.values()].reduce((sum, { size }) => sum + size, 0),
    calls,
    async settled() {
      while (late.size > 0) await Promise.all(late)
    },
    insert: (added) =>
      call('insert', added[0]?.partitionKey ?? '', () => {
        if (added.some((row) => find(row) !== undefined)) return false
        added.forEach(write)
        return true
      }),
    read: <Row extends object>(key: RowKey) =>
      call('read', key.partitionKey, () => find(key) as Stored<Row> | undefined),
    put: (row) => call('put', row.partitionKey, () => void write(row)),
    update: (row, etag) =>
      call('update', row.partitionKey, () => {
        const known = find(row)
        return known !== undefined && (etag === ANY || known.etag === etag)
          ? write({ ...known, ...row })
          : undefined
      }),
    replace: (row, etag) =>
      call('replace', row.partitionKey, () => (find(row)?.etag === etag ? write(row) : undefined)),
    remove: (partitionKey, rowKeys) => call('remove', partitionKey, () => drop(partitionKey, rowKeys)),
    list: <Row extends object>(partitionKey: string, prefix = '', most?: number) =>
      call('list', partitionKey, () =>
        (rowsOf([partitionKey]) as Stored<Row>[])
          .filter(({ rowKey }) => rowKey.startsWith(prefix))
          .slice(0, most),
      ),
    async *pages<Row extends object>({ from, before }: KeyRange) {
      const found = await call('pages', from, () => {
        const within = [...partitions.keys()].filter((key) => key >= from && key < before)
        return rowsOf(within) as Stored<Row>[]
      })
      for (let i = 0; i < found.length; i += 1_000) {
        // Each page but the first is a call of its own.
        if (i > 0) await call('pages', from, () => undefined)
        yield found.slice(i, i + 1_000)
      }
    },
  }
}

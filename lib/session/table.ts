/**
 * The one table, by the few operations that everything stored rests on. Each call has a deadline, says what happened where a status is an
 * answer, and throws `session/store_unavailable` or `session/store_refused` where it is a fault: a table that cannot answer is never taken
 * for one without the row.
 */
import { uuid } from '../base/crypto.ts'
import { inParallel } from '../base/inParallel.ts'
import type { SharedIdentity } from '../credential/sharedIdentity.ts'
import type { RowKey, Stored } from './row.ts'
import { isAnswer, storeError } from './storeFaults.ts'
import { createTableCalls, type TableEffects } from './tableCalls.ts'
import {
  type Change,
  type Continuation,
  changeRequest,
  literal,
  type Page,
  queryRequest,
  readPage,
  readRequest,
  readRow,
  transactionRequest,
} from './tableWire.ts'

export type { RowKey, Stored }

export const TABLE_NAME = 'signetsessions'
/** The most rows that one transaction takes (Azure Table Storage, entity group transactions). */
export const MOST_IN_TRANSACTION = 100
/** The most rows of one page. */
const MOST_IN_PAGE = 1_000
/** Of one transaction that is taken apart. */
const DELETIONS_AT_ONCE = 8
/** As an ETag: that of any row that is there. */
export const ANY = '*'

/** Partition keys from `from` on and before `before`. */
export interface KeyRange {
  readonly from: string
  readonly before: string
}

export interface SessionTable {
  /** Inserts rows of one partition, all or none; false where one of them is there already. */
  insert<Row extends RowKey>(rows: readonly Row[]): Promise<boolean>
  /** The row, or undefined where there is none. */
  read<Row extends object>(key: RowKey): Promise<Stored<Row> | undefined>
  /** Writes a row whether or not there is one. */
  put<Row extends RowKey>(row: Row): Promise<void>
  /**
   * Changes properties of a row that is still as it was read, or with {@link ANY} of one that is there. Its new ETag; undefined where it
   * has changed or gone.
   */
  update<Row extends RowKey>(row: Row, etag: string): Promise<string | undefined>
  /** Writes a whole row in place of one that is still as it was read. Its new ETag; undefined where that has changed or gone. */
  replace<Row extends RowKey>(row: Row, etag: string): Promise<string | undefined>
  /** Removes rows of one partition, at most a hundred; it is not a fault when some are gone already. */
  remove(partitionKey: string, rowKeys: readonly string[]): Promise<void>
  /** The rows of one partition, or those of them whose row key begins so; where `most` is told, no more than that, the first of them. */
  list<Row extends object>(partitionKey: string, rowKeyPrefix?: string, most?: number): Promise<Stored<Row>[]>
  /** The rows of a range of partitions, in pages of a thousand at most, in the order of their keys, until the signal aborts. */
  pages<Row extends object>(range: KeyRange, signal: AbortSignal): AsyncIterable<readonly Stored<Row>[]>
}

export function openSessionTable(
  tablesUrl: string,
  identity: SharedIdentity,
  effects: TableEffects,
): SessionTable {
  const { now, random } = effects
  const { call } = createTableCalls(tablesUrl, identity, effects)

  /** The result of a call, or `otherwise` where the status is one of the `answers`. */
  async function ask<T>(answers: readonly number[], otherwise: T, asking: () => Promise<T>): Promise<T> {
    try {
      return await asking()
    } catch (fault) {
      if (isAnswer(fault, answers)) return otherwise
      throw storeError(fault, now())
    }
  }

  const transact = (answers: readonly number[], changes: readonly Change[]): Promise<boolean> =>
    ask(answers, false, async () => {
      await call(transactionRequest(TABLE_NAME, tablesUrl, changes, uuid(random)))
      return true
    })

  const change = (kind: 'merge' | 'replace', row: RowKey, etag: string): Promise<string | undefined> =>
    ask([404, 412], undefined, async () => {
      const { header } = await call(changeRequest(TABLE_NAME, { kind, row, etag }))
      return header('etag')
    })

  async function removeOne(row: RowKey): Promise<void> {
    await ask(
      [404],
      undefined,
      async () => void (await call(changeRequest(TABLE_NAME, { kind: 'delete', row }))),
    )
  }

  async function* query<Row extends object>(filter: string, signal?: AbortSignal): AsyncGenerator<Page<Row>> {
    let from: Continuation | undefined
    do {
      const page: Page<Row> = readPage(
        await call(queryRequest(TABLE_NAME, filter, MOST_IN_PAGE, from), signal),
      )
      yield page
      from = page.next
    } while (from !== undefined)
  }

  return {
    async insert(rows) {
      const [first, ...others] = rows
      if (first === undefined) return true
      const creations = rows.map((row) => ({ kind: 'create', row }) as const)
      if (others.length > 0) return transact([409], creations)
      return ask([409], false, async () => {
        await call(changeRequest(TABLE_NAME, { kind: 'create', row: first }))
        return true
      })
    },

    read: <Row extends object>({ partitionKey, rowKey }: RowKey) =>
      ask([404], undefined, async () => {
        const { text } = await call(readRequest(TABLE_NAME, { partitionKey, rowKey }))
        return readRow<Row>(text)
      }),

    put: (row) =>
      ask([], undefined, async () => void (await call(changeRequest(TABLE_NAME, { kind: 'replace', row })))),

    update: (row, etag) => change('merge', row, etag),

    replace: (row, etag) => change('replace', row, etag),

    async remove(partitionKey, rowKeys) {
      const [first, ...others] = rowKeys
      if (first === undefined) return
      const rows = rowKeys.map((rowKey): RowKey => ({ partitionKey, rowKey }))
      const deletions = rows.map((row) => ({ kind: 'delete', row }) as const)
      if (others.length > 0 && (await transact([404], deletions))) return
      // One that is gone already fails the whole transaction.
      await inParallel(DELETIONS_AT_ONCE, rows, removeOne)
    },

    async list<Row extends object>(partitionKey: string, prefix?: string, most = Number.POSITIVE_INFINITY) {
      const partition = `PartitionKey eq ${literal(partitionKey)}`
      const filter =
        prefix === undefined
          ? partition
          : `${partition} and RowKey ge ${literal(prefix)} and RowKey lt ${literal(after(prefix))}`
      return ask([], [], async () => {
        const found: Stored<Row>[] = []
        for await (const { rows } of query<Row>(filter)) {
          found.push(...rows)
          if (found.length >= most) break
        }
        return found.slice(0, most)
      })
    },

    async *pages<Row extends object>({ from, before }: KeyRange, signal: AbortSignal) {
      const filter = `PartitionKey ge ${literal(from)} and PartitionKey lt ${literal(before)}`
      try {
        for await (const { rows } of query<Row>(filter, signal)) yield rows
      } catch (fault) {
        throw storeError(fault, now())
      }
    },
  }
}

/** The first text behind all that begin so. */
function after(prefix: string): string {
  const last = prefix.length - 1
  return prefix.slice(0, last) + String.fromCharCode(prefix.charCodeAt(last) + 1)
}

/** The items in pieces of at most `size`, in order. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}

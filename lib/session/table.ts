/**
 * The one table, by the few operations that everything stored rests on. Each call has a deadline, says what happened where a status is an
 * answer, and throws `session/store_unavailable` or `session/store_refused` where it is a fault: a table that cannot answer is never taken
 * for one without the row.
 */
import { odata, TableClient, type TransactionAction, type UpdateMode } from '@azure/data-tables'
import type { Effects } from '../base/effects.ts'
import { IDENTITY_WAIT_MS, type SharedIdentity } from '../credential/sharedIdentity.ts'
import { retryAfterPolicy } from './retryAfterPolicy.ts'
import { isStatus, isTableMissing, storeError } from './storeFaults.ts'

export const TABLE_NAME = 'signetsessions'
/** What the SDK gets tokens for. */
export const STORAGE_SCOPE = 'https://storage.azure.com/.default'
/** Longest wait for one call, its retries included. Milliseconds. */
const ATTEMPT_MS = 2_000
const RETRIES = 2
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 300
/** The most rows that one transaction takes (Azure Table Storage, entity group transactions). */
export const MOST_IN_TRANSACTION = 100

/** In place of an ETag: the row as it is, whatever it is. */
export const ANY = '*'

export interface RowKey {
  readonly partitionKey: string
  readonly rowKey: string
}

export type Stored<Row> = Row & RowKey & { readonly etag: string }

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
  /** The rows of one partition, or those of them whose row key begins so. */
  list<Row extends object>(partitionKey: string, rowKeyPrefix?: string): Promise<Stored<Row>[]>
  /** The rows of a range of partitions, in pages of a thousand at most, in the order of their keys, until the signal aborts. */
  pages<Row extends object>(range: KeyRange, signal: AbortSignal): AsyncIterable<readonly Stored<Row>[]>
}

export function openSessionTable(
  tablesUrl: string,
  identity: SharedIdentity,
  { now }: Pick<Effects, 'now'>,
): SessionTable {
  const client = new TableClient(tablesUrl, TABLE_NAME, identity, {
    retryOptions: {
      maxRetries: RETRIES,
      retryDelayInMs: FIRST_PAUSE_MS,
      maxRetryDelayInMs: LONGEST_PAUSE_MS,
    },
    additionalPolicies: [retryAfterPolicy({ now }, ATTEMPT_MS)],
    // The settings admit http for loopback hosts only.
    allowInsecureConnection: tablesUrl.startsWith('http:'),
  })

  /** The result of a call, or `otherwise` where the status is one of the `answers`. */
  async function ask<T>(
    answers: readonly number[],
    otherwise: T,
    call: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      // A slow identity must not use up the time that the table is given to answer.
      await identity.ready(STORAGE_SCOPE, IDENTITY_WAIT_MS)
      return await call(AbortSignal.timeout(ATTEMPT_MS))
    } catch (fault) {
      if (answers.some((status) => isStatus(fault, status)) && !isTableMissing(fault)) return otherwise
      throw storeError(fault, now())
    }
  }

  const transact = (answers: readonly number[], actions: TransactionAction[]): Promise<boolean> =>
    ask(answers, false, async (abortSignal) => {
      await client.submitTransaction(actions, { abortSignal })
      return true
    })

  const change = (row: RowKey, mode: UpdateMode, etag: string): Promise<string | undefined> =>
    ask([404, 412], undefined, async (abortSignal) => {
      const changed = await client.updateEntity({ ...row }, mode, { etag, abortSignal })
      return changed.etag
    })

  async function removeOne(partitionKey: string, rowKey: string): Promise<void> {
    await ask([404], undefined, async (abortSignal) => {
      await client.deleteEntity(partitionKey, rowKey, { abortSignal })
    })
  }

  return {
    async insert(rows) {
      const [first, ...others] = rows
      if (first === undefined) return true
      if (others.length > 0)
        return transact(
          [409],
          rows.map((row): TransactionAction => ['create', { ...(row as RowKey & Record<string, unknown>) }]),
        )
      return ask([409], false, async (abortSignal) => {
        await client.createEntity({ ...first }, { abortSignal })
        return true
      })
    },

    read: <Row extends object>({ partitionKey, rowKey }: RowKey) =>
      ask([404], undefined, async (abortSignal) => {
        const row = await client.getEntity<Row>(partitionKey, rowKey, { abortSignal })
        return { ...row, partitionKey, rowKey } as Stored<Row>
      }),

    put: (row) =>
      ask([], undefined, async (abortSignal) => {
        await client.upsertEntity({ ...row }, 'Replace', { abortSignal })
      }),

    update: (row, etag) => change(row, 'Merge', etag),

    replace: (row, etag) => change(row, 'Replace', etag),

    async remove(partitionKey, rowKeys) {
      const [first, ...others] = rowKeys
      if (first === undefined) return
      const all = rowKeys.map((rowKey): TransactionAction => ['delete', { partitionKey, rowKey }])
      if (others.length > 0 && (await transact([404], all))) return
      // One that is gone already fails the whole transaction.
      await Promise.all(rowKeys.map((rowKey) => removeOne(partitionKey, rowKey)))
    },

    async list<Row extends object>(partitionKey: string, prefix?: string) {
      const partition = odata`PartitionKey eq ${partitionKey}`
      const filter =
        prefix === undefined
          ? partition
          : `${partition} and ${odata`RowKey ge ${prefix} and RowKey lt ${after(prefix)}`}`
      return ask([], [], async (abortSignal) => {
        const found: Stored<Row>[] = []
        for await (const row of client.listEntities<Row>({ queryOptions: { filter }, abortSignal }))
          found.push(row as Stored<Row>)
        return found
      })
    },

    async *pages<Row extends object>({ from, before }: KeyRange, abortSignal: AbortSignal) {
      const filter = odata`PartitionKey ge ${from} and PartitionKey lt ${before}`
      const rows = client.listEntities<Row>({ queryOptions: { filter }, abortSignal })
      try {
        for await (const page of rows.byPage({ maxPageSize: 1_000 })) yield [...page] as Stored<Row>[]
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

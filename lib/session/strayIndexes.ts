/**
 * Index rows that nothing leads to any more: an instance that is killed while it writes a session can leave one. The index lies in slots by
 * the absolute end of its sessions, and rows of sessions that end as they should go with them, so what is left in a slot whose time is over
 * are the strays, and nothing else has to be read to find them.
 */
import { inParallel } from '../base/inParallel.ts'
import { endedIndexes } from './rows.ts'
import { chunks, MOST_IN_TRANSACTION, type SessionTable } from './table.ts'

const CALLS_AT_ONCE = 16

/** Removes the stray index rows of slots that are over. Throws `session/*`. */
export async function removeStrayIndexes(
  table: Pick<SessionTable, 'pages' | 'remove'>,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (const kind of ['user', 'sid'] as const) {
    for await (const page of table.pages(endedIndexes(kind, nowMs), signal)) {
      const parts = [...Map.groupBy(page, ({ partitionKey }) => partitionKey)].flatMap(
        ([partitionKey, rows]) => chunks(rows, MOST_IN_TRANSACTION).map((part) => ({ partitionKey, part })),
      )
      await inParallel(CALLS_AT_ONCE, parts, ({ partitionKey, part }) =>
        table.remove(
          partitionKey,
          part.map(({ rowKey }) => rowKey),
        ),
      )
    }
  }
}

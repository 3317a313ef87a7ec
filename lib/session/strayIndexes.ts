/**
 * Index rows that nothing leads to any more: an instance that is killed while it writes a session can leave one. Each hourly run looks at
 * one of the 64 partitions of the index for rows whose session has ended long ago, so that none stays for ever and no run reads the whole.
 */
import type { Effects } from '../base/effects.ts'
import { chunks, MOST_IN_TRANSACTION, type SessionTable } from './table.ts'

const INITIALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const HOUR_MS = 3_600_000

/** Removes the stray index rows of this hour's partitions; says how many. Throws `session/*`. */
export async function removeStrayIndexes(
  table: SessionTable,
  { now }: Pick<Effects, 'now'>,
  signal: AbortSignal,
): Promise<number> {
  const hour = Math.floor(now() / HOUR_MS)
  const initial = INITIALS[hour % INITIALS.length]
  const endedBefore = new Date((hour - 1) * HOUR_MS)
  let removed = 0
  for (const kind of ['user', 'sid']) {
    const partitionKey = `${kind}-${initial}`
    const range = { from: partitionKey, before: `${partitionKey} `, endedBefore }
    for await (const page of table.pages(range, signal)) {
      const rowKeys = page.map(({ rowKey }) => rowKey)
      for (const part of chunks(rowKeys, MOST_IN_TRANSACTION)) await table.remove(partitionKey, part)
      removed += page.length
    }
  }
  return removed
}

/** The moment before which every session has ended, of everybody: one row, which `end --all` writes. */
import type { SessionTable } from './table.ts'

const EPOCH = { partitionKey: 'epoch', rowKey: 'all' } as const

/** Milliseconds since the epoch of Unix; 0 where nobody has ended all of them. Throws `session/*`. */
export async function readEpoch(table: Pick<SessionTable, 'read'>): Promise<number> {
  const row = await table.read<{ endedBefore: Date }>(EPOCH)
  return row?.endedBefore.getTime() ?? 0
}

/** Throws `session/*`. */
export async function writeEpoch(table: Pick<SessionTable, 'put'>, ms: number): Promise<void> {
  await table.put({ ...EPOCH, endedBefore: new Date(ms) })
}

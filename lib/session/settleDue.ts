/**
 * What the sweep does: it reads the rows that are due, and what is left of indexes whose time is over, so its work follows what happened
 * rather than what is stored. A due row goes last, so that whatever was cut off, refused or left by a run that came to its end is due
 * again; two runs at once do the same work twice and no harm.
 */
import type { Effects } from '../base/effects.ts'
import { inParallel } from '../base/inParallel.ts'
import { type DueRow, dueRange, dueRow, nextLook, SHARDS } from './due.ts'
import { indexKeys, type SessionRow } from './rows.ts'
import { type SessionLimits, standing } from './session.ts'
import { removeStrayIndexes } from './strayIndexes.ts'
import { chunks, MOST_IN_TRANSACTION, type RowKey, type SessionTable, type Stored } from './table.ts'

/** After that a run stops where it is; what it did counts. Milliseconds. */
const BUDGET_MS = 4 * 60_000
const SHARDS_AT_ONCE = 2
const CALLS_AT_ONCE = 16

export interface Swept {
  /** Due rows looked at. */
  readonly looked: number
  /** Sessions that had ended and were removed. */
  readonly ended: number
  /** Due rows that could not be settled; they are due again. */
  readonly failed: number
  /** False where the time was up before the end. */
  readonly isComplete: boolean
}

interface SweepParts {
  readonly table: SessionTable
  readonly limits: Pick<SessionLimits, 'idleMs' | 'absoluteMs'>
  readonly effects: Pick<Effects, 'now'>
}

type Count = { -readonly [Name in keyof Swept]: Swept[Name] }

/** Removes what is due. Throws `session/*` where not even the due rows could be read. */
export async function settleDue(parts: SweepParts): Promise<Swept> {
  const { table, effects } = parts
  const startedMs = effects.now()
  const count: Count = { looked: 0, ended: 0, failed: 0, isComplete: true }
  const signal = AbortSignal.timeout(BUDGET_MS)
  await inParallel(SHARDS_AT_ONCE, [...Array(SHARDS).keys()], async (shard) => {
    for await (const page of table.pages<DueRow>(dueRange(shard, startedMs), signal)) {
      await settlePage(parts, page, count)
      if (effects.now() - startedMs < BUDGET_MS) continue
      count.isComplete = false
      return
    }
  })
  if (count.isComplete) await removeStrayIndexes(table, startedMs, signal)
  return count
}

/**
 * The session goes first, then its index rows, then the due row: none stands that the person's list and Entra's sign-out do not find. Index
 * rows that a fault leaves lead to nothing, and go when their slot is over.
 */
async function settlePage(parts: SweepParts, page: readonly Stored<DueRow>[], count: Count): Promise<void> {
  const { table } = parts
  const failed = new Set<string>()
  const indexes: (RowKey & { readonly due: string })[] = []
  await inParallel(CALLS_AT_ONCE, page, ({ rowKey: due, sessionId: id }) =>
    orFail(failed, [due], async () => {
      const row = await endedRow(parts, due, id)
      if (row === undefined) return
      await table.remove(id, ['session', 'grant'])
      count.ended += 1
      indexes.push(...indexKeys(id, row).map((key) => ({ ...key, due })))
    }),
  )
  await removeGroups(table, indexes, failed)
  const settled = page.map(({ partitionKey, rowKey }) => ({ partitionKey, rowKey, due: rowKey }))
  await removeGroups(table, settled.filter(notIn(failed)), failed)
  count.looked += page.length
  count.failed += failed.size
}

/** The row of a session that has ended. One that lives is due later. */
async function endedRow(
  { table, limits, effects }: SweepParts,
  due: string,
  id: string,
): Promise<SessionRow | undefined> {
  const row = await table.read<SessionRow>({ partitionKey: id, rowKey: 'session' })
  if (row === undefined) return undefined
  const [nowMs, endsAtMs, usedAtMs] = [effects.now(), row.endsAt.getTime(), row.usedAt.getTime()]
  if (standing({ endsAtMs }, usedAtMs, limits, nowMs) === 'ended') return row
  const createdAtMs = endsAtMs - limits.absoluteMs
  const atMs = nextLook({ createdAtMs, usedAtMs, endsAtMs }, limits, nowMs)
  await table.insert([dueRow(due, id, atMs)])
  return undefined
}

const notIn =
  (failed: ReadonlySet<string>) =>
  ({ due }: { readonly due: string }): boolean =>
    !failed.has(due)

/** What cannot be done now is due again: one refused row is no reason to leave the others. */
async function orFail(
  failed: Set<string>,
  dues: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch {
    for (const due of dues) failed.add(due)
  }
}

/** Removes rows, those of one partition together, a hundred at most. */
async function removeGroups(
  table: SessionTable,
  rows: readonly (RowKey & { readonly due: string })[],
  failed: Set<string>,
): Promise<void> {
  const groups = [...Map.groupBy(rows, ({ partitionKey }) => partitionKey)].flatMap(([partitionKey, group]) =>
    chunks(group, MOST_IN_TRANSACTION).map((part) => ({ partitionKey, part })),
  )
  await inParallel(CALLS_AT_ONCE, groups, ({ partitionKey, part }) => {
    const dues = part.map(({ due }) => due)
    const rowKeys = part.map(({ rowKey }) => rowKey)
    return orFail(failed, dues, () => table.remove(partitionKey, rowKeys))
  })
}

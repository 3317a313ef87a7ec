/** How many sessions live: each has one row in the index of its person, and one of its own, which says when it was last used. Reads all of them. */
import { inParallel } from '../../lib/base/inParallel.ts'
import { readEpoch } from '../../lib/session/epoch.ts'
import { type SessionRow, sessionIdOf, type UserIndexRow } from '../../lib/session/rows.ts'
import { lives, type SessionLimits } from '../../lib/session/session.ts'
import type { SessionTable } from '../../lib/session/table.ts'

/** Longest that counting may take. Milliseconds. */
const COUNT_MS = 10 * 60_000
const READS_AT_ONCE = 16
/** Every person's, of whatever build: later ones put a dot where the first had a dash. */
const USER_INDEX = { from: 'user-', before: 'user/' }

/** Sessions none of whose ends has come. Throws `session/*`. */
export async function countSessions(
  table: Pick<SessionTable, 'pages' | 'read'>,
  limits: SessionLimits,
  now: () => number,
): Promise<number> {
  const endedBeforeMs = await readEpoch(table)
  let count = 0
  for await (const page of table.pages<UserIndexRow>(USER_INDEX, AbortSignal.timeout(COUNT_MS)))
    await inParallel(READS_AT_ONCE, page, async (index) => {
      const times = { createdAtMs: index.createdAt.getTime(), endsAtMs: index.endsAt.getTime() }
      // One that is over by what the index says needs no look at its own row.
      const isOpen = lives({ ...times, usedAtMs: now() }, limits, endedBeforeMs, now())
      const usedAtMs = isOpen ? await usedAtOf(table, sessionIdOf(index)) : undefined
      if (usedAtMs !== undefined && lives({ ...times, usedAtMs }, limits, endedBeforeMs, now())) count += 1
    })
  return count
}

/** Undefined where there is no such session, or an empty row that keeps it from beginning. */
async function usedAtOf(table: Pick<SessionTable, 'read'>, id: string): Promise<number | undefined> {
  const row = await table.read<Pick<SessionRow, 'usedAt' | 'sealed0'>>({
    partitionKey: id,
    rowKey: 'session',
  })
  return row?.sealed0 === undefined ? undefined : row.usedAt.getTime()
}

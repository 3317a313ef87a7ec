/** How many sessions the table holds: each has one row in the index of its person. Reads that index as a whole. */
import type { SessionTable } from '../../lib/session/table.ts'

/** Longest that counting may take. Milliseconds. */
const COUNT_MS = 10 * 60_000

/** Sessions whose absolute end has not come. Throws `session/*`. */
export async function countSessions(table: Pick<SessionTable, 'pages'>, now: () => number): Promise<number> {
  let count = 0
  const range = { from: 'user-', before: 'user/' }
  for await (const page of table.pages<{ readonly endsAt: Date }>(range, AbortSignal.timeout(COUNT_MS)))
    count += page.filter(({ endsAt }) => endsAt.getTime() > now()).length
  return count
}

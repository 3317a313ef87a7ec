/** Rows of sessions that nobody made by signing in: as many as the growth is to be measured at, in the places and of the size of real ones. */
import { createHash } from 'node:crypto'
import { dueRow } from '../../lib/session/due.ts'
import { indexKeys } from '../../lib/session/rows.ts'
import { TABLE_NAME } from '../../lib/session/table.ts'
import type { LightRows, Properties, RowName } from './lightRows.ts'

const HOUR_MS = 3_600_000
/** All seeded sessions have been used lately and live on. */
const ENDS_IN_MS = 8 * HOUR_MS

/** As long as a sealed record is; one text for all, so that a million of them fit. */
const SEALED = Buffer.alloc(1_500, 7).toString('base64')

const seeded = { sessions: 0 }

/** Until so many have been put there in all. Answers how many rows there are then. */
export function seedSessions(rows: LightRows, sessions: number): number {
  const nowMs = Date.now()
  const endsAt = new Date(nowMs + ENDS_IN_MS)
  const time = { 'endsAt@odata.type': 'Edm.DateTime', endsAt: endsAt.toISOString() }
  const session: Properties = { ...time, 'sealed0@odata.type': 'Edm.Binary', sealed0: SEALED }
  const grant: Properties = { 'sealed0@odata.type': 'Edm.Binary', sealed0: SEALED }
  for (; seeded.sessions < sessions; seeded.sessions += 1) {
    const id = hash(`session ${seeded.sessions}`)
    const [person, entraSession] = [
      `user-${hash(`p${seeded.sessions}`)}`,
      `sid-${hash(`s${seeded.sessions}`)}`,
    ] as const
    const put = (key: Omit<RowName, 'table'>, properties: Properties): void => {
      rows.change([{ kind: 'insert', key: { table: TABLE_NAME, ...key }, properties }])
    }
    put({ partitionKey: id, rowKey: 'session' }, session)
    put({ partitionKey: id, rowKey: 'grant' }, grant)
    for (const key of indexKeys(id, { endsAt, person, entraSession })) put(key, time)
    const { partitionKey, rowKey } = dueRow(hash(`m${seeded.sessions}`), id, endsAt.getTime())
    put({ partitionKey, rowKey }, { sessionId: id })
  }
  return rows.size()
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

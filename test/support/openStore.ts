/** The session store on a table in memory, and each call that it makes. */
import type { SessionRow } from '../../lib/session/rows.ts'
import type { RowKey, SessionTable } from '../../lib/session/table.ts'
import { createTableStore } from '../../lib/session/tableStore.ts'
import { newTicket, type Ticket } from '../../lib/session/ticket.ts'
import { heldEffects } from './heldEffects.ts'
import { createMemoryTable, type Weather } from './memoryTable.ts'
import { grantOf, sessionOf } from './sessionOf.ts'

const HOUR_MS = 3_600_000
export const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }

export function openStore({ weather = {}, changes = () => ({}) }: Opening = {}) {
  const memory = createMemoryTable(weather)
  const asked: string[] = []
  const table = { ...memory, ...changes(memory) }
  const noted = Object.fromEntries(
    Object.entries(table).map(([name, call]) => [
      name,
      (...values: unknown[]) => {
        asked.push(`${name} ${keyIn(values)}`)
        return (call as (...values: unknown[]) => unknown)(...values)
      },
    ]),
  ) as unknown as SessionTable
  const effects = heldEffects()
  const store = createTableStore({ table: noted, limits, effects })
  return {
    effects,
    store,
    memory,
    asked,
    logged: () => effects.logs.map(({ level, event, facts }) => [level, event, facts]),
    async begin(session = sessionOf()): Promise<Ticket> {
      const ticket = newTicket(effects.random)
      await store.insert(ticket, session, grantOf())
      return ticket
    },
    rowOf: ({ id }: Ticket) => memory.read<SessionRow>({ partitionKey: id, rowKey: 'session' }),
  }
}

export interface Opening {
  readonly weather?: Weather
  readonly changes?: (memory: SessionTable) => Partial<SessionTable>
}

/** The partition that a call is about. */
function keyIn([first]: readonly unknown[]): string {
  const row = Array.isArray(first) ? first[0] : first
  return typeof row === 'string' ? row : (row as RowKey).partitionKey
}

/**
 * `node bench/sweep.ts [ended] [live rows]`: what the sweep does, by round trips and time, on a table in memory whose calls take as long as
 * those of a table nearby. Azurite, which keeps one collection in one process, bears neither number.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTableStore } from '../lib/session/tableStore.ts'
import { newTicket } from '../lib/session/ticket.ts'
import { createMemoryTable } from '../test/support/memoryTable.ts'
import { grantOf, sessionOf } from '../test/support/sessionOf.ts'

const HOUR_MS = 3_600_000
const SLOT_MS = HOUR_MS / 4
const limits = { idleMs: HOUR_MS, absoluteMs: 8 * HOUR_MS }
/** A sign-in leaves a due row, a session, a grant and two index rows. */
const ROWS_PER_SESSION = 5

export interface SweepFigures {
  readonly roundTrips: Readonly<Record<string, number>>
  readonly seconds: number
  /** Sessions that the run removed. */
  readonly ended: number
  readonly rowsBefore: number
  readonly rowsAfter: number
}

interface SweepSizes {
  readonly ended: number
  readonly liveRows: number
  /** Of each call. */
  readonly latencyMs: number
}

/** One run with nothing due but many rows, and one with the ended sessions beside them. */
export async function measureSweep({ ended, liveRows, latencyMs }: SweepSizes): Promise<{
  readonly idle: SweepFigures
  readonly busy: SweepFigures
}> {
  let nowMs = Date.UTC(2026, 0, 15, 12)
  let isTimed = false
  const table = createMemoryTable({ before: async () => void (isTimed && (await sleep(latencyMs))) })
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
  const effects = { now: () => nowMs, random, log: () => undefined, sleep: (ms: number) => sleep(ms) }
  const store = createTableStore({ table, limits, effects })
  let people = 0

  async function signIn(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      people += 1
      const identity = { ...sessionOf().identity, oid: `oid-${people}`, sid: `sid-${people}` }
      const ticket = newTicket(random)
      await store.spend({ markerId: newTicket(random).id, startedAtMs: nowMs }, ticket.id)
      const times = { createdAtMs: nowMs, endsAtMs: nowMs + limits.absoluteMs }
      await store.insert(ticket, sessionOf({ identity, ...times }), grantOf())
    }
  }

  async function run(): Promise<SweepFigures> {
    table.calls.clear()
    const rowsBefore = table.size()
    isTimed = true
    const startedMs = performance.now()
    const swept = await store.sweep()
    const seconds = (performance.now() - startedMs) / 1_000
    isTimed = false
    const roundTrips = Object.fromEntries(table.calls)
    return { roundTrips, seconds, ended: swept.ended, rowsBefore, rowsAfter: table.size() }
  }

  await signIn(ended)
  nowMs += HOUR_MS + SLOT_MS
  await signIn(Math.ceil(liveRows / ROWS_PER_SESSION))
  const busy = await run()
  const idle = await run()
  return { idle, busy }
}

function print(title: string, { roundTrips, seconds, ended, rowsBefore, rowsAfter }: SweepFigures): void {
  const all = Object.values(roundTrips).reduce((sum, count) => sum + count, 0)
  const each = Object.entries(roundTrips).map(([name, count]) => `${name} ${count}`)
  console.log(`${title}: ${ended} ended sessions removed, ${rowsBefore} rows before and ${rowsAfter} after,`)
  console.log(`  ${all} round trips (${each.join(', ')}) in ${seconds.toFixed(1)} s`)
}

if (import.meta.main) {
  const [ended = 100_000, liveRows = 1_000_000] = process.argv.slice(2).map(Number)
  const latencyMs = 5
  console.log(`${latencyMs} ms a call, on a table in memory`)
  const { idle, busy } = await measureSweep({ ended, liveRows, latencyMs })
  print('With the ended ones', busy)
  print('With nothing due', idle)
}

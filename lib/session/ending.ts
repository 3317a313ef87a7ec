/**
 * How sessions end: their row first, for that ends them, then what leads to it. Once the row is gone a session has ended, and whoever ended
 * it is told whose it was, for the log: index rows that a fault leaves lead to nothing, and are swept.
 */
import type { Effects } from '../base/effects.ts'
import { allEnded } from '../base/inParallel.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { FanOut } from './fanOut.ts'
import { type IndexRow, indexKeys, type PersonHash, type SessionRow, sessionIdOf } from './rows.ts'
import { type SessionLimits, standing } from './session.ts'
import type { RowKey, SessionTable, Stored } from './table.ts'

/** Longest that the rows of one session are on their way. Milliseconds. */
const WRITING_MS = 60_000

interface EndingParts {
  readonly table: SessionTable
  readonly readRow: (id: string) => Promise<SessionRow | undefined>
  readonly limits: SessionLimits
  readonly effects: Pick<Effects, 'now' | 'log'>
  readonly fanOut: FanOut
}

export interface Ending {
  /** Whose it was; undefined where there was none. */
  end(id: string): Promise<PersonHash | undefined>
  /** The same for a session of this person that lives; undefined where it is none, and nothing happens. */
  endOwn(person: PersonHash, id: string): Promise<PersonHash | undefined>
  /** Ends what the index has. `ended` is told of each once it has ended, also where others fail. */
  endListed(rows: readonly Stored<IndexRow>[], ended: (person: PersonHash) => void): Promise<void>
  /** A fault is a line in the log. */
  removeIndexes(keys: readonly RowKey[]): Promise<void>
}

export function createEnding({ table, readRow, limits, effects, fanOut }: EndingParts): Ending {
  const { now, log } = effects

  async function removeIndexes(keys: readonly RowKey[]): Promise<void> {
    try {
      await allEnded(keys.map(({ partitionKey, rowKey }) => table.remove(partitionKey, [rowKey])))
    } catch (fault) {
      log('warn', 'session.index_left', faultFacts(fault))
    }
  }

  async function endRow(id: string, row: SessionRow | undefined): Promise<PersonHash | undefined> {
    try {
      await table.remove(id, ['session', 'grant'])
    } catch (fault) {
      // An answer that was lost may have been that it is gone: whoever tried again would find nothing to tell of.
      if (row === undefined || !(await isGone(id))) throw fault
    }
    if (row === undefined) return undefined
    await removeIndexes(indexKeys(id, row))
    return row.person
  }

  const isGone = (id: string): Promise<boolean> =>
    readRow(id).then(
      (row) => row === undefined,
      () => false,
    )

  /** A session that is listed and not there may be on its way: an empty row in its place keeps it from beginning, and stays there. */
  async function endOne(listed: Stored<IndexRow>): Promise<PersonHash | undefined> {
    const id = sessionIdOf(listed)
    const isYoung = listed.endsAt.getTime() - limits.absoluteMs > now() - WRITING_MS
    const ended = { partitionKey: id, rowKey: 'session', usedAt: new Date(now()), endsAt: new Date(now()) }
    let row = await readRow(id)
    if (row === undefined && isYoung && !(await table.insert([ended]))) row = await readRow(id)
    if (row?.sealed0 !== undefined) return endRow(id, row)
    await removeIndexes([listed])
    return undefined
  }

  return {
    end: async (id) => endRow(id, await readRow(id)),

    async endOwn(person, id) {
      const row = await readRow(id)
      if (row?.person !== person) return undefined
      const { usedAt, endsAt } = row
      const stands = standing({ endsAtMs: endsAt.getTime() }, usedAt.getTime(), limits, now())
      return stands === 'ended' ? undefined : endRow(id, row)
    },

    endListed: (rows, ended) =>
      fanOut(rows, async (row) => {
        const person = await endOne(row)
        if (person !== undefined) ended(person)
      }),

    removeIndexes,
  }
}

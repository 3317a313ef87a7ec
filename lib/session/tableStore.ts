/**
 * Sessions and single-use markers in Azure Table Storage. Invariants: a row is created by insert only, an update never creates,
 * a deletion wins over every update, and a store that cannot answer is never taken for "not signed in".
 */

import { odata, TableClient } from '@azure/data-tables'
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import {
  type IndexRow,
  indexRows,
  openSessionRow,
  type PersonHash,
  type SessionRow,
  sessionRow,
  sidIndex,
} from './rows.ts'
import type { Session } from './session.ts'
import { isStatus, isTableMissing, storeError } from './storeFaults.ts'
import type { Ticket } from './ticket.ts'

export const TABLE_NAME = 'signetsessions'
/** For one operation, its retries included. */
const ATTEMPT_MS = 2_000
const RETRIES = 2
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 300
const SWEEP_MS = 60_000

export interface StoredSession {
  readonly session: Session
  readonly usedAtMs: number
  readonly etag: string
}

/** Every method throws `session/store_unavailable` or `session/store_refused` when the table does not do its part. */
export interface SessionStore {
  /** Writes a new session with its index rows. False where Entra ended it while it was being written: then there is none. */
  insert(ticket: Ticket, session: Session): Promise<boolean>
  /** The session of a ticket; undefined when there is none. A row that does not open is removed. */
  read(ticket: Ticket): Promise<StoredSession | undefined>
  /** Notes a use, unless the row has changed or gone meanwhile. */
  touch(ticket: Ticket, etag: string, usedAtMs: number): Promise<void>
  /** Ends a session and says whose it was; it is not a fault when it has ended already. */
  end(id: string): Promise<PersonHash | undefined>
  /** Ends every session of one Entra session; says whose they were. */
  endBySid(sid: string): Promise<readonly PersonHash[]>
  /** Spends a transaction: true for exactly one caller, whatever the number of callers and instances. */
  spend(markerId: string, endsAtMs: number): Promise<boolean>
  /** Removes rows that ended; says how many. */
  sweep(idleMs: number): Promise<number>
  /** One small read, to see that the table answers. */
  check(): Promise<void>
}

interface TableStoreOptions {
  readonly tablesUrl: string
  readonly credential: TokenCredential
  readonly effects: Pick<Effects, 'now' | 'random' | 'log'>
}

export function createTableStore({ tablesUrl, credential, effects }: TableStoreOptions): SessionStore {
  const { now, random, log } = effects
  const options = {
    retryOptions: {
      maxRetries: RETRIES,
      retryDelayInMs: FIRST_PAUSE_MS,
      maxRetryDelayInMs: LONGEST_PAUSE_MS,
    },
    // The settings admit http for loopback hosts only.
    allowInsecureConnection: tablesUrl.startsWith('http:'),
  }
  const table = new TableClient(tablesUrl, TABLE_NAME, credential, options)

  async function ask<T>(call: (abortSignal: AbortSignal) => Promise<T>, deadlineMs = ATTEMPT_MS): Promise<T> {
    try {
      return await call(AbortSignal.timeout(deadlineMs))
    } catch (fault) {
      throw storeError(fault)
    }
  }

  /** The result of a call, or what to make of the statuses that are an answer rather than a fault. */
  async function askOr<T>(
    answers: readonly number[],
    otherwise: T,
    call: (abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return ask(async (abortSignal) => {
      try {
        return await call(abortSignal)
      } catch (fault) {
        if (answers.some((status) => isStatus(fault, status)) && !isTableMissing(fault)) return otherwise
        throw fault
      }
    })
  }

  const remove = (partitionKey: string, rowKey: string): Promise<void> =>
    askOr([404], undefined, async (abortSignal) => {
      await table.deleteEntity(partitionKey, rowKey, { abortSignal })
    })

  const readRow = (id: string) =>
    askOr([404], undefined, (abortSignal) => table.getEntity<SessionRow>(id, 'session', { abortSignal }))

  async function end(id: string): Promise<PersonHash | undefined> {
    const row = await readRow(id)
    await remove(id, 'session')
    if (row !== undefined)
      await Promise.all(indexRows(row).map((index) => remove(index.partitionKey, index.rowKey)))
    return row?.userIndex
  }

  /** Whether an index row is there, and nobody is ending what it points to. */
  async function isStanding(index: string, id: string): Promise<boolean> {
    const row = await askOr([404], undefined, (abortSignal) =>
      table.getEntity<IndexRow>(index, id, { abortSignal }),
    )
    return row !== undefined && row.isEnding !== true
  }

  /** The mark stays until everything else is gone: should this fail half-way, the next call finds it and goes on. */
  async function endMarked(index: string, id: string): Promise<PersonHash | undefined> {
    const mark = { partitionKey: index, rowKey: id, isEnding: true }
    await askOr(
      [404],
      undefined,
      async (abortSignal) => void (await table.updateEntity(mark, 'Merge', { abortSignal })),
    )
    const person = await end(id)
    await remove(index, id)
    return person
  }

  return {
    async insert(ticket, session) {
      const row = sessionRow(ticket, session, random)
      for (const index of indexRows(row)) {
        await askOr(
          [409],
          undefined,
          async (abortSignal) => void (await table.createEntity(index, { abortSignal })),
        )
      }
      // An ambiguous first attempt leaves the very row that a retry finds: ids are random, so a conflict is our own write.
      await askOr(
        [409],
        undefined,
        async (abortSignal) => void (await table.createEntity(row, { abortSignal })),
      )
      // Whoever ends sessions by `sid` marks the index row before looking for the session: one of the two sees the other.
      if (row.sidIndex === undefined || (await isStanding(row.sidIndex, ticket.id))) return true
      await end(ticket.id)
      return false
    },

    async read(ticket) {
      const row = await readRow(ticket.id)
      if (row === undefined) return undefined
      const session = openSessionRow(ticket, row)
      if (session !== undefined) return { session, usedAtMs: row.usedAt.getTime(), etag: row.etag }
      log('warn', 'session.row_not_opened', { person: await end(ticket.id) })
      return undefined
    },

    async touch(ticket, etag, usedAtMs) {
      const change = { partitionKey: ticket.id, rowKey: 'session', usedAt: new Date(usedAtMs) }
      await askOr(
        [404, 412],
        undefined,
        async (abortSignal) => void (await table.updateEntity(change, 'Merge', { etag, abortSignal })),
      )
    },

    end,

    async endBySid(sid) {
      const ids = await ask(async (abortSignal) => {
        const found: string[] = []
        const queryOptions = { filter: odata`PartitionKey eq ${sidIndex(sid)}`, select: ['rowKey'] }
        for await (const { rowKey } of table.listEntities({ queryOptions, abortSignal }))
          if (rowKey) found.push(rowKey)
        return found
      })
      const ended = await Promise.all(ids.map((id) => endMarked(sidIndex(sid), id)))
      return ended.filter((person) => person !== undefined)
    },

    spend: (markerId, endsAtMs) =>
      askOr([409], false, async (abortSignal) => {
        await table.createEntity(
          { partitionKey: markerId, rowKey: 'spent', endsAt: new Date(endsAtMs) },
          { abortSignal },
        )
        return true
      }),

    async sweep(idleMs) {
      const ended = odata`endsAt lt ${new Date(now())}`
      const idle = odata`usedAt lt ${new Date(now() - idleMs)}`
      const rows = await ask(async (abortSignal) => {
        const found: { partitionKey: string; rowKey: string }[] = []
        const queryOptions = { filter: `${ended} or ${idle}`, select: ['partitionKey', 'rowKey'] }
        for await (const { partitionKey, rowKey } of table.listEntities({ queryOptions, abortSignal })) {
          if (partitionKey && rowKey) found.push({ partitionKey, rowKey })
        }
        return found
      }, SWEEP_MS)
      for (const { partitionKey, rowKey } of rows) {
        await (rowKey === 'session' ? end(partitionKey) : remove(partitionKey, rowKey))
      }
      return rows.length
    },

    check: async () => {
      await readRow('health')
    },
  }
}

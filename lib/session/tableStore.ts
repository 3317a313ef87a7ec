/**
 * Sessions and spent transactions in Azure Table Storage. Invariants: a row is created by insert only, an update never creates,
 * a deletion wins over every update, and a store that cannot answer is never taken for "not signed in".
 */
import type { Effects } from '../base/effects.ts'
import { allEnded } from '../base/inParallel.ts'
import { createRefreshing } from '../base/refreshing.ts'
import type { Identity } from '../entra/idToken.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { Binding } from './binding.ts'
import { type DueRow, type SpentTransaction, spentRow } from './due.ts'
import { createEnding } from './ending.ts'
import { readEpoch, writeEpoch } from './epoch.ts'
import { createFanOut } from './fanOut.ts'
import { openRecord, type SealedParts } from './record.ts'
import {
  bindingIn,
  boundColumns,
  type GrantRow,
  grantRow,
  type IndexRow,
  indexPartitions,
  indexRows,
  type PersonHash,
  personHash,
  type SessionRow,
  sessionIdOf,
  sessionRow,
  sidHash,
  type UserIndexRow,
} from './rows.ts'
import { described, type Grant, lives, type Session, type SessionLimits } from './session.ts'
import { type Swept, settleDue } from './settleDue.ts'
import { ANY, type SessionTable, type Stored } from './table.ts'
import type { Ticket } from './ticket.ts'
import { sessionOfRecord } from './versions.ts'

/** The most sessions of one person that are listed; of more, the newest. */
const MOST_LISTED = 100
/** The most rows of the index that a list is made of, in each of its two partitions. */
const MOST_INDEXED = 1_000
/** How long the epoch is believed; asked for anew in the background after half of it. Milliseconds. */
const EPOCH_MS = 60_000
/** How often a row that changes all the time is read anew. */
const MOST_ATTEMPTS = 3

export interface StoredSession {
  readonly session: Session
  readonly usedAtMs: number
  readonly etag: string
  /** The browser that it is bound to, where it is. */
  readonly binding?: Binding
  /** The row of its grant, sealed, where that was read along and is there. */
  readonly grantRow?: Stored<GrantRow>
}

/** A session as the index of its person has it. Times in milliseconds since the epoch. */
export interface ListedSession {
  readonly id: string
  readonly createdAtMs: number
  readonly usedAtMs: number
  readonly endsAtMs: number
  readonly device: string
  readonly isBound: boolean
  /** None of its ends has come: it only waits to be swept otherwise. */
  readonly isLiving: boolean
}

export interface SessionList {
  /** Oldest first. */
  readonly listed: readonly ListedSession[]
  /** How many older ones there are besides, as the index has them. Nobody looked whether they live. */
  readonly notListed: number
}

type Person = Pick<Identity, 'tid' | 'oid'>

/** Every method throws `session/store_unavailable` or `session/store_refused` when the table does not do its part. */
export interface SessionStore {
  /**
   * Spends a transaction: true for exactly one caller, whatever the number of callers and instances. Notes the session it may lead to, by an
   * id that no other caller has, so that nothing of a sign-in which was cut off stays for ever.
   */
  spend(transaction: SpentTransaction, sessionId: string): Promise<boolean>
  /** Writes a new session, its grant and its index rows at once. False where Entra ended it meanwhile: then there is none. */
  insert(ticket: Ticket, session: Session, grant: Grant): Promise<boolean>
  /** The session of a ticket; undefined when there is none. A row that does not open is removed. Throws `session/newer_record`. */
  read(ticket: Ticket): Promise<StoredSession | undefined>
  /** The same with the row of its grant, both in one request, for whoever needs them both. Throws the same. */
  readWithGrant(ticket: Ticket): Promise<StoredSession | undefined>
  /** Notes a use; false where the session has ended meanwhile. */
  touch(id: string, usedAtMs: number): Promise<boolean>
  /** Has the session say of the person what Entra says now; nothing happens where it has ended. */
  describe(ticket: Ticket, identity: Identity): Promise<void>
  /** Writes a binding into a row that is still as it was read. Its new ETag; undefined where it has changed or gone. */
  bind(ticket: Ticket, etag: string, binding: Binding): Promise<string | undefined>
  /** Ends a session and says whose it was; it is not a fault when it has ended already. */
  end(id: string): Promise<PersonHash | undefined>
  /** Ends a session of this person that lives, and says whose it was; undefined, and nothing happens, where it is none. */
  endOwn(person: Person, id: string): Promise<PersonHash | undefined>
  /** Ends every session of a person, but the one with this id. `ended` is told of each once it has ended, also where others fail. */
  endAllOf(person: Person, ended: (person: PersonHash) => void, butId?: string): Promise<void>
  /** Ends every session of one Entra session. `ended` is told whose each was once it has ended, also where others fail. */
  endBySid(sid: string, ended: (person: PersonHash) => void): Promise<void>
  /** The newest hundred sessions of a person that are there; those among them that have ended and wait to be swept say so. */
  listOf(person: Person): Promise<SessionList>
  /** Ends every session that began before a moment, of everybody; instances notice within a minute. */
  endAllBefore(ms: number): Promise<void>
  /** Removes what is due. */
  sweep(): Promise<Swept>
  /** One small read, to see that the table answers. */
  check(): Promise<void>
  /**
   * In the background, so that the identity’s token, the epoch and as many connections as one sign-in writes over at once are ready before
   * somebody needs them; never throws.
   */
  warm(): void
}

interface TableStoreOptions {
  readonly table: SessionTable
  readonly limits: SessionLimits
  readonly effects: Pick<Effects, 'now' | 'random' | 'log' | 'sleep'>
}

export function createTableStore({ table, limits, effects }: TableStoreOptions): SessionStore {
  const { now, random, log } = effects
  const epoch = createRefreshing({
    now,
    load: async () => {
      const value = await readEpoch(table)
      const nowMs = now()
      return { value, freshUntilMs: nowMs + EPOCH_MS / 2, usableUntilMs: nowMs + EPOCH_MS }
    },
    onFault: (fault) => log('warn', 'session.epoch_not_read', faultFacts(fault)),
  })

  const readRow = (id: string) => table.read<SessionRow>({ partitionKey: id, rowKey: 'session' })

  /** All rows of one session. */
  const readRows = (id: string) => table.list<SessionRow>(id)

  /** What the index has under a hash, or of that the first `most` rows of each partition. */
  async function indexed<Row extends IndexRow>(
    hash: Parameters<typeof indexPartitions>[0],
    most?: number,
  ): Promise<Stored<Row>[]> {
    const partitions = indexPartitions(hash, now())
    return (await allEnded(partitions.map((one) => table.list<Row>(one, `${hash}-`, most)))).flat()
  }

  // A lane for each, so that whoever looks keeps nobody from being signed out.
  const look = createFanOut(effects)
  const ending = createEnding({ table, readRow, limits, effects, fanOut: createFanOut(effects) })
  const { end } = ending

  /** What the row of a ticket holds. A session that has ended, or does not open, is removed. Throws `session/newer_record`. */
  async function judge(ticket: Ticket, row: Stored<SessionRow>, endedBeforeMs: number) {
    const record = openRecord(ticket, 'session', row)
    const session = record === undefined ? undefined : sessionOfRecord(record)
    const binding = bindingIn(ticket, row)
    const isWhole = session !== undefined && binding !== 'broken'
    if (isWhole && session.createdAtMs >= endedBeforeMs) {
      const bound = binding === undefined ? {} : { binding }
      return { session, usedAtMs: row.usedAt.getTime(), etag: row.etag, ...bound }
    }
    const person = await end(ticket.id)
    if (!isWhole) log('warn', 'session.row_not_opened', { person })
    return undefined
  }

  async function check(): Promise<void> {
    await readRow('health')
  }

  return {
    async spend(transaction, sessionId) {
      const row = spentRow(transaction, sessionId)
      if (await table.insert([row])) return true
      // An attempt whose answer was lost has left the very row that the next one finds.
      const found = await table.read<DueRow>(row)
      return found?.sessionId === sessionId
    },

    async insert(ticket, session, grant) {
      const rows = [sessionRow(ticket, session, random), grantRow(ticket, grant, random)]
      const indexes = indexRows(ticket, session)
      const [isWritten] = await allEnded([table.insert(rows), ...indexes.map((row) => table.insert([row]))])
      if (isWritten) return true
      // An attempt whose answer was lost leaves the very rows that the next one finds; whoever ended the session left an empty one.
      const found = await readRow(ticket.id)
      if (found?.sealed0 !== undefined) return true
      await end(ticket.id)
      await ending.removeIndexes(indexes)
      return false
    },

    async read(ticket) {
      const [row, endedBeforeMs] = await Promise.all([readRow(ticket.id), epoch.get()])
      return row === undefined ? undefined : judge(ticket, row, endedBeforeMs)
    },

    async readWithGrant(ticket) {
      const [rows, endedBeforeMs] = await Promise.all([readRows(ticket.id), epoch.get()])
      const row = rows.find(({ rowKey }) => rowKey === 'session')
      const stored = row === undefined ? undefined : await judge(ticket, row, endedBeforeMs)
      const grantRow = rows.find(({ rowKey }) => rowKey === 'grant')
      return stored === undefined || grantRow === undefined ? stored : { ...stored, grantRow }
    },

    async touch(id, usedAtMs) {
      const use = { partitionKey: id, rowKey: 'session', usedAt: new Date(usedAtMs) }
      return (await table.update(use, ANY)) !== undefined
    },

    async describe(ticket, told) {
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
        const row = await readRow(ticket.id)
        const record = row === undefined ? undefined : openRecord(ticket, 'session', row)
        if (row === undefined || record === undefined) return
        const session = sessionOfRecord(record)
        const identity = described(session.identity, told)
        const { usedAt: _noted, ...next } = sessionRow(ticket, { ...session, identity }, random)
        if ((await table.update({ ...emptied(row), ...next }, row.etag)) !== undefined) return
      }
    },

    bind: (ticket, etag, binding) =>
      table.update(
        { partitionKey: ticket.id, rowKey: 'session', ...boundColumns(ticket, binding, random) },
        etag,
      ),

    end,

    endOwn: (person, id) => ending.endOwn(personHash(person), id),

    async endAllOf(person, ended, butId) {
      const rows = await indexed<IndexRow>(personHash(person))
      const others = rows.filter((row) => sessionIdOf(row) !== butId)
      await ending.endListed(others, ended)
    },

    async endBySid(sid, ended) {
      await ending.endListed(await indexed<IndexRow>(sidHash(sid)), ended)
    },

    async listOf(person) {
      const [rows, endedBeforeMs] = await Promise.all([
        indexed<UserIndexRow>(personHash(person), MOST_INDEXED),
        epoch.get(),
      ])
      const newest = rows
        .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
        .slice(0, MOST_LISTED)
      const listed: ListedSession[] = []
      await look(newest, async (row) => {
        const id = sessionIdOf(row)
        const found = await readRow(id)
        if (found === undefined) return
        const { createdAt, device, endsAt } = row
        const times = {
          createdAtMs: createdAt.getTime(),
          usedAtMs: found.usedAt.getTime(),
          endsAtMs: endsAt.getTime(),
        }
        const isLiving = lives(times, limits, endedBeforeMs, now())
        listed.push({ id, device, ...times, isBound: found.boundAt !== undefined, isLiving })
      })
      listed.sort((one, other) => one.createdAtMs - other.createdAtMs)
      return { listed, notListed: rows.length - newest.length }
    },

    endAllBefore: (ms) => writeEpoch(table, ms),

    sweep: () => settleDue({ table, limits, effects }),

    check,

    warm: () =>
      void allEnded<unknown>([epoch.get(), check(), check()]).catch((fault: unknown) =>
        log('warn', 'session.warming_failed', faultFacts(fault)),
      ),
  }
}

/** Parts of a record that a shorter one leaves empty: a change of a row takes no column away. */
function emptied(row: SealedParts): SealedParts {
  const parts = Object.keys(row).filter((name) => name.startsWith('sealed'))
  return Object.fromEntries(parts.map((name) => [name, new Uint8Array()]))
}

/**
 * The grant row of a session, and its lease: who holds it may ask Entra for tokens, everybody else waits or goes on with what is there.
 * Invariant: the row is created at sign-in only; a change needs the row as it was read, so a session that ended stays ended.
 */
import type { Effects } from '../base/effects.ts'
import { openRecord } from '../session/record.ts'
import { type GrantRow, grantRow } from '../session/rows.ts'
import type { Grant } from '../session/session.ts'
import type { RowKey, SessionTable, Stored } from '../session/table.ts'
import type { Ticket } from '../session/ticket.ts'
import { grantOfRecord } from '../session/versions.ts'

export interface StoredGrant {
  readonly grant: Grant
  /** Until then somebody else asks for tokens, or nobody should. Milliseconds since the epoch. */
  readonly leasedUntilMs: number
  /** Whose lease it is or was: a holder whose answer was lost on the way knows its own again. */
  readonly holder?: string
  /** When Entra was last asked, whatever came of it; 0 where nobody asked since sign-in. Milliseconds since the epoch. */
  readonly askedAtMs: number
  readonly etag: string
}

/** Every method throws `session/store_unavailable` or `session/store_refused` when the table does not do its part. */
export interface GrantRows {
  /** The grant of a session; undefined where it has ended, or is of a build that kept none. */
  read(ticket: Ticket): Promise<StoredGrant | undefined>
  /** The grant in a row that was read already; undefined where it does not open. No I/O. */
  open(ticket: Ticket, row: Stored<GrantRow>): StoredGrant | undefined
  /**
   * The row with its lease taken (or, by a moment that has passed, given back); undefined where the row has changed or gone. Whoever takes it
   * to ask Entra says since when.
   */
  lease(
    ticket: Ticket,
    stored: StoredGrant,
    untilMs: number,
    holder: string,
    askedAtMs?: number,
  ): Promise<StoredGrant | undefined>
  /** Writes a new grant and gives the lease back; false where the row has changed or gone. */
  write(ticket: Ticket, grant: Grant, stored: StoredGrant): Promise<boolean>
}

interface GrantRowsOptions {
  readonly table: Pick<SessionTable, 'read' | 'update' | 'replace'>
  readonly effects: Pick<Effects, 'random'>
}

export function createGrantRows({ table, effects }: GrantRowsOptions): GrantRows {
  const keyOf = ({ id }: Ticket): RowKey => ({ partitionKey: id, rowKey: 'grant' })
  return {
    async read(ticket) {
      const row = await table.read<GrantRow>(keyOf(ticket))
      return row === undefined ? undefined : openGrant(ticket, row)
    },

    open: openGrant,

    async lease(ticket, stored, leasedUntilMs, holder, askedAtMs = stored.askedAtMs) {
      const leased = {
        leasedUntil: new Date(leasedUntilMs),
        leasedBy: holder,
        askedAt: new Date(askedAtMs),
      }
      const etag = await table.update({ ...keyOf(ticket), ...leased }, stored.etag)
      return etag === undefined ? undefined : { ...stored, leasedUntilMs, holder, askedAtMs, etag }
    },

    async write(ticket, grant, { askedAtMs, etag }) {
      const row = { ...grantRow(ticket, grant, effects.random), askedAt: new Date(askedAtMs) }
      return (await table.replace(row, etag)) !== undefined
    },
  }
}

function openGrant(ticket: Ticket, row: Stored<GrantRow>): StoredGrant | undefined {
  const record = openRecord(ticket, 'grant', row)
  if (record === undefined) return undefined
  const { etag, leasedUntil, leasedBy, askedAt } = row
  const lease = {
    leasedUntilMs: leasedUntil?.getTime() ?? 0,
    askedAtMs: askedAt?.getTime() ?? 0,
    ...(leasedBy === undefined ? {} : { holder: leasedBy }),
  }
  return { grant: grantOfRecord(record), ...lease, etag }
}

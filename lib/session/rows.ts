/**
 * The rows of the session table, and how a record becomes one. Partition keys keep the kinds apart; ids are derived, the record is
 * ciphertext bound to its own row, and indexes are hashes. A row names nobody, but whoever knows tenant and object id of an account
 * can compute its index, and so learn from the table whether and since when it is signed in.
 *
 *   session   PK = session id            RK = 'session'   sealed record, usedAt, endsAt, its index partitions
 *   index     PK = 'sid-' | 'user-' + hash  RK = session id   endsAt, isEnding
 *   marker    PK = transaction marker id RK = 'spent'     endsAt
 */
import { base64url, open, seal, sha256 } from '../base/crypto.ts'
import type { Identity } from '../entra/idToken.ts'
import type { Session } from './session.ts'
import type { Ticket } from './ticket.ts'

/** A binary property holds 64 KiB; a record with large tokens takes several. */
const PART_BYTES = 60_000

export interface SessionRow {
  readonly partitionKey: string
  readonly rowKey: 'session'
  readonly usedAt: Date
  readonly endsAt: Date
  /** Partition keys of the index rows, so that whoever ends the row can find them without opening it. */
  readonly userIndex: PersonHash
  readonly sidIndex?: string
  readonly [part: `sealed${number}`]: Uint8Array
}

export interface IndexRow {
  readonly partitionKey: string
  readonly rowKey: string
  readonly endsAt: Date
  /** Somebody is ending the session, which may be about to be written. */
  readonly isEnding?: boolean
}

export function sessionRow(
  ticket: Ticket,
  session: Session,
  random: (bytes: number) => Uint8Array,
): SessionRow {
  const sealed = seal(
    ticket.rowKey,
    new TextEncoder().encode(JSON.stringify(session)),
    rowContext(ticket.id),
    random,
  )
  const { identity, createdAtMs, endsAtMs } = session
  return {
    partitionKey: ticket.id,
    rowKey: 'session',
    usedAt: new Date(createdAtMs),
    endsAt: new Date(endsAtMs),
    userIndex: userIndex(identity),
    ...(identity.sid === undefined ? {} : { sidIndex: sidIndex(identity.sid) }),
    ...parts(sealed),
  }
}

export function indexRows({ partitionKey, userIndex, sidIndex, endsAt }: SessionRow): IndexRow[] {
  const partitions = sidIndex === undefined ? [userIndex] : [userIndex, sidIndex]
  return partitions.map((index) => ({ partitionKey: index, rowKey: partitionKey, endsAt }))
}

/** The record in a row, or undefined when the row was not sealed with this ticket or for this place. */
export function openSessionRow(
  ticket: Ticket,
  row: Pick<SessionRow, `sealed${number}`>,
): Session | undefined {
  const sealed: Uint8Array[] = []
  for (let part = row.sealed0; part instanceof Uint8Array; part = row[`sealed${sealed.length}`])
    sealed.push(part)
  const plaintext = open(ticket.rowKey, new Uint8Array(Buffer.concat(sealed)), rowContext(ticket.id))
  return plaintext === undefined ? undefined : JSON.parse(new TextDecoder().decode(plaintext))
}

/** Partition of the index rows of one Entra session. */
export function sidIndex(sid: string): string {
  return `sid-${base64url.encode(sha256(sid))}`
}

/** A person by what cannot be read back, but can be found by whoever knows tenant and object id. */
export type PersonHash = `user-${string}`

/** Partition of the index rows of one person in one tenant. */
export function userIndex({ tid, oid }: Pick<Identity, 'tid' | 'oid'>): PersonHash {
  return `user-${base64url.encode(sha256(`${tid}/${oid}`))}`
}

function rowContext(id: string): string {
  return `signet session ${id}`
}

function parts(sealed: Uint8Array): Record<`sealed${number}`, Uint8Array> {
  const split: Record<`sealed${number}`, Uint8Array> = {}
  for (let i = 0; i * PART_BYTES < sealed.length; i += 1) {
    split[`sealed${i}`] = sealed.subarray(i * PART_BYTES, (i + 1) * PART_BYTES)
  }
  return split
}

/**
 * The rows of the session table. Partition keys keep the kinds apart; ids are derived, records are ciphertext bound to their own row, and
 * indexes are hashes. A row names nobody, but whoever knows tenant and object id of an account can compute its index, and so learn from the
 * table whether, since when and on what kinds of device it is signed in.
 *
 *   session   PK = session id           RK = 'session'           sealed record, usedAt, endsAt, its index keys; once bound to a
 *                                                                device: sealed binding, boundAt
 *   grant     PK = session id           RK = 'grant'             sealed tokens, lease
 *   index     PK = 'user.' | 'sid.' + slot + h  RK = hash + '-' + session id   endsAt, for the person's list createdAt and device
 *   due       PK = 'due-' + shard + time  RK = marker id           marks a sign-in as spent; the session to look at then
 *   epoch     PK = 'epoch'              RK = 'all'               sessions older than this have ended
 */
import { base64url, sha256 } from '../base/crypto.ts'
import type { Identity } from '../entra/idToken.ts'
import { type Binding, bindingOfRecord, recordOfBinding } from './binding.ts'
import { openRecord, type SealedParts, sealRecord } from './record.ts'
import type { Grant, Session } from './session.ts'
import type { KeyRange, RowKey } from './table.ts'
import type { Ticket } from './ticket.ts'

/** Of the sealed session and grant records. */
export const RECORD_VERSION = 2

export type SessionRow = RowKey &
  SealedParts &
  Indexed &
  Partial<BoundColumns> & { readonly usedAt: Date; readonly endsAt: Date }

/** What is written into the session row of a bound session, beside the record. */
interface BoundColumns {
  readonly device: Uint8Array
  /** In the clear, for the person's list of sessions is made without opening any. */
  readonly boundAt: Date
}

/** A person by what cannot be read back, but can be found by whoever knows tenant and object id. */
export type PersonHash = `user-${string}`
type SidHash = `sid-${string}`

/** Under which index rows lie, so that whoever ends the row can find them without opening it. */
interface Indexed {
  readonly person: PersonHash
  readonly entraSession?: SidHash
}

export interface IndexRow extends RowKey {
  readonly endsAt: Date
}

/** In the index of a person: what their list of sessions shows. */
export interface UserIndexRow extends IndexRow {
  readonly createdAt: Date
  readonly device: string
}

export function sessionRow(
  ticket: Ticket,
  session: Session,
  random: (bytes: number) => Uint8Array,
): SessionRow {
  const { identity, createdAtMs, endsAtMs } = session
  return {
    partitionKey: ticket.id,
    rowKey: 'session',
    usedAt: new Date(createdAtMs),
    endsAt: new Date(endsAtMs),
    person: personHash(identity),
    ...(identity.sid === undefined ? {} : { entraSession: sidHash(identity.sid) }),
    ...sealRecord(ticket, 'session', { v: RECORD_VERSION, ...session }, random),
  }
}

/** The columns of a session row that hold its binding. One part is enough: a binding has a few hundred bytes. */
export function boundColumns(
  ticket: Ticket,
  binding: Binding,
  random: (bytes: number) => Uint8Array,
): BoundColumns {
  const { sealed0: device = new Uint8Array() } = sealRecord(
    ticket,
    'device',
    recordOfBinding(binding),
    random,
  )
  return { device, boundAt: new Date(binding.registeredAtMs) }
}

/** The binding in a session row: undefined where there is none, `broken` where it does not open. Throws `session/newer_record`. */
export function bindingIn(ticket: Ticket, { device }: Partial<BoundColumns>): Binding | 'broken' | undefined {
  if (device === undefined) return undefined
  const record = openRecord(ticket, 'device', { sealed0: device })
  return record === undefined ? 'broken' : bindingOfRecord(record)
}

/** The row of the person's tokens, and who may ask Entra for more of them. */
export type GrantRow = RowKey &
  SealedParts & { readonly leasedUntil?: Date; readonly leasedBy?: string; readonly askedAt?: Date }

/** Nobody holds its lease. */
export function grantRow(ticket: Ticket, grant: Grant, random: (bytes: number) => Uint8Array): GrantRow {
  const sealed = sealRecord(ticket, 'grant', { v: RECORD_VERSION, ...grant }, random)
  return { partitionKey: ticket.id, rowKey: 'grant', ...sealed }
}

export function indexRows({ id }: Ticket, { identity, createdAtMs, endsAtMs, device }: Session): IndexRow[] {
  const endsAt = new Date(endsAtMs)
  const ofUser: UserIndexRow = {
    ...indexKey(personHash(identity), id, endsAtMs),
    endsAt,
    createdAt: new Date(createdAtMs),
    device,
  }
  if (identity.sid === undefined) return [ofUser]
  return [ofUser, { ...indexKey(sidHash(identity.sid), id, endsAtMs), endsAt }]
}

/** Where the index rows of a session lie. */
export function indexKeys(
  id: string,
  { endsAt, person, entraSession }: Pick<SessionRow, 'endsAt'> & Partial<Indexed>,
): RowKey[] {
  return [person, entraSession]
    .filter((hash) => hash !== undefined)
    .map((hash) => indexKey(hash, id, endsAt.getTime()))
}

function indexKey(hash: PersonHash | SidHash, id: string, endsAtMs: number): RowKey {
  return { partitionKey: indexPartition(hash, endsAtMs), rowKey: `${hash}-${id}` }
}

/** Eight days: longer than the longest session, so that whoever is signed in is found in two slots, whatever the clocks. */
export const INDEX_SLOT_MS = 8 * 24 * 3_600_000
/** How far the clocks of two instances may be apart before one looks into the wrong slot. Milliseconds. */
const CLOCKS_APART_MS = 12 * 3_600_000

/**
 * Named after the end of the slot in which the sessions end, so that whatever still lies there then is a stray. One of 64 in each slot, by
 * the first character: enough to spread load, few enough to remove rows a hundred at a time.
 */
export function indexPartition(hash: PersonHash | SidHash, endsAtMs: number): string {
  const dash = hash.indexOf('-')
  const day = dayOf((Math.floor(endsAtMs / INDEX_SLOT_MS) + 1) * INDEX_SLOT_MS)
  return `${hash.slice(0, dash)}.${day}.${hash.charAt(dash + 1)}`
}

/** Where the index rows of sessions lie that have not ended now: in two partitions. */
export function indexPartitions(hash: PersonHash | SidHash, nowMs: number): string[] {
  const fromMs = nowMs - CLOCKS_APART_MS
  return [fromMs, fromMs + INDEX_SLOT_MS].map((ms) => indexPartition(hash, ms))
}

/** Partitions of the index in which every session has reached its absolute end. */
export function endedIndexes(kind: 'user' | 'sid', nowMs: number): KeyRange {
  return { from: `${kind}.`, before: `${kind}.${dayOf(nowMs - CLOCKS_APART_MS)}` }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

/** The session that an index row leads to. */
export function sessionIdOf({ rowKey }: RowKey): string {
  return rowKey.slice(rowKey.length - SESSION_ID_LENGTH)
}

const SESSION_ID_LENGTH = 43

/** Whether a text from outside has the form of a session id, so that it may be a key. */
export function isSessionId(text: string): boolean {
  return text.length === SESSION_ID_LENGTH && /^[\w-]+$/.test(text)
}

/** Of one Entra session. */
export function sidHash(sid: string): SidHash {
  return `sid-${base64url.encode(sha256(sid))}`
}

/** Of one person in one tenant. */
export function personHash({ tid, oid }: Pick<Identity, 'tid' | 'oid'>): PersonHash {
  return `user-${base64url.encode(sha256(`${tid}/${oid}`))}`
}

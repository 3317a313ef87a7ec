/**
 * The calendar of the table: each sign-in leaves one row under the time at which it has to be looked at again, so that the sweep reads what
 * is due and never what is stored. The same row marks the sign-in as spent, so that neither of the two can be there without the other. Pure.
 */
import type { SessionLimits } from './session.ts'
import type { KeyRange, RowKey } from './table.ts'

/** Rows of a quarter of an hour lie together: near enough to remove them together, far enough apart not to crowd one partition. */
const SLOT_MS = 15 * 60_000
/** After the start of a sign-in, when its answer has long come too late, by whatever clock. Milliseconds. */
const FIRST_LOOK_MS = 60 * 60_000
/** Partitions that the rows of one slot are spread over. */
export const SHARDS = 16

export interface DueRow extends RowKey {
  /** The sign-in's session, if it came to one. */
  readonly sessionId: string
}

/** What a transaction is known by that is spent once. */
export interface SpentTransaction {
  readonly markerId: string
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
}

/**
 * The row that a transaction is spent by, and the session it may lead to. Where it lies follows from the transaction alone, so that every
 * instance, whatever its settings and clock, writes the very same one.
 */
export function spentRow({ markerId, startedAtMs }: SpentTransaction, sessionId: string): DueRow {
  return dueRow(markerId, sessionId, startedAtMs + FIRST_LOOK_MS)
}

/** What becomes due at `atMs`. */
export function dueRow(markerId: string, sessionId: string, atMs: number): DueRow {
  return { partitionKey: duePartition(shardOf(markerId), atMs), rowKey: markerId, sessionId }
}

/** The partitions of a shard whose time has come altogether. */
export function dueRange(shard: number, nowMs: number): KeyRange {
  return { from: `due-${hex(shard)}-`, before: duePartition(shard, nowMs) }
}

/**
 * When to look next at a session that is still in use: when it will have ended if it is not used again, and not before it is twice as old,
 * so that a long one is looked at a few times only; at its absolute end at the latest. Milliseconds since the epoch.
 */
export function nextLook(
  { createdAtMs, usedAtMs, endsAtMs }: { createdAtMs: number; usedAtMs: number; endsAtMs: number },
  { idleMs }: Pick<SessionLimits, 'idleMs'>,
  nowMs: number,
): number {
  return Math.min(endsAtMs, Math.max(usedAtMs + idleMs, nowMs + (nowMs - createdAtMs)))
}

/** Named after the end of its slot, so that what lies in it is due when its name has come. */
function duePartition(shard: number, atMs: number): string {
  const slotEnd = new Date((Math.floor(atMs / SLOT_MS) + 1) * SLOT_MS)
  return `due-${hex(shard)}-${slotEnd.toISOString().slice(0, 16)}`
}

function shardOf(markerId: string): number {
  return (markerId.charCodeAt(0) + markerId.charCodeAt(1)) % SHARDS
}

function hex(shard: number): string {
  return shard.toString(16)
}

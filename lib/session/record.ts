/**
 * A record as it lies in a row: JSON, sealed with the key that only the browser keeps and for the one place it belongs to, cut into parts
 * that a binary property can hold. Pure but for the nonce.
 */
import { open, seal } from '../base/crypto.ts'
import type { Ticket } from './ticket.ts'

/** A binary property holds 64 KiB; a record with large tokens takes several. */
const PART_BYTES = 60_000

/** The records of one session, each sealed for itself: what is sealed for one place opens in no other. */
export type Place = 'session' | 'grant' | 'device'

export type SealedParts = { readonly [part: `sealed${number}`]: Uint8Array }

export function sealRecord(
  { id, rowKey }: Ticket,
  place: Place,
  record: object,
  random: (bytes: number) => Uint8Array,
): SealedParts {
  const plaintext = new TextEncoder().encode(JSON.stringify(record))
  const sealed = seal(rowKey, plaintext, contextOf(place, id), random)
  const parts: Record<`sealed${number}`, Uint8Array> = {}
  for (let i = 0; i * PART_BYTES < sealed.length; i += 1)
    parts[`sealed${i}`] = sealed.subarray(i * PART_BYTES, (i + 1) * PART_BYTES)
  return parts
}

/** The record in a row, or undefined when it was not sealed with this ticket or not for this place. */
export function openRecord({ id, rowKey }: Ticket, place: Place, row: SealedParts): unknown {
  const sealed: Uint8Array[] = []
  for (let part = row.sealed0; part instanceof Uint8Array; part = row[`sealed${sealed.length}`])
    sealed.push(part)
  const plaintext = open(rowKey, new Uint8Array(Buffer.concat(sealed)), contextOf(place, id))
  return plaintext === undefined ? undefined : JSON.parse(new TextDecoder().decode(plaintext))
}

function contextOf(place: Place, id: string): string {
  return `signet ${place} ${id}`
}

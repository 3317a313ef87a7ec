/** A session as the build before wrote and read it (version 1): one row with the tokens in it, and an index partition for each index row. */
import { open, seal } from '../../lib/base/crypto.ts'
import type { Session } from '../../lib/session/session.ts'
import type { Ticket } from '../../lib/session/ticket.ts'
import type { TableRow } from './sessionRows.ts'

interface FormerTokens {
  readonly accessToken: string
  readonly accessTokenExpiresAtMs: number
  readonly refreshToken?: string
}

export type FormerSession = Pick<Session, 'identity' | 'proof' | 'createdAtMs' | 'endsAtMs'> & {
  readonly tokens: FormerTokens
}

const contextOf = (id: string): string => `signet session ${id}`

/** The rows of one, ready to be inserted. */
export function formerRows(
  { id, rowKey }: Ticket,
  session: FormerSession,
  random: (bytes: number) => Uint8Array,
): (TableRow & { readonly endsAt: Date })[] {
  const [userIndex, endsAt] = ['user-former-hash-of-the-person', new Date(session.endsAtMs)]
  const plaintext = new TextEncoder().encode(JSON.stringify(session))
  const row = {
    partitionKey: id,
    rowKey: 'session',
    usedAt: new Date(session.createdAtMs),
    endsAt,
    userIndex,
    sealed0: seal(rowKey, plaintext, contextOf(id), random),
  }
  return [row, { partitionKey: userIndex, rowKey: id, endsAt }]
}

/** What the build before makes of a session row: it takes every member for granted. */
export function readAsFormer({ id, rowKey }: Ticket, row: TableRow): FormerSession {
  const sealed = row.sealed0
  if (!(sealed instanceof Uint8Array)) throw new TypeError('no sealed record')
  const plaintext = open(rowKey, sealed, contextOf(id))
  if (plaintext === undefined) throw new TypeError('does not open')
  const { identity, tokens, proof, createdAtMs, endsAtMs } = JSON.parse(new TextDecoder().decode(plaintext))
  const { accessToken, accessTokenExpiresAtMs } = tokens
  return { identity, tokens: { accessToken, accessTokenExpiresAtMs }, proof, createdAtMs, endsAtMs }
}

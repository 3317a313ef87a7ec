/**
 * The session cookie's value: 32 random bytes from which the browser alone holds the key to its own row. The table knows the
 * lookup id and ciphertext; neither leads back to the ticket.
 */
import { base64url, derive } from '../crypto.ts'

const SECRET_BYTES = 32

export interface Ticket {
  /** Partition key of the session row. */
  readonly id: string
  /** AES-256 key of the row. */
  readonly rowKey: Uint8Array
}

/** A fresh session secret as the cookie carries it. */
export function newSessionSecret(random: (bytes: number) => Uint8Array): string {
  return base64url.encode(random(SECRET_BYTES))
}

/** Row id and row key of a session secret; undefined where the cookie's value is none. */
export function openTicket(secretText: string): Ticket | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(secretText)) return undefined
  const secret = base64url.decode(secretText)
  return { id: base64url.encode(derive(secret, 'session/id', 32)), rowKey: derive(secret, 'session/row', 32) }
}

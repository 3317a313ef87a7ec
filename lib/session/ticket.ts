/**
 * The session cookie's value: 32 random bytes from which the browser alone holds the key to its own row. The table knows the
 * lookup id and ciphertext; neither leads back to the ticket.
 */
import { base64url, derive, sha256 } from '../base/crypto.ts'

const SECRET_BYTES = 32

export interface Ticket {
  /** The value of the cookie: 32 bytes, base64url. */
  readonly secret: string
  /** Partition key of the session row. */
  readonly id: string
  /** AES-256 key of the row. */
  readonly rowKey: Uint8Array
  /** Shows that somebody had the cookie, where the cookie itself does not come. It ends the session and opens nothing. */
  readonly endProof: string
}

/** The ticket of a new session. */
export function newTicket(random: (bytes: number) => Uint8Array): Ticket {
  return ticketOf(random(SECRET_BYTES))
}

/** The ticket of a cookie's value; undefined where the value is none of ours. */
export function openTicket(cookieValue: string): Ticket | undefined {
  const secret = base64url.decode(cookieValue)
  return secret?.length === SECRET_BYTES ? ticketOf(secret) : undefined
}

/** The session that a proof may end. The id is a hash of the proof: whoever reads the table can end no session. */
export function idOfEndProof(endProof: string): string {
  return base64url.encode(sha256(endProof))
}

function ticketOf(secret: Uint8Array): Ticket {
  const endProof = base64url.encode(derive(secret, 'session/end', 32))
  return {
    secret: base64url.encode(secret),
    id: idOfEndProof(endProof),
    rowKey: derive(secret, 'session/row', 32),
    endProof,
  }
}

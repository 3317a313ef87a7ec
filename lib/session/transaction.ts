/**
 * One sign-in in flight. The browser keeps 32 random bytes in a cookie; state key, nonce, PKCE verifier and the id of the single-use
 * marker are all derived from them. `state` is a JWE under a key of its own, so nobody but this browser can make, read or use it, and the
 * server keeps nothing until the answer comes. This browser can: whoever picks the secret may seal what they like. Once the sign-in is done the cookie
 * says so until it expires: an answer posted again, by the back button or an impatient hand, is then known for what it is.
 */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { base64url, derive } from '../base/crypto.ts'
import type { SignInWishes } from '../entra/authorizationRequest.ts'

/** How long an answer is accepted, and the transaction cookie kept. Milliseconds. */
export const TRANSACTION_MS = 15 * 60_000
const SECRET_BYTES = 32
const STATE_VERSION = 1
const DONE = 'done-'

/** What travels in `state`, encrypted. */
export interface TransactionState {
  readonly returnTo: string
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
  readonly wishes: SignInWishes
  /** How often this sign-in was restarted without the person asking. */
  readonly restarts: number
  /** Proof of the session cookie that the browser had when it started. The answer comes without its cookie, being posted by another site. */
  readonly replaces?: string | undefined
}

/** A transaction secret and everything that follows from it. */
export interface TransactionKeys {
  /** The value of the cookie: 32 bytes, base64url. */
  readonly secret: string
  /** Names the cookie and the `kid` of the state; says nothing about the secret. */
  readonly handle: string
  /** Row of the single-use marker. */
  readonly markerId: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly stateKey: Uint8Array
}

/** A new transaction. */
export function newTransaction(random: (bytes: number) => Uint8Array): TransactionKeys {
  return keysOf(random(SECRET_BYTES))
}

/** The transaction of a cookie's value, done or not; undefined where the value is none of ours. */
export function openTransaction(cookieValue: string): TransactionKeys | undefined {
  const secret = base64url.decode(isDone(cookieValue) ? cookieValue.slice(DONE.length) : cookieValue)
  return secret?.length === SECRET_BYTES ? keysOf(secret) : undefined
}

/** True for the cookie's value of a sign-in that has become a session. */
export function isDone(cookieValue: string): boolean {
  return cookieValue.length > 43 && cookieValue.startsWith(DONE)
}

/** The cookie's value from the moment the session is there. */
export function doneValue({ secret }: TransactionKeys): string {
  return `${DONE}${secret}`
}

function keysOf(secret: Uint8Array): TransactionKeys {
  const text = (purpose: string, bytes: number): string =>
    base64url.encode(derive(secret, `transaction/${purpose}`, bytes))
  return {
    secret: base64url.encode(secret),
    handle: text('handle', 9),
    markerId: text('marker', 32),
    nonce: text('nonce', 32),
    codeVerifier: text('verifier', 32),
    stateKey: derive(secret, 'transaction/state', 32),
  }
}

/** The `state` parameter: a compact JWE (RFC 7516, `dir` with `A256GCM`) under the transaction's own key. */
export async function sealState(keys: TransactionKeys, state: TransactionState): Promise<string> {
  const plaintext = new TextEncoder().encode(JSON.stringify({ v: STATE_VERSION, ...state }))
  return new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: keys.handle })
    .encrypt(keys.stateKey)
}

/** The handle a state names, before it is opened: it says which cookie to look for. */
export function handleOf(state: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(state)
    return typeof kid === 'string' && /^[A-Za-z0-9_-]{12}$/.test(kid) ? kid : undefined
  } catch {
    return undefined
  }
}

/** The state, or undefined when it was not sealed by the transaction of this cookie. */
export async function openState(keys: TransactionKeys, state: string): Promise<TransactionState | undefined> {
  if (!state.split('.').every(isCanonical)) return undefined
  try {
    const { plaintext } = await compactDecrypt(state, keys.stateKey, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    const { v, ...opened } = JSON.parse(new TextDecoder().decode(plaintext))
    return v === STATE_VERSION ? opened : undefined
  } catch {
    return undefined
  }
}

/** Base64url spells some values in several ways, where bits are left over; only one of them is what we wrote. */
function isCanonical(segment: string): boolean {
  return base64url.decode(segment) !== undefined
}

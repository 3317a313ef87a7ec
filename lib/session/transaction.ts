/**
 * One sign-in in flight. The browser keeps 32 random bytes in a cookie; state key, nonce, PKCE verifier and the id of the single-use
 * marker are all derived from them. `state` is a JWE that only this cookie opens, so it cannot be forged, read on
 * the way, or moved to another browser, and the server keeps nothing until the answer comes.
 */
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose'
import { base64url, derive } from '../crypto.ts'
import type { SignInWishes } from '../entra/authorizationRequest.ts'

/** How long an answer is accepted, and the transaction cookie kept. Milliseconds. */
export const TRANSACTION_MS = 15 * 60_000
const SECRET_BYTES = 32
const STATE_VERSION = 1

/** What travels in `state`, encrypted. */
export interface TransactionState {
  readonly returnTo: string
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
  readonly wishes: SignInWishes
  /** How often this sign-in was restarted without the person asking. */
  readonly restarts: number
  /** Id of the session that the browser had when it started. The answer comes without its cookie, being posted by another site. */
  readonly replaces?: string | undefined
}

export interface TransactionKeys {
  /** Names the cookie and the `kid` of the state; says nothing about the secret. */
  readonly handle: string
  /** Row of the single-use marker. */
  readonly markerId: string
  readonly nonce: string
  readonly codeVerifier: string
  readonly stateKey: Uint8Array
}

/** A fresh transaction secret as the cookie carries it. */
export function newTransactionSecret(random: (bytes: number) => Uint8Array): string {
  return base64url.encode(random(SECRET_BYTES))
}

/** Everything that follows from a transaction secret; undefined where the cookie's value is none. */
export function transactionKeys(secretText: string): TransactionKeys | undefined {
  if (!/^[A-Za-z0-9_-]{43}$/.test(secretText)) return undefined
  const secret = base64url.decode(secretText)
  const text = (purpose: string, bytes: number): string =>
    base64url.encode(derive(secret, `transaction/${purpose}`, bytes))
  return {
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
  return base64url.encode(base64url.decode(segment)) === segment
}

/**
 * One sign-in in flight. The browser keeps 32 random bytes in a cookie; state key, nonce, PKCE verifier and the id of the single-use
 * marker are all derived from them. `state` is sealed under a key of its own, so nobody but this browser can make, read or use it, and
 * the server keeps nothing until the answer comes. This browser can: whoever picks a secret may seal what they like, so what comes out
 * of a state is read like anything else from outside. Once an answer came the cookie says so until it expires: the same answer again,
 * by the back button or an impatient hand, is then known for what it is, and sign-ins that go round in circles can be counted.
 */
import { base64url, derive, open, seal } from '../base/crypto.ts'

/** How long an answer is accepted. Milliseconds. */
export const TRANSACTION_MS = 15 * 60_000
/**
 * How long the cookie is kept: past the time for an answer, so that somebody who comes back from lunch is known, and brought where they
 * were going. Whoever takes longer starts at the start page; the cookies are sent with every request, so they are not kept for good.
 */
export const TRANSACTION_COOKIE_MS = 60 * 60_000
/** How often a sign-in is started anew without the person asking. */
export const MOST_RESTARTS = 1
/** How far the clocks of two instances may be apart. */
const CLOCK_TOLERANCE_MS = 60_000
const SECRET_BYTES = 32
const STATE_VERSION = 2
const COOKIE = /^(?:(done|again)-(\d{13})-)?([\w-]{43})$/
/** A state of ours travels to Entra inside an address of so many characters at most. */
const LONGEST_STATE = 4_096
const STATE = /^([\w-]{12})\.(\d)\.([\w-]+)$/

/** What a state holds, once its form is checked; whether the link is a good one is for whoever reads links to say. */
export interface TransactionState {
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number
  /** The link that started it: parameters of `/auth/login` by name. */
  readonly link: Readonly<Record<string, string>>
  /**
   * Proof of the session cookie that the browser had when it started, for the new session replaces that one. The answer comes without
   * the cookie, being posted by another site.
   */
  readonly replaces?: string | undefined
}

/** A `state` from outside, not opened yet: which cookie to look for, and what may be done where there is none. */
export interface SealedState {
  readonly handle: string
  readonly restarts: number
  readonly sealed: string
}

/** What became of a sign-in: it is a session (`done`), or was started anew (`again`). */
export interface Outcome {
  readonly kind: 'done' | 'again'
  /** Milliseconds since the epoch. */
  readonly atMs: number
}

/** A transaction secret and everything that follows from it. */
export interface TransactionKeys {
  /** The value of the cookie: 32 bytes, base64url. */
  readonly secret: string
  /** Names the cookie, in the state as well; says nothing about the secret. */
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

/** The transaction of a cookie's value, whatever became of it; undefined where the value is none of ours. */
export function openTransaction(cookieValue: string): TransactionKeys | undefined {
  const secret = base64url.decode(COOKIE.exec(cookieValue)?.[3] ?? '')
  return secret?.length === SECRET_BYTES ? keysOf(secret) : undefined
}

/** What became of the sign-in, by its cookie's value; undefined while it is in flight. */
export function outcomeOf(cookieValue: string): Outcome | undefined {
  const [, kind, atMs] = COOKIE.exec(cookieValue) ?? []
  return kind === 'done' || kind === 'again' ? { kind, atMs: Number(atMs) } : undefined
}

/** The cookie's value from the moment that an answer came. */
export function answeredValue({ secret }: TransactionKeys, { kind, atMs }: Outcome): string {
  return `${kind}-${String(Math.floor(atMs)).padStart(13, '0')}-${secret}`
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

/** The `state` parameter: handle and number of restarts in the clear, bound to the rest, which is sealed. */
export function sealState(
  keys: TransactionKeys,
  restarts: number,
  state: TransactionState,
  random: (bytes: number) => Uint8Array,
): string {
  const plaintext = new TextEncoder().encode(JSON.stringify({ v: STATE_VERSION, ...state }))
  const sealed = seal(keys.stateKey, plaintext, stateContext(keys.handle, restarts), random)
  return `${keys.handle}.${restarts}.${base64url.encode(sealed)}`
}

/** A `state` taken apart; undefined where it is none of ours. By itself it proves nothing. */
export function parseState(state: string): SealedState | undefined {
  const [, handle = '', digit = '', sealed = ''] = (state.length <= LONGEST_STATE && STATE.exec(state)) || []
  const restarts = Number(digit)
  return handle !== '' && restarts <= MOST_RESTARTS ? { handle, restarts, sealed } : undefined
}

/**
 * What a state holds, or undefined when it was not sealed by the transaction of this cookie, or not by us: a start that is still to
 * come would keep its marker for as long as its maker likes.
 */
export function openState(
  keys: TransactionKeys,
  { handle, restarts, sealed }: SealedState,
  nowMs: number,
): TransactionState | undefined {
  const bytes = base64url.decode(sealed)
  const plaintext = bytes && open(keys.stateKey, bytes, stateContext(handle, restarts))
  return plaintext && readState(parseJson(plaintext), nowMs)
}

function stateContext(handle: string, restarts: number): string {
  return `signet state ${handle} ${restarts}`
}

function readState(content: unknown, nowMs: number): TransactionState | undefined {
  if (!isRecord(content)) return undefined
  const { v, startedAtMs, link, replaces } = content
  if (v !== STATE_VERSION || !isRecord(link)) return undefined
  if (!isMoment(startedAtMs) || startedAtMs > nowMs + CLOCK_TOLERANCE_MS) return undefined
  if (!Object.values(link).every((value) => typeof value === 'string')) return undefined
  if (replaces !== undefined && typeof replaces !== 'string') return undefined
  return { startedAtMs, link: link as Record<string, string>, replaces }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isMoment(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

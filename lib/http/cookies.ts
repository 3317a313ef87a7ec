/**
 * Our two cookies, read from a hostile header and written with the same attributes every time: a `__Host-` cookie that is deleted
 * without them stays.
 */
import { isDone, TRANSACTION_MS } from '../session/transaction.ts'

export interface SetCookie {
  readonly name: string
  readonly value: string
  readonly secure: true
  readonly httpOnly: true
  readonly path: '/'
  readonly sameSite: 'Lax' | 'None'
  /** Seconds; absent means until the browser closes, 0 deletes. */
  readonly maxAge?: number
}

export const SESSION_COOKIE = '__Host-signet'
export const TRANSACTION_COOKIE = '__Host-signet-tx-'
/** Transactions that one browser keeps. */
export const MOST_TRANSACTIONS = 5
const LONGEST_HEADER = 16_384
const VALUE = /^[A-Za-z0-9_-]{1,64}$/

/** The cookies that are ours, in the browser's order (oldest first). What is no value of ours, or comes twice, reads as ''. */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  if (header === null || header.length > LONGEST_HEADER) return cookies
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    const name = pair.slice(0, equals).trim()
    if (equals < 0 || (name !== SESSION_COOKIE && !isTransactionCookie(name))) continue
    const value = pair.slice(equals + 1).trim()
    const known = cookies.get(name)
    cookies.set(name, VALUE.test(value) && (known === undefined || known === value) ? value : '')
  }
  return cookies
}

export function isTransactionCookie(name: string): boolean {
  return (
    name.startsWith(TRANSACTION_COOKIE) && /^[A-Za-z0-9_-]{12}$/.test(name.slice(TRANSACTION_COOKIE.length))
  )
}

/** The names of transaction cookies whose sign-in is done, oldest first. */
export function doneTransactions(cookies: ReadonlyMap<string, string>): string[] {
  return [...cookies]
    .filter(([name, value]) => isTransactionCookie(name) && isDone(value))
    .map(([name]) => name)
}

/** Until the browser closes; not sent along when another site posts or embeds. */
export function sessionCookie(value: string): SetCookie {
  return { name: SESSION_COOKIE, value, secure: true, httpOnly: true, path: '/', sameSite: 'Lax' }
}

/** SameSite=None, because Entra's form_post is a post from another site. */
export function transactionCookie(handle: string, value: string): SetCookie {
  const name = `${TRANSACTION_COOKIE}${handle}`
  const maxAge = TRANSACTION_MS / 1_000
  return { name, value, secure: true, httpOnly: true, path: '/', sameSite: 'None', maxAge }
}

/** The cookie that removes the one of this name. */
export function expiredCookie(name: string): SetCookie {
  const sameSite = name === SESSION_COOKIE ? 'Lax' : 'None'
  return { name, value: '', secure: true, httpOnly: true, path: '/', sameSite, maxAge: 0 }
}

/**
 * Our three cookies, read from a hostile header and written with the same attributes every time: a `__Host-` cookie that is deleted
 * without them stays.
 */
import { COOKIE_MS, MARGIN_MS } from '../device/boundCookie.ts'
import { AppError } from '../errors/appError.ts'
import { outcomeOf, TRANSACTION_COOKIE_MS } from '../session/transaction.ts'

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
export const DEVICE_COOKIE = '__Host-signet-device'
export const TRANSACTION_COOKIE = '__Host-signet-tx-'
/** Transactions that one browser keeps: enough for whoever opens twenty links at once. */
export const MOST_TRANSACTIONS = 20
/** As much as a host admits of all headers together. Characters. */
const LONGEST_HEADER = 32_768
const VALUE = /^[A-Za-z0-9_-]{1,64}$/

/**
 * The cookies that are ours, in the browser's order (oldest first). What is no value of ours, or comes with two values, reads as ''.
 *
 * Names are compared byte for byte once SP and HTAB are off (RFC 6265 sections 4.2.1 and 5.2), and nothing else is taken off: a host
 * below the same domain may set any name but one that begins with `__Host-`, and what looks like ours to a more generous reader is
 * such a name with U+00A0 or a vertical tab before it.
 *
 * A host joins two Cookie fields by a comma. That comma is a separator after a value of ours, which holds none. After anybody else's
 * it may as well be part of the value, for browsers send such values, and what follows may be a session that its owner put there:
 * then it counts as part of the value, and whoever's cookie came second is signed out rather than signed in as somebody else.
 *
 * Throws `http/headers_too_large` rather than take a person for signed out.
 */
export function parseCookies(header: string | null): ReadonlyMap<string, string> {
  if (header !== null && header.length > LONGEST_HEADER) throw new AppError('http/headers_too_large')
  const cookies = new Map<string, string>()
  for (const [name, value] of (header ?? '').split(';').flatMap(ownPairs)) {
    const known = cookies.get(name)
    cookies.set(name, VALUE.test(value) && (known === undefined || known === value) ? value : '')
  }
  return cookies
}

/** The pairs of ours in what stands between two semicolons: more than one only where fields were joined. */
function ownPairs(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (let rest: string | undefined = text; rest !== undefined; ) {
    const equals: number = rest.indexOf('=')
    const name = stripBlanks(rest.slice(0, equals))
    if (equals < 0 || !isOurs(name)) break
    const comma = rest.indexOf(',', equals)
    pairs.push([name, stripBlanks(rest.slice(equals + 1, comma < 0 ? undefined : comma))])
    rest = comma < 0 ? undefined : rest.slice(comma + 1)
  }
  return pairs
}

function isOurs(name: string): boolean {
  return name === SESSION_COOKIE || name === DEVICE_COOKIE || isTransactionCookie(name)
}

/** Without the SP and HTAB around it; in one pass, for a header may hold thirty thousand of them. */
function stripBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === ' ' || text[at] === '\t'
  let start = 0
  let end = text.length
  while (isBlank(start)) start += 1
  while (isBlank(end - 1)) end -= 1
  return text.slice(start, end)
}

export function isTransactionCookie(name: string): boolean {
  return (
    name.startsWith(TRANSACTION_COOKIE) && /^[A-Za-z0-9_-]{12}$/.test(name.slice(TRANSACTION_COOKIE.length))
  )
}

/** The sign-ins that an answer came for, oldest first: the name of each one's cookie, and when that was. */
export function answeredTransactions(cookies: ReadonlyMap<string, string>): { name: string; atMs: number }[] {
  return [...cookies].flatMap(([name, value]) => {
    const outcome = isTransactionCookie(name) ? outcomeOf(value) : undefined
    return outcome === undefined ? [] : [{ name, atMs: outcome.atMs }]
  })
}

/** Until the browser closes; not sent along when another site posts or embeds. */
export function sessionCookie(value: string): SetCookie {
  return { name: SESSION_COOKIE, value, secure: true, httpOnly: true, path: '/', sameSite: 'Lax' }
}

/** Of a session that is bound to its device; the browser gets the next one before this runs out. */
export function deviceCookie(value: string): SetCookie {
  const maxAge = (COOKIE_MS - MARGIN_MS) / 1_000
  return { name: DEVICE_COOKIE, value, secure: true, httpOnly: true, path: '/', sameSite: 'Lax', maxAge }
}

/** The attributes of that cookie as a browser is told to expect them. */
export const DEVICE_COOKIE_ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** SameSite=None, because Entra's form_post is a post from another site. */
export function transactionCookie(handle: string, value: string): SetCookie {
  const name = `${TRANSACTION_COOKIE}${handle}`
  const maxAge = TRANSACTION_COOKIE_MS / 1_000
  return { name, value, secure: true, httpOnly: true, path: '/', sameSite: 'None', maxAge }
}

/** The cookie that removes the one of this name. */
export function expiredCookie(name: string): SetCookie {
  const sameSite = isTransactionCookie(name) ? 'None' : 'Lax'
  return { name, value: '', secure: true, httpOnly: true, path: '/', sameSite, maxAge: 0 }
}

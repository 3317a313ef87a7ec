/**
 * A reply as the platform's response: whole, and checked against what worker and host can send on. They would turn anything else
 * into an empty 500, after the request was logged as done.
 */
import { AppError } from '../errors/appError.ts'
import type { SetCookie } from './cookies.ts'
import type { Reply } from './reply.ts'
import type { WholeReply } from './wholeResponse.ts'

/** Sent with every response; nothing overrides them. */
export const ALWAYS = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const
/** What our own answers have besides, and what is passed on where it has none. */
export const SECURITY_HEADERS = {
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const
const OWN_HEADERS = { 'cache-control': 'no-store', ...ALWAYS, ...SECURITY_HEADERS } as const
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'"

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
/** The host sends no header beyond ASCII, though the Fetch standard would take Latin-1. */
const SENDABLE = /^[\t\x20-\x7e]*$/
/** Written by the host alone; cookies have an array of their own, because here all but the last would be lost. */
const OF_THE_HOST = new Set(['connection', 'content-length', 'set-cookie', 'transfer-encoding'])
/** Statuses without a body (Fetch standard, null body status). */
const BODILESS = new Set([204, 205, 304])

interface Sent {
  readonly correlationId: string
  readonly method: string
}

/** Throws `bug/unexpected` for a reply that could not be sent; the detail says which part, and no value. */
export function platformResponse(reply: Reply, { correlationId, method }: Sent): WholeReply {
  const { status, cookies = [] } = reply
  const { headers: ofBody, content } = contentOf(reply.body)
  const headers = {
    ...(reply.body?.kind === 'passed' ? {} : OWN_HEADERS),
    'x-correlation-id': correlationId,
    ...ofBody,
    ...reply.headers,
  }
  requireSendable(Number.isInteger(status) && status >= 200 && status <= 599, 'status')
  for (const [name, value] of Object.entries(headers)) requireSendableHeader(name, value)
  for (const cookie of cookies) requireSendableCookie(cookie)
  const isBodiless = content === undefined || method === 'HEAD' || BODILESS.has(status)
  return {
    status,
    headers,
    cookies: cookies.map((cookie) => ({ ...cookie })),
    ...(isBodiless ? {} : { body: content }),
  }
}

function requireSendable(is: boolean, part: string): void {
  if (!is) throw new AppError('bug/unexpected', { detail: `a reply that cannot be sent: ${part}` })
}

function requireSendableHeader(name: string, value: unknown): void {
  requireSendable(TOKEN.test(name) && !OF_THE_HOST.has(name.toLowerCase()), 'the name of a header')
  requireSendable(typeof value === 'string' && SENDABLE.test(value), `header ${name}`)
}

/** Values need no encoding; each HTTP mode of the host has its own. */
function requireSendableCookie({ name, value, maxAge = 0 }: SetCookie): void {
  requireSendable(TOKEN.test(name), 'the name of a cookie')
  requireSendable(/^[\w-]*$/.test(value) && Number.isInteger(maxAge), `cookie ${name}`)
}

interface Content {
  readonly headers: Readonly<Record<string, string>>
  readonly content?: string | Uint8Array<ArrayBuffer>
}

function contentOf(body: Reply['body']): Content {
  if (body === undefined) return { headers: { 'content-security-policy': NOTHING_ALLOWED } }
  if (body.kind === 'json') {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-security-policy': `${NOTHING_ALLOWED}; sandbox`,
    }
    return { headers, content: jsonOf(body.value) }
  }
  if (body.kind === 'passed') return { headers: {}, content: body.bytes }
  if (body.kind === 'bytes') {
    return { headers: { 'content-security-policy': `${NOTHING_ALLOWED}; sandbox` }, content: body.bytes }
  }
  if (body.kind === 'page') {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': body.page.contentSecurityPolicy,
    }
    return { headers, content: body.page.html }
  }
  const policy = `default-src 'none'; frame-ancestors ${body.frameAncestor}`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cross-origin-resource-policy': 'cross-origin',
  }
  return { headers, content: '' }
}

/** `JSON.stringify` gives undefined for what JSON has no word for, and throws for what goes round in a circle. */
function jsonOf(value: unknown): string {
  const text: string | undefined = JSON.stringify(value)
  requireSendable(text !== undefined, 'JSON')
  return text ?? ''
}

/**
 * `fetch` as far as this app needs it, over Node's own HTTP client, which does less for each request than the global one and is loaded before the first.
 * No redirect is followed; a content coding is taken off, as `fetch` does, and what `isDecoded` tells could not be. The global `fetch` can stand in for it anywhere.
 */
import type { IncomingMessage } from 'node:http'
import { pipeline, type Readable, type Transform } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { sendRequest } from './httpRequest.ts'

/** The part of a request's `init` that is used. */
export interface FetchAsk {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer> | URLSearchParams
  /** Never followed, whatever it says. */
  readonly redirect?: 'manual'
  readonly signal?: AbortSignal
}

/** The part of a `Response` that is used. */
export interface FetchAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  readonly body: AsyncIterable<Uint8Array> | null
}

export interface AnswerHeaders extends Iterable<[string, string]> {
  get(name: string): string | null
  has(name: string): boolean
}

export type Fetch = (url: string, ask?: FetchAsk) => Promise<FetchAnswer>

const ALWAYS_SENT = { accept: '*/*', 'user-agent': 'node' } as const
const FORM = 'application/x-www-form-urlencoded;charset=UTF-8'
/** Statuses without a body (Fetch standard, null body status). */
const BODILESS = new Set([101, 204, 205, 304])

/** Rejects where there is no answer. */
export const plainFetch: Fetch = async (url, { method = 'GET', headers = {}, body, signal } = {}) => {
  const isForm = body instanceof URLSearchParams
  const sent = {
    method,
    headers: { ...ALWAYS_SENT, ...(isForm ? { 'content-type': FORM } : {}), ...headers },
    body: isForm ? body.toString() : body,
    signal,
  }
  return answerOf(await sendRequest(url, sent).answer, method)
}

function answerOf(message: IncomingMessage, method: string): FetchAnswer {
  const { statusCode: status = 0 } = message
  const headers = headersOf(message)
  if (method !== 'HEAD' && !BODILESS.has(status))
    return { status, headers, body: decoded(message, headers.get('content-encoding')) }
  message.resume()
  return { status, headers, body: null }
}

function headersOf({ headers }: IncomingMessage): AnswerHeaders {
  const textOf = (name: string): string | undefined => {
    const value = headers[name.toLowerCase()]
    return typeof value === 'object' ? value.join(', ') : value
  }
  return {
    get: (name) => textOf(name) ?? null,
    has: (name) => headers[name.toLowerCase()] !== undefined,
    *[Symbol.iterator]() {
      for (const name of Object.keys(headers)) yield [name, textOf(name) ?? '']
    },
  }
}

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

/** Codings of one answer that are taken off; each costs memory, and more than one is already odd. */
const MOST_CODINGS = 5

/**
 * Whether the body's bytes are those that were meant. Where a coding stands in the header that nobody here can take off, they are as they came:
 * who passes the bytes on must not call them plain.
 */
export function isDecoded({ headers, body }: Pick<FetchAnswer, 'headers' | 'body'>): boolean {
  return body === null || decodersOf(headers.get('content-encoding')) !== undefined
}

function decoded(message: Readable, coding: string | null): Readable {
  const decoders = decodersOf(coding) ?? []
  return decoders.reduce<Readable>((body, decoder) => pipeline(body, decoder(), () => undefined), message)
}

/**
 * What takes these codings off, in its order: they were applied in the order in which they are named (RFC 9110 section 8.4). Undefined where one is
 * not known, or there are too many. `identity` and an empty name are none.
 */
function decodersOf(coding: string | null): readonly (() => Transform)[] | undefined {
  const names = (coding ?? '').split(',').map((name) => name.trim().toLowerCase())
  const applied = names.filter((name) => name !== '' && name !== 'identity')
  const decoders = applied.reverse().flatMap((name) => DECODERS.get(name) ?? [])
  return decoders.length === applied.length && applied.length <= MOST_CODINGS ? decoders : undefined
}

/**
 * A request as handlers see it: the parts that may be believed. Host, scheme, forwarded headers and the platform's own identity
 * headers are never read; anybody can send them.
 */
import { AppError } from '../errors/appError.ts'
import { parseCookies } from './cookies.ts'

/** The part of the platform's request that is used; the web's own Request has it too. */
export interface PlatformRequest {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}

export interface SignetRequest {
  readonly method: string
  /** As it came, percent-encoding and all. */
  readonly path: string
  readonly query: URLSearchParams
  /** The query as it came, with its question mark; empty where there is none. */
  readonly search: string
  readonly cookies: ReadonlyMap<string, string>
  readonly correlationId: string
  /** True where a person waits for a page, rather than a script for JSON. */
  readonly wantsPage: boolean
  header(name: string): string | undefined
  /** The body unread, to be passed on. */
  readonly body: PlatformRequest['body']
  /** The form in the body. Throws `http/unsupported_media_type`, `http/body_too_large`. */
  readForm(): Promise<URLSearchParams>
}

const LONGEST_FORM = 65_536

export function signetRequest(platform: PlatformRequest, correlationId: string): SignetRequest {
  const { pathname, search, searchParams } = new URL(platform.url)
  const header = (name: string): string | undefined => platform.headers.get(name) ?? undefined
  return {
    method: platform.method.toUpperCase(),
    path: pathname,
    query: searchParams,
    search,
    body: platform.body,
    cookies: parseCookies(platform.headers.get('cookie')),
    correlationId,
    wantsPage: header('sec-fetch-dest') === 'document' || /\btext\/html\b/i.test(header('accept') ?? ''),
    header,
    async readForm() {
      if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(header('content-type') ?? '')) {
        throw new AppError('http/unsupported_media_type')
      }
      return new URLSearchParams(await readText(platform.body))
    },
  }
}

/** Reads to the end, though it keeps no more than fits: to stop half-way would cut the connection before the answer is out. */
async function readText(body: PlatformRequest['body']): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length <= LONGEST_FORM) chunks.push(chunk)
  }
  if (length > LONGEST_FORM) throw new AppError('http/body_too_large')
  return Buffer.concat(chunks).toString('utf8')
}

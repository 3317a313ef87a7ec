/**
 * A request as handlers see it: the parts that may be believed. Host, scheme, forwarded headers and the platform's own identity
 * headers are never read; anybody can send them.
 */
import { AppError } from '../errors/appError.ts'
import { parseCookies } from './cookies.ts'
import { type BodySource, judgeBody, LONGEST_FORM, readBody } from './requestBody.ts'

/** The part of the platform's request that is used; the web's own Request has it too. */
export interface PlatformRequest extends BodySource {
  readonly url: string
  readonly headers: { get(name: string): string | null; keys(): Iterable<string> }
  /** The values of the route, percent-decoded once. */
  readonly params?: Readonly<Record<string, string>>
}

export interface SignetRequest {
  readonly method: string
  /** As the platform writes it: decoded once and encoded anew, so that `%2561` reads `%61` here. `params` tells the two apart. */
  readonly path: string
  /** The values of the route, percent-decoded once but for `%2F`; empty where nobody gives them. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The query with its question mark, encoded as it came but for what no URL may hold; empty where there is none. */
  readonly search: string
  /** Ours; to look at them throws `http/headers_too_large` where there are too many to read. */
  readonly cookies: ReadonlyMap<string, string>
  readonly correlationId: string
  /** True where a person waits for a page, rather than a script for JSON. */
  readonly wantsPage: boolean
  header(name: string): string | undefined
  /** Names of all headers, in lower case. */
  readonly headerNames: readonly string[]
  /** Refuses a body for what its headers say of it, without keeping any of it. Throws what `readBody` throws. */
  judgeBody(longestBytes: number): Promise<void>
  /** The whole body, to be read once. Throws `http/length_required`, `http/body_too_large`, `http/body_not_allowed`. */
  readBody(longestBytes: number): Promise<Buffer<ArrayBuffer>>
  /** The form in the body. Throws `http/unsupported_media_type` and what `readBody` throws. */
  readForm(): Promise<URLSearchParams>
}

export function signetRequest(platform: PlatformRequest, correlationId: string): SignetRequest {
  const { pathname, search, searchParams } = new URL(platform.url)
  const header = (name: string): string | undefined => platform.headers.get(name) ?? undefined
  return {
    method: platform.method.toUpperCase(),
    path: pathname,
    params: platform.params ?? {},
    query: searchParams,
    search,
    get cookies() {
      return parseCookies(platform.headers.get('cookie'))
    },
    correlationId,
    wantsPage: header('sec-fetch-dest') === 'document' || /\btext\/html\b/i.test(header('accept') ?? ''),
    header,
    get headerNames() {
      return [...platform.headers.keys()].map((name) => name.toLowerCase())
    },
    judgeBody: (longestBytes) => judgeBody(platform, longestBytes),
    readBody: (longestBytes) => readBody(platform, longestBytes),
    async readForm() {
      if (!/^application\/x-www-form-urlencoded[ \t]*(;|$)/i.test(header('content-type') ?? '')) {
        throw new AppError('http/unsupported_media_type')
      }
      return new URLSearchParams((await readBody(platform, LONGEST_FORM)).toString('utf8'))
    },
  }
}

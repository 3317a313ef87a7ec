/**
 * A client's request as the host understands it: Kestrel's limits and refusals, headers and target decoded.
 */
import type { IncomingMessage } from 'node:http'
import { isHostHeader } from './hostHeader.ts'
import { joinValues } from './joinValues.ts'
import { parseQuery, type Query } from './parseQuery.ts'
import { originForm, parseRequestTarget } from './requestTarget.ts'

export type HostRequest = {
  readonly method: string
  readonly host: string
  /** Decoded, see parseRequestTarget. */
  readonly path: string
  readonly search: string
  readonly query: Query
  /** Names in lower case; several headers of one name are joined with a comma, cookies too. */
  readonly headers: ReadonlyMap<string, string>
  /** Octets announced by Content-Length; 0 without it, even if chunks follow. */
  readonly announcedBytes: number
  /** The message itself: the body is still to be read from it. */
  readonly message: IncomingMessage
}

export const requestLineLimitBytes = 8_192
export const headersLimitBytes = 32_768
const mostHeaders = 100

/** Reads the head of a request, or gives the status with which the host refuses it. */
export function readHostRequest(message: IncomingMessage): HostRequest | 400 | 414 | 431 {
  const { method = '', url = '', httpVersion, rawHeaders } = message
  if (`${method} ${url} HTTP/${httpVersion}\r\n`.length > requestLineLimitBytes) return 414
  const separators = rawHeaders.length * 2 // ": " and the line's end
  if (rawHeaders.join('').length + separators > headersLimitBytes) return 431
  if (rawHeaders.length > 2 * mostHeaders) return 431
  const headers = readHeaders(message.headersDistinct)
  const target = parseRequestTarget(originForm(url, headers?.get('host') ?? ''))
  if (!target || !headers || !hasGoodHost(message)) return 400
  return {
    method,
    host: headers.get('host') ?? '',
    ...target,
    query: parseQuery(target.search),
    headers,
    announcedBytes: Number(headers.get('content-length') ?? 0),
    message,
  }
}

/** HTTP/1.0 may do without one. */
function hasGoodHost({ headersDistinct: { host = [] }, httpVersion }: IncomingMessage): boolean {
  return host.every(isHostHeader) && (host.length === 1 || (host.length === 0 && httpVersion === '1.0'))
}

function readHeaders(given: NodeJS.Dict<string[]>): Map<string, string> | undefined {
  const headers = new Map<string, string>()
  for (const [name, values = []] of Object.entries(given)) {
    const value = decodeUtf8(joinValues(values))
    if (value === undefined) return undefined
    headers.set(name, value)
  }
  return headers
}

/** Node reads header values as Latin-1; the host reads them as UTF-8 and refuses what is not. */
function decodeUtf8(latin1: string): string | undefined {
  if (/^[\t\x20-\x7e]*$/.test(latin1)) return latin1
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(latin1, 'latin1'))
  } catch {
    return undefined
  }
}

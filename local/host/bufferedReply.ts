import type { ServerResponse } from 'node:http'
import { formatAspNetCookie } from './aspNetCookie.ts'
import type { RpcHttpResponse, TypedData } from './coreTypes.ts'
import { requireAscii } from './requireAscii.ts'

/**
 * Writes what a function returned in buffered mode: the whole reply at once, 204 when there is none.
 * Throws, before anything is written, on a reply that the host would turn into a 500.
 */
export function writeBufferedReply(
  response: ServerResponse,
  value: TypedData<RpcHttpResponse> | null | undefined,
): void {
  const http = value?.http
  if (!http) {
    response.writeHead(204).end()
    return
  }
  const headers = Object.entries(http.headers).filter(([name]) => name.toLowerCase() !== 'transfer-encoding')
  const cookies = http.cookies.map(formatAspNetCookie)
  requireAscii(headers.map(([, value]) => value))
  for (const [name, value] of headers) response.setHeader(name, value)
  for (const cookie of cookies) response.appendHeader('set-cookie', cookie)
  response.statusCode = Number(http.statusCode)
  // Written apart from the end, so that the reply is chunked as the host's is.
  const bytes = http.body?.bytes
  if (bytes?.length) response.write(bytes)
  response.end()
}

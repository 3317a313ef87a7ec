/**
 * The streaming half of the host: the request goes over loopback to the server that `@azure/functions` opened,
 * and its answer is passed on chunk by chunk. Headers travel as the host's reverse proxy sends them.
 */
import { once } from 'node:events'
import http, { type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { HostRequest } from './hostRequest.ts'
import { encodePath } from './requestTarget.ts'
import { requireAscii } from './requireAscii.ts'

export type Forwarding = {
  readonly invocationId: string
  /** Where the library listens. */
  readonly port: number
  /** The announced body, already read; a chunked one is still in the message. */
  readonly body: Buffer
  readonly limitBytes: number
  readonly signal: AbortSignal
  /** Called whenever bytes move, in either direction. */
  readonly onActivity: () => void
}

const agent = new http.Agent({ keepAlive: true })

/**
 * Resolves when the library's answer has been passed on, all but the end of it. Rejects when it cannot be:
 * a header that is not ASCII on either side, a chunked body over the limit, a broken connection, the signal.
 */
export async function forwardRequest(
  request: HostRequest,
  reply: ServerResponse,
  to: Forwarding,
): Promise<void> {
  const { message, method, path, search, announcedBytes } = request
  const isChunked = announcedBytes === 0 && request.headers.has('transfer-encoding')
  const upstream = http.request({
    agent,
    host: '127.0.0.1',
    port: to.port,
    method,
    path: encodePath(path, { keepEscapes: false }) + search,
    headers: wireHeaders(request, to, isChunked),
    signal: to.signal,
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.on('response', resolve).on('error', reject)
  })
  const sent = isChunked ? sendChunks(message, upstream, to) : Promise.resolve(upstream.end(to.body))
  // A function may answer before it has read everything: only a failure to send matters here.
  const answer = await Promise.race([answered, sent.then(() => answered)])
  copyHead(answer, reply)
  for await (const chunk of answer) {
    to.onActivity()
    if (!reply.write(chunk)) await once(reply, 'drain', { signal: to.signal })
  }
}

async function sendChunks(message: IncomingMessage, upstream: ClientRequest, to: Forwarding): Promise<void> {
  let total = 0
  // The message must survive a failure here: its connection still has to carry the reply.
  for await (const chunk of message.iterator({ destroyOnReturn: false })) {
    total += chunk.length
    if (total > to.limitBytes) {
      upstream.destroy()
      message.resume()
      throw new RangeError(`The body is over ${to.limitBytes} bytes.`)
    }
    to.onActivity()
    if (!upstream.write(chunk)) await once(upstream, 'drain', { signal: to.signal })
  }
  upstream.end()
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function wireHeaders(request: HostRequest, to: Forwarding, isChunked: boolean): Record<string, string> {
  const sent = Object.entries(request.message.headersDistinct).filter(([name]) => !hopByHop.has(name))
  const headers = Object.fromEntries(
    sent.map(([name, values = []]) => [name, values.join(name === 'cookie' ? '; ' : ', ')]),
  )
  requireAscii(Object.values(headers))
  return {
    // A caller's own x-ms-invocation-id stands, and then the library waits for the real one in vain.
    'x-ms-invocation-id': to.invocationId,
    ...headers,
    host: `localhost:${to.port}`,
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': request.host,
    'x-forwarded-proto': 'http',
    ...(isChunked && { 'transfer-encoding': 'chunked' }),
  }
}

function copyHead(from: IncomingMessage, reply: ServerResponse): void {
  const headers = Object.entries(from.headersDistinct).filter(([name]) => !hopByHop.has(name))
  requireAscii(headers.flatMap(([, values = []]) => values))
  for (const [name, values = []] of headers) reply.setHeader(name, values)
  reply.statusCode = from.statusCode ?? 500
}

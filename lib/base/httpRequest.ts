/**
 * One request over Node's own HTTP client: no redirect is followed, and nothing is added to the request but its host and the length of its
 * body. Everything that leaves this app by our own hand leaves here.
 */
import http, { type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'

export interface HttpAsk {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | undefined
  /** Ends the request, and its answer wherever that is. */
  readonly signal?: AbortSignal | undefined
}

export interface SentRequest {
  readonly request: ClientRequest
  /** Rejects where there is no answer. */
  readonly answer: Promise<IncomingMessage>
}

/** The connections that are kept for the next request, by scheme. */
export interface Connections {
  readonly http: Agent
  readonly https: Agent
}

/** Connections that are kept for `idleMs` after their last answer, and no more than `most` to one host. */
export function keptConnections(idleMs: number, most: number): Connections {
  const options = { keepAlive: true, scheduling: 'lifo', timeout: idleMs, maxSockets: most } as const
  return { http: new http.Agent(options), https: new https.Agent(options) }
}

/** Node's own for the whole process where no `connections` are given. */
export function sendRequest(url: string, ask: HttpAsk, connections?: Connections): SentRequest {
  const { method, headers, body, signal } = ask
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const isSecure = url.startsWith('https:')
  // Left to itself, Node sends the body of some methods in chunks, and that of others without a word.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const request = (isSecure ? https : http).request(url, {
    method,
    headers: { ...headers, ...length },
    joinDuplicateHeaders: true,
    ...(connections === undefined ? {} : { agent: isSecure ? connections.https : connections.http }),
  })
  const end = (): void => void request.destroy(signal?.reason)
  let isAnswered = false
  request.on('response', (answer) => {
    isAnswered = true
    resolve(answer)
  })
  request.on('error', reject)
  request.on('close', () => {
    signal?.removeEventListener('abort', end)
    // An answer that is no answer, as an upgrade, ends the request without an error.
    if (!isAnswered) reject(new Error('closed without an answer'))
  })
  signal?.addEventListener('abort', end)
  if (signal?.aborted) end()
  request.end(body)
  return { request, answer: promise }
}

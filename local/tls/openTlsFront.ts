/** TLS before a host on this machine, as Azure's front end has it before an app: the host itself speaks plain HTTP. */
import { once } from 'node:events'
import { type IncomingMessage, request as requestOnward, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { ServerCertificate } from '../pki.ts'

export interface TlsFront {
  readonly port: number
  close(): Promise<void>
}

interface TlsFrontOptions {
  /** 0 takes a free one. */
  readonly port: number
  readonly certificate: ServerCertificate
  /** Where the host listens, on 127.0.0.1. */
  readonly hostPort: number
  /** Hears of each exchange once it has ended. */
  readonly onExchange?: ((exchange: FrontExchange) => void) | undefined
}

/** A request and its answer, as they passed. Headers by name in lower case, several of one name in lines. */
export interface FrontExchange {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly request: Readonly<Record<string, string>>
  readonly status: number
  readonly response: Readonly<Record<string, string>>
  /** The answer's body where it is JSON, up to its first part. */
  readonly text: string
}

/** Listens on 127.0.0.1, as the host does. Rejects when the port is taken. */
export async function openTlsFront({
  port,
  certificate,
  hostPort,
  onExchange,
}: TlsFrontOptions): Promise<TlsFront> {
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, url, rawHeaders } = request
    const target = { host: '127.0.0.1', port: hostPort, method, path: url, headers: rawHeaders }
    const at = Date.now()
    const onward = requestOnward(target, (answer) => {
      if (onExchange !== undefined) tell({ at, request, answer, onExchange })
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedHeaders(answer.rawHeaders))
      answer.pipe(response)
    })
    onward.on('error', () => response.destroy())
    response.on('close', () => onward.destroy())
    request.pipe(onward)
  }
  const server = createServer({ cert: certificate.certPem, key: certificate.keyPem }, pass)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EADDRINUSE' ? new Error(`Port ${port} is in use: set PORT to another one.`) : cause
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Passing {
  readonly at: number
  readonly request: IncomingMessage
  readonly answer: IncomingMessage
  readonly onExchange: (exchange: FrontExchange) => void
}

function tell({ at, request, answer, onExchange }: Passing): void {
  let text = ''
  if (answer.headers['content-type']?.startsWith('application/json'))
    answer.on('data', (chunk: Buffer) => {
      if (text === '') text = chunk.toString('utf8')
    })
  answer.on('end', () =>
    onExchange({
      at,
      method: request.method ?? '',
      target: request.url ?? '',
      request: inLines(request.headers),
      status: answer.statusCode ?? 0,
      response: inLines(answer.headers),
      text,
    }),
  )
}

function inLines(headers: IncomingMessage['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join('\n')]))
}

/**
 * All of them but one. What a browser is told to reach by TLS alone (RFC 6797) it remembers for a host and all its ports: here it is told
 * to forget it, or else nothing on this machine could be reached by plain HTTP any more.
 */
function passedHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.map((text, i) => {
    const isHsts = i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === 'strict-transport-security'
    return isHsts ? 'max-age=0' : text
  })
}

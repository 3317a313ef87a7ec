import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Reply } from './reply.ts'

/** A request as it came, its body read. */
export type RawRequest = {
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const bodyLimitBytes = 1024 * 1024

/** Serves plain HTTP on 127.0.0.1, each answer dated by `now`. `answer` must not throw. */
export async function listen(
  port: number,
  now: () => number,
  answer: (request: RawRequest) => Promise<Reply>,
): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((message, response) => {
    response.setHeader('date', new Date(now()).toUTCString())
    serve(message, response, answer).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const boundPort = typeof address === 'object' && address ? address.port : port
  return { origin: `http://127.0.0.1:${boundPort}`, close: () => close(server) }
}

async function serve(
  message: IncomingMessage,
  response: ServerResponse,
  answer: (request: RawRequest) => Promise<Reply>,
): Promise<void> {
  const body = await readBody(message)
  const { method = 'GET', url = '/', headers } = message
  const reply = await answer({ method, target: url, headers, body })
  switch (reply.transport) {
    case 'stall':
      return
    case 'drop':
      message.socket.destroy()
      return
    case 'truncate':
      response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
      response.write(reply.body.slice(0, reply.body.length / 2), () => message.socket.destroy())
      return
    case undefined:
      response.writeHead(reply.status, reply.headers)
      response.end(reply.body)
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message) {
    size += chunk.length
    if (size > bodyLimitBytes) throw new RangeError('The body is larger than 1 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
}

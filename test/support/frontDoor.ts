/**
 * What stands before the instances of an app in a cloud: one address, and each request goes to one of them, in turn or where a header says.
 * A connection that an instance does not answer ends in 502.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** Names the instance that a request goes to, by its number; never passed on. */
export const TO_INSTANCE = 'x-test-instance'

export interface FrontDoor {
  readonly port: number
  /** Ports of the instances that requests go to now. */
  readonly behind: number[]
  /** Those of them that are known to be down: nothing goes there, unless a header says so. */
  readonly away: Set<number>
  close(): Promise<void>
}

export async function openFrontDoor(): Promise<FrontDoor> {
  const behind: number[] = []
  const away = new Set<number>()
  let turn = 0

  function nextPort(): number | undefined {
    const from = turn++ % behind.length
    return [...behind.slice(from), ...behind.slice(0, from)].find((port) => !away.has(port))
  }

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { [TO_INSTANCE]: wanted, ...headers } = incoming.headers
    const port = wanted === undefined ? nextPort() : behind[Number(wanted)]
    const onward = request({ host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.on('error', () => outgoing.destroy())
      answer.pipe(outgoing)
    })
    onward.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502)
      outgoing.end()
    })
    incoming.pipe(onward)
  }

  const server = createServer({ maxHeaderSize: 65_536 }, pass)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    behind,
    away,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

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
  close(): Promise<void>
}

export async function openFrontDoor(): Promise<FrontDoor> {
  const behind: number[] = []
  let turn = 0

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { [TO_INSTANCE]: wanted, ...headers } = incoming.headers
    const port = behind[wanted === undefined ? turn++ % behind.length : Number(wanted)]
    const onward = request({ host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
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
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'

/** An API that takes every token, but for those that it is told to refuse. */
export interface PlainApi {
  readonly origin: string
  /** The token of each call, oldest first. */
  readonly tokens: string[]
  /** How many of the next calls are answered by 401. */
  refusesNext: number
  close(): void
}

export async function openPlainApi(): Promise<PlainApi> {
  const server = createServer((request, response) => {
    api.tokens.push(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    const isRefused = api.refusesNext > 0
    if (isRefused) api.refusesNext -= 1
    response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const api: PlainApi = {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    tokens: [],
    refusesNext: 0,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return api
}

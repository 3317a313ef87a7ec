/** A listener at a loopback redirect URI (RFC 8252 section 7.3) that catches one authorization response. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { UsageFault } from '../usageFault.ts'

export interface Catcher {
  /** The address that the browser was sent to. */
  readonly caught: Promise<string>
  close(): void
}

/**
 * Listens at the redirect URI, on this machine only, for the answer with this state: any web page can send the browser here with
 * another. Throws UsageFault when the port is taken.
 */
export async function catchAnswer(redirectUri: string, state: string): Promise<Catcher> {
  const { port, pathname, protocol } = new URL(redirectUri)
  const { promise: caught, resolve } = Promise.withResolvers<string>()
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', redirectUri)
    response.setHeader('cache-control', 'no-store')
    if (url === null || url.pathname !== pathname || url.searchParams.get('state') !== state) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end('The answer has arrived. You can close this page and go back to the terminal.\n')
    resolve(url.href)
  })
  server.listen(port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port), '127.0.0.1')
  await once(server, 'listening').catch(() => {
    throw new UsageFault(`Port ${port} cannot be listened at: name another one with --redirect.`)
  })
  return {
    caught,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

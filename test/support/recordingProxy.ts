/** A proxy that notes what it is asked for and leads nowhere, and a way to see what a process tries to reach without it. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordingProxy {
  /** `http://127.0.0.1:PORT` */
  readonly url: string
  /** `host:port` of every tunnel that was asked for, and the address of every request that was sent without one. */
  readonly asked: string[]
  close(): Promise<void>
}

export async function openRecordingProxy(): Promise<RecordingProxy> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    response.writeHead(502).end()
  })
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '')
    socket.on('error', () => socket.destroy())
    socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const NO_NAMES = `
import dns from 'node:dns'
import net from 'node:net'
const { lookup } = dns
dns.lookup = (host, ...rest) => {
  if (net.isIP(host) || host === 'localhost') return lookup(host, ...rest)
  process.stderr.write('directly: ' + host + '\\n')
  rest.at(-1)(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
}`

/** For `NODE_OPTIONS`: the process knows no names, and writes those it looks for to standard error as `directly: <host>`. */
export const KNOWS_NO_NAMES = `--import data:text/javascript,${encodeURIComponent(NO_NAMES)}`

/** The hosts a process looked for by itself. */
export function lookedForDirectly(stderr: string): string[] {
  return [...new Set([...stderr.matchAll(/^directly: (.*)$/gm)].map(([, host = '']) => host))].toSorted()
}

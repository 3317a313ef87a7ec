import http, { type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HostFault } from './hostFault.ts'
import { headersLimitBytes, requestLineLimitBytes } from './hostRequest.ts'

/** An HTTP server on 127.0.0.1 that lets through whatever Kestrel might. */
export type LoopbackServer = {
  readonly port: number
  readonly server: Server
  /** Takes no more requests, waits for those in flight, and cuts them off after `graceMs`. */
  readonly close: (graceMs: number) => Promise<void>
}

const keepAliveMs = 130_000

/** Listens on a port, or on a free one for 0. Throws HostFault when the port is taken. */
export async function openLoopbackServer(port: number): Promise<LoopbackServer> {
  const server = http.createServer({
    // Node counts the request line with the headers; hostRequest.ts then looks at each alone.
    maxHeaderSize: requestLineLimitBytes + headersLimitBytes,
    requireHostHeader: false,
    requestTimeout: 0,
    keepAliveTimeout: keepAliveMs,
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (fault: NodeJS.ErrnoException) => {
      const isTaken = fault.code === 'EADDRINUSE'
      reject(isTaken ? new HostFault(`Port ${port} is in use: set PORT to another one.`) : fault)
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  const close = async (graceMs: number) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), graceMs)
    await new Promise((resolve) => server.close(resolve))
    clearTimeout(cutOff)
  }
  const address = server.address() as AddressInfo
  return { port: address.port, server, close }
}

/** A stand-in's server: whole request in, whole answer out, each metered. It does as little as it can, so that what is measured is the app. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServerCertificate } from '../../local/pki.ts'
import type { Meter } from './meter.ts'

export interface LightRequest {
  readonly method: string
  /** As it was asked for, query included. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface LightAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** What the meter calls the request. */
  readonly what: string
}

export interface LightServer {
  readonly port: number
  /** Connections that clients have opened since the last call of this. */
  takeConnections(): number
  close(): Promise<void>
}

interface LightOptions {
  readonly answer: (request: LightRequest) => LightAnswer | Promise<LightAnswer>
  readonly meter: Meter
  /** How long an answer is held back; asked for each. Milliseconds. */
  readonly delayMs?: () => number
  readonly tls?: ServerCertificate
}

export async function openLightServer({ answer, meter, delayMs, tls }: LightOptions): Promise<LightServer> {
  let connections = 0
  /** What a stand-in cannot do is a fault of the benchmark, and is seen. */
  async function answered(request: LightRequest): Promise<LightAnswer> {
    try {
      return await answer(request)
    } catch (fault) {
      console.error(request.method, request.target, fault)
      return { status: 500, body: String(fault), what: 'broken' }
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '', headers } = request
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const startedMs = performance.now()
    const given = await answered({ method, target, headers, body: Buffer.concat(chunks).toString() })
    const pauseMs = delayMs?.() ?? 0
    if (pauseMs > 0) await sleep(pauseMs)
    const body = given.body ?? ''
    response.writeHead(given.status, {
      ...given.headers,
      ...(given.status === 204 ? {} : { 'content-length': Buffer.byteLength(body) }),
    })
    response.end(body)
    meter.note(given.what, performance.now() - startedMs)
  }
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    // Whoever was asking has gone.
    serve(request, response).catch(() => response.destroy())
  }
  const options = { keepAliveTimeout: 120_000 }
  const server =
    tls === undefined
      ? createServer(options, handle)
      : createTlsServer({ ...options, cert: tls.certPem, key: tls.keyPem }, handle)
  server.on(tls === undefined ? 'connection' : 'secureConnection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1', 4_096)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    takeConnections() {
      const taken = connections
      connections = 0
      return taken
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

// The wire frame of every stand-in: listens on loopback, records each request, lets it meet the faults that are
// switched on, and only then asks the service for an answer.

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault, FaultSwitches } from './faults.ts'
import { createFaults } from './faults.ts'
import type { ServerCertificate } from './pki.ts'
import type { RequestRecord } from './requestRecord.ts'
import { recordRequest } from './requestRecord.ts'

/** `body`: an object becomes JSON, a string is sent as it is. */
export type Answer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string
}

/** The faults that a service answers in its own words. */
export type SpokenFault = 'throttle' | 'forbid' | 'unavailable' | 'broken'

/** What a stand-in knows about a request before it answers; `detail` completes its line in the log. */
export type Admission<Operation extends string> = {
  readonly operation: Operation
  readonly detail?: string | undefined
  readonly caller?: string | undefined
}

/** One stand-in, as the frame sees it. */
export type StubService<Operation extends string, Admitted extends Admission<Operation>> = {
  /** Scheme and host that its clients see; the addresses it is asked at start with it. */
  readonly origin: string
  /** Decides what the request is, from its method, address and headers. */
  admit(request: IncomingMessage, url: URL): Promise<Admitted>
  /** `undefined`: the service has written to the response itself. */
  answer(
    admitted: Admitted,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<Answer | undefined>
  /** The service's own error body for a fault. */
  faultBody(kind: SpokenFault): object
}

/** Time, and who hears of each finished request; all real and silent unless told. */
export type StubOptions<Operation extends string = string> = {
  readonly now?: () => number
  readonly sleep?: (ms: number) => Promise<unknown>
  readonly onRequest?: (record: RequestRecord<Operation>) => void
}

/** A stand-in that listens on 127.0.0.1. */
export type StubServer<Operation extends string> = {
  readonly port: number
  readonly requests: readonly RequestRecord<Operation>[]
  readonly faults: FaultSwitches<Operation>
  /** Nobody listens any more: connections are refused, open ones cut. */
  down(): Promise<void>
  /** Listens again on the same port. */
  up(): Promise<void>
  close(): Promise<void>
}

/** Opens `service` on a port of its own; over TLS when given a certificate. */
export async function openStubServer<Operation extends string, Admitted extends Admission<Operation>>(
  service: StubService<Operation, Admitted>,
  options: StubOptions<Operation> & { readonly tls?: ServerCertificate },
): Promise<StubServer<Operation>> {
  const { now = Date.now, sleep = delay, onRequest, tls } = options
  const requests: RequestRecord<Operation>[] = []
  const faults = createFaults<Operation>()
  const sockets = new Set<Socket>()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(service.origin + (request.url ?? '/'))
    const admitted = await service.admit(request, url)
    const fault = faults.take(admitted.operation)
    requests.push(recordRequest({ request, response, url, admitted, fault, at: now(), onRequest }))
    if (fault !== undefined) {
      const answer = await meet(fault, request, response)
      if (answer === 'over') return
      if (answer !== 'go on') return send(response, answer)
    }
    const answer = await service.answer(admitted, request, response, url)
    if (answer !== undefined) send(response, answer)
  }

  async function meet(
    fault: Fault,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<Answer | 'go on' | 'over'> {
    switch (fault.kind) {
      case 'throttle': {
        const headers =
          fault.retryAfterSec === undefined ? {} : { 'retry-after': String(fault.retryAfterSec) }
        return { status: 429, headers, body: service.faultBody('throttle') }
      }
      case 'empty':
        return { status: 429 }
      case 'forbid':
        return { status: 403, body: service.faultBody('forbid') }
      case 'html':
        return { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>403 Forbidden</h1>' }
      case 'unavailable':
        return { status: 503, body: service.faultBody('unavailable') }
      case 'broken':
        return { status: 500, body: service.faultBody('broken') }
      case 'answer':
        return fault
      case 'slow':
        await sleep(fault.ms)
        return response.destroyed ? 'over' : 'go on'
      case 'stall':
        await Promise.race([faults.cleared(), once(response, 'close')])
        return response.destroyed ? 'over' : 'go on'
      case 'drop':
        request.socket.destroy()
        return 'over'
      case 'lose':
        response.writeHead = () => response
        response.write = () => true
        response.end = () => {
          request.socket.destroy()
          return response
        }
        return 'go on'
    }
  }

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((cause: unknown) => {
      send(response, { status: 500, body: { error: { code: 'StandInFault', message: String(cause) } } })
    })
  }
  const server =
    tls === undefined
      ? createHttpServer(listener)
      : createHttpsServer({ cert: tls.certPem, key: tls.keyPem }, listener)
  // An idle connection that ends while a client is about to reuse it would look like a fault nobody switched on.
  server.keepAliveTimeout = 120_000
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  let port = 0
  const up = async (): Promise<void> => {
    if (server.listening) return
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address !== null && typeof address === 'object') port = address.port
  }
  const down = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await up()
  return { port, requests, faults, down, up, close: down }
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  if (response.headersSent || response.destroyed) return
  const isText = typeof body === 'string'
  const contentType = isText ? {} : { 'content-type': 'application/json; charset=utf-8' }
  response.writeHead(status, { ...contentType, ...headers }).end(isText ? body : JSON.stringify(body))
}

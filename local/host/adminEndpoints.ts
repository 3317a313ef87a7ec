import type { ServerResponse } from 'node:http'
import type { AccessKey } from './accessKey.ts'
import type { HostRequest } from './hostRequest.ts'
import { sendEmpty } from './sendEmpty.ts'
import type { Timers } from './timers.ts'

/**
 * Answers the host's own endpoints, which come before every function: `/admin/host/ping`, `/admin/host/status`
 * and `/admin/functions/{name}`, where POST runs a timer now. False when the path is none of them.
 */
export function answerAdmin(
  request: HostRequest,
  reply: ServerResponse,
  { allows, timers }: { allows: AccessKey; timers: Timers },
): boolean {
  const endpoint = request.path.toLowerCase().replace(/\/$/, '')
  const [, timer] = /^\/admin\/functions\/([^/]+)$/.exec(endpoint) ?? []
  const contentType = request.headers.get('content-type') ?? ''

  if (endpoint === '/admin/host/ping') sendEmpty(reply, 200, { 'cache-control': 'no-store,no-cache' })
  else if (!timer && endpoint !== '/admin/host/status') return false
  else if (!allows('admin', request)) sendEmpty(reply, 401, { 'www-authenticate': 'Bearer' })
  else if (!timer) sendJson(reply, { state: 'Running', version: 'local' })
  else if (request.method !== 'POST') sendEmpty(reply, 404)
  else if (!/^application\/json\b/i.test(contentType)) sendEmpty(reply, 415)
  else sendEmpty(reply, timers.runNow(timer) ? 202 : 404)
  return true
}

function sendJson(reply: ServerResponse, value: object): void {
  reply.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value))
}

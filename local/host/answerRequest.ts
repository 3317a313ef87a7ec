import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AccessKey } from './accessKey.ts'
import { answerAdmin } from './adminEndpoints.ts'
import { answerBuffered } from './answerBuffered.ts'
import type { Answering } from './answering.ts'
import { answerStreaming } from './answerStreaming.ts'
import type { FunctionsCore } from './functionsCore.ts'
import type { Homepage } from './homepage.ts'
import { readHostRequest } from './hostRequest.ts'
import { readBody } from './readBody.ts'
import type { RouteTable } from './routeTable.ts'
import { sendEmpty } from './sendEmpty.ts'
import type { Timers } from './timers.ts'

export type Serving = {
  readonly core: FunctionsCore
  readonly routes: RouteTable
  readonly timers: Timers
  readonly allows: AccessKey
  readonly homepage: Homepage
  readonly bodyLimitBytes: number
  readonly activityTimeoutMs: number
  /** Where the library listens; undefined in buffered mode. */
  readonly streamingPort: number | undefined
}

/** Answers one request, in the host's order: its own refusals, /admin, route, key, body, function. */
export async function answerRequest(
  serving: Serving,
  message: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  const { core, routes, allows, streamingPort } = serving
  const request = readHostRequest(message)
  if (typeof request === 'number') return sendEmpty(reply, request, { connection: 'close' })
  if (answerAdmin(request, reply, serving)) return

  const match = routes.match(request.method, request.path)
  if (!match) return request.path === '/' ? sendHomepage(reply, serving.homepage) : sendEmpty(reply, 404)
  if (!allows(match.fn.trigger.authLevel, request)) return sendEmpty(reply, 401)
  const body = await readBody(request, serving.bodyLimitBytes)
  if (!body) return sendEmpty(reply, 500)

  const answering: Answering = { core, match, request, body, reply }
  if (streamingPort === undefined) await answerBuffered(answering)
  else await answerStreaming(answering, { ...serving, port: streamingPort })
}

function sendHomepage(reply: ServerResponse, { status, headers, body }: Homepage): void {
  reply.writeHead(status, headers).end(body)
}

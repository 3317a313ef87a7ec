/**
 * The boundary between the platform and the handlers. Every request comes in and every reply goes out here, and nothing escapes:
 * in streaming mode a handler that throws would leave the browser without an answer.
 */
import type { HttpHandler, HttpResponseInit } from '@azure/functions'
import type { App } from '../app.ts'
import { uuid } from '../crypto.ts'
import { type AppError, asAppError } from '../errors.ts'
import { errorReply } from './errorReply.ts'
import type { Reply } from './reply.ts'
import { type SignetRequest, signetRequest } from './request.ts'
import { type Handle, type Method, methodGuard } from './route.ts'

const SECURITY_HEADERS = {
  'cache-control': 'no-store',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const
const NOTHING_ALLOWED = "default-src 'none'; frame-ancestors 'none'"

interface Endpoint {
  readonly name: string
  readonly methods: readonly Method[]
  readonly handle: Handle
}

/** A handler for the platform. `app` is asked for at each request, so that a broken start-up is answered too. */
export function serve(app: () => App, { name, methods, handle }: Endpoint): HttpHandler {
  return async (platformRequest) => {
    const { effects } = app()
    const startedMs = effects.now()
    const correlationId = uuid(effects.random)
    let fault: AppError | undefined
    let reply: Reply
    try {
      const request = signetRequest(platformRequest, correlationId)
      reply = await answer(app(), request, methods, handle).catch((thrown: unknown) => {
        fault = asAppError(thrown)
        return errorReply(fault, request)
      })
    } catch (thrown) {
      fault = asAppError(thrown)
      reply = { status: 500 }
    }
    effects.log(levelOf(fault), 'request', {
      correlationId,
      route: name,
      method: platformRequest.method,
      status: reply.status,
      outcome: fault?.code ?? reply.outcome ?? 'ok',
      ...(fault === undefined
        ? {}
        : { kind: fault.row.kind, detail: fault.context.detail, cause: causeOf(fault) }),
      durationMs: effects.now() - startedMs,
    })
    return platformResponse(reply, correlationId, platformRequest.method)
  }
}

async function answer(
  app: App,
  request: SignetRequest,
  methods: readonly Method[],
  handle: Handle,
): Promise<Reply> {
  methodGuard(request, methods)
  return handle(app, request)
}

function levelOf(fault: AppError | undefined): 'info' | 'warn' | 'error' {
  if (fault === undefined || fault.row.kind === 'user') return 'info'
  return fault.row.kind === 'setup' || fault.row.kind === 'bug' ? 'error' : 'warn'
}

/** The name of what lay underneath; its message may hold anything, so it stays out. */
function causeOf({ context }: AppError): string | undefined {
  return context.cause instanceof Error ? context.cause.name : undefined
}

function platformResponse(reply: Reply, correlationId: string, method: string): HttpResponseInit {
  const { body } = reply
  const content = contentOf(body)
  return {
    status: reply.status,
    headers: { ...SECURITY_HEADERS, 'x-correlation-id': correlationId, ...content.headers, ...reply.headers },
    cookies: (reply.cookies ?? []).map((cookie) => ({ ...cookie })),
    ...(content.text === undefined || method === 'HEAD' ? {} : { body: content.text }),
  }
}

function contentOf(body: Reply['body']): { headers: Record<string, string>; text?: string } {
  if (body === undefined) return { headers: { 'content-security-policy': NOTHING_ALLOWED } }
  if (body.kind === 'json') {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-security-policy': `${NOTHING_ALLOWED}; sandbox`,
    }
    return { headers, text: JSON.stringify(body.value) }
  }
  if (body.kind === 'page') {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': body.page.contentSecurityPolicy,
    }
    return { headers, text: body.page.html }
  }
  const policy = `default-src 'none'; frame-ancestors ${body.frameAncestor}`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cross-origin-resource-policy': 'cross-origin',
  }
  return { headers, text: '' }
}

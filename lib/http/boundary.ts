/**
 * The boundary between the platform and the handlers. Every request comes in and every reply goes out here, and nothing escapes:
 * a handler that throws would leave the browser with an empty 500 and the log without a line.
 */
import type { HttpHandler, HttpResponseInit } from '@azure/functions'
import type { App } from '../app.ts'
import { uuid } from '../base/crypto.ts'
import { type AppError, asAppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import { errorReply } from './errorReply.ts'
import type { Reply } from './reply.ts'
import { type PlatformRequest, type SignetRequest, signetRequest } from './request.ts'
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

/** A handler for the platform. The app is composed once, when the bundle loads; `app` hands it over. */
export function serve(app: () => App, { name, methods, handle }: Endpoint): HttpHandler {
  return async (platformRequest) => {
    const { effects } = app()
    const startedMs = effects.now()
    const correlationId = uuid(effects.random)
    const { reply, fault } = await answer(app(), platformRequest, correlationId, methods, handle)
    const { fault: code, ...facts } = fault === undefined ? {} : faultFacts(fault)
    effects.log(levelOf(fault), 'request', {
      ...facts,
      correlationId,
      route: name,
      method: platformRequest.method,
      status: reply.status,
      outcome: code ?? reply.outcome ?? 'ok',
      durationMs: effects.now() - startedMs,
    })
    return platformResponse(reply, correlationId, platformRequest.method)
  }
}

interface Answer {
  readonly reply: Reply
  readonly fault?: AppError
}

/** Never rejects. */
async function answer(
  app: App,
  platformRequest: PlatformRequest,
  correlationId: string,
  methods: readonly Method[],
  handle: Handle,
): Promise<Answer> {
  let request: SignetRequest | undefined
  try {
    request = signetRequest(platformRequest, correlationId)
    methodGuard(request, methods)
    return { reply: await handle(app, request) }
  } catch (thrown) {
    const fault = asAppError(thrown)
    return { reply: request === undefined ? { status: fault.row.status } : errorReply(fault, request), fault }
  }
}

function levelOf(fault: AppError | undefined): 'info' | 'warn' | 'error' {
  if (fault === undefined || fault.row.kind === 'user') return 'info'
  return fault.row.kind === 'setup' || fault.row.kind === 'bug' ? 'error' : 'warn'
}

function platformResponse(reply: Reply, correlationId: string, method: string): HttpResponseInit {
  const { body } = reply
  const { headers, content } = contentOf(body)
  return {
    status: reply.status,
    headers: { ...SECURITY_HEADERS, 'x-correlation-id': correlationId, ...headers, ...reply.headers },
    cookies: (reply.cookies ?? []).map((cookie) => ({ ...cookie })),
    ...(content === undefined || method === 'HEAD' ? {} : { body: content }),
  }
}

interface Content {
  readonly headers: Readonly<Record<string, string>>
  readonly content?: string | ReadableStream<Uint8Array>
}

function contentOf(body: Reply['body']): Content {
  if (body === undefined) return { headers: { 'content-security-policy': NOTHING_ALLOWED } }
  if (body.kind === 'json') {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-security-policy': `${NOTHING_ALLOWED}; sandbox`,
    }
    return { headers, content: JSON.stringify(body.value) }
  }
  if (body.kind === 'stream') {
    return { headers: { 'content-security-policy': `${NOTHING_ALLOWED}; sandbox` }, content: body.stream }
  }
  if (body.kind === 'page') {
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': body.page.contentSecurityPolicy,
    }
    return { headers, content: body.page.html }
  }
  const policy = `default-src 'none'; frame-ancestors ${body.frameAncestor}`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cross-origin-resource-policy': 'cross-origin',
  }
  return { headers, content: '' }
}

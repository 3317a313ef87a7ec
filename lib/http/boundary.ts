/**
 * The boundary between the platform and the handlers. Every request comes in and every reply goes out here, and what a handler throws
 * becomes a reply: the platform would answer with an empty 500 and log no line of ours. The log speaks of a response that is complete
 * and has been checked; what the host and the network then do with it, nobody here learns.
 */
import type { HttpHandler } from '@azure/functions'
import type { App } from '../app.ts'
import { uuid } from '../base/crypto.ts'
import type { LogFacts } from '../base/effects.ts'
import { untilTime } from '../base/requestTime.ts'
import { type AppError, asAppError, metBy } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import { openTicket } from '../session/ticket.ts'
import { SESSION_COOKIE } from './cookies.ts'
import { errorReply } from './errorReply.ts'
import { platformResponse } from './platformResponse.ts'
import { type PlatformRequest, type SignetRequest, signetRequest } from './request.ts'
import { type Handle, type Method, methodGuard } from './route.ts'
import { type WholeReply, WholeResponse } from './wholeResponse.ts'

/** The time that one request may spend on the session table, waiting for a place included. Calls to Entra and to APIs have their own deadlines. Milliseconds. */
const PATIENCE_MS = 20_000

interface Endpoint {
  readonly name: string
  readonly methods: readonly Method[]
  /** Those of one address, where not every address has all of them. */
  readonly methodsOf?: ((request: SignetRequest) => readonly Method[]) | undefined
  readonly handle: Handle
}

/** A handler for the platform. The app is composed once, when the bundle loads; `app` hands it over. */
export function serve(app: () => App, endpoint: Endpoint): HttpHandler {
  return async (platformRequest) => {
    const { effects } = app()
    const startedMs = effects.now()
    const correlationId = uuid(effects.random)
    const { response, outcome, facts, fault } = await untilTime(startedMs + PATIENCE_MS, () =>
      answer(app(), platformRequest, correlationId, endpoint),
    )
    const { fault: code, ...ofFault } = fault === undefined ? {} : faultFacts(fault)
    effects.log(levelOf(fault), 'request', {
      ...facts,
      ...ofFault,
      correlationId,
      route: endpoint.name,
      method: platformRequest.method,
      status: response.status,
      outcome: code ?? outcome ?? 'ok',
      durationMs: effects.now() - startedMs,
    })
    return new WholeResponse(response)
  }
}

interface Answer {
  readonly response: WholeReply
  /** What the handler said of a refusal that is no fault. */
  readonly outcome?: string | undefined
  readonly facts?: LogFacts | undefined
  readonly fault?: AppError
}

/** Never rejects: the reply to a fault is made of the error table and of nothing that the handler gave. */
async function answer(
  app: App,
  platformRequest: PlatformRequest,
  correlationId: string,
  { methods, methodsOf, handle }: Endpoint,
): Promise<Answer> {
  const { method } = platformRequest
  let asked = { wantsPage: false, correlationId }
  try {
    const request = signetRequest(platformRequest, correlationId)
    asked = request
    methodGuard(request, methodsOf?.(request) ?? methods)
    const reply = await handle(app, request).catch((thrown: unknown) => {
      throw metBy(asAppError(thrown), () => whoAsked(request))
    })
    const { outcome, facts } = reply
    return { response: platformResponse(reply, { correlationId, method }), outcome, facts }
  } catch (thrown) {
    const fault = asAppError(thrown)
    return {
      response: platformResponse(errorReply(fault, asked, app.config.app.paths.login, app.config.helpUrl), {
        correlationId,
        method,
      }),
      fault,
    }
  }
}

/** A request that brings a session, live or not, is of somebody who was signed in. */
function whoAsked({ cookies }: SignetRequest): 'signed-in' | undefined {
  return openTicket(cookies.get(SESSION_COOKIE) ?? '') === undefined ? undefined : 'signed-in'
}

function levelOf(fault: AppError | undefined): 'info' | 'warn' | 'error' {
  if (fault === undefined || fault.row.kind === 'user') return 'info'
  return fault.row.kind === 'setup' || fault.row.kind === 'bug' ? 'error' : 'warn'
}

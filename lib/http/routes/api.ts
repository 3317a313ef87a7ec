/**
 * ANY /api/{name}/…: calls an API for somebody who is signed in, with a token that stays on the server, and passes the answer on.
 * Only configured APIs, only under their own address, only with the methods listed for each.
 */
import type { App } from '../../app.ts'
import type { DownstreamApi } from '../../config/downstreamApis.ts'
import { AppError } from '../../errors/appError.ts'
import { apiUrl, parseApiPath, returnedHeaders, sentHeaders } from '../apiRequest.ts'
import { findSession } from '../currentSession.ts'
import type { Reply } from '../reply.ts'
import type { SignetRequest } from '../request.ts'
import { refuseForeignReader, requireOwnScript } from '../requestGuards.ts'
import { type Handle, methodGuard } from '../route.ts'

/** For the whole answer; the platform ends a request after 230 seconds. */
const DEADLINE_MS = 200_000

/** Throws `http/*`, `session/*`, `api/unavailable`, and what getting a token throws. */
export const api: Handle = async (app, request) => {
  refuseForeignReader(request)
  requireOwnScript(request)
  const path = parseApiPath(request.path)
  const { downstreamApis } = app.config
  const target =
    path !== undefined && Object.hasOwn(downstreamApis, path.name) ? downstreamApis[path.name] : undefined
  if (path === undefined || target === undefined) throw new AppError('http/not_found')
  methodGuard(request, target.methods)
  const { current } = await findSession(app, request)
  if (current === undefined) throw new AppError('session/required')
  const answer = await call(app, request, target, apiUrl(target, path, request.search))
  return {
    status: answer.status,
    headers: returnedHeaders(answer.headers),
    ...(answer.body === null ? {} : { body: { kind: 'stream', stream: answer.body } }),
  } satisfies Reply
}

async function call(
  app: App,
  request: SignetRequest,
  { scope }: DownstreamApi,
  url: string,
): Promise<Response> {
  const { appOnly } = app
  if (appOnly === undefined) throw new AppError('bug/unexpected', { detail: 'no app-only client' })
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD' && request.body !== null
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const ask = async (): Promise<Response> => {
    const init: RequestInit & { duplex?: 'half' } = {
      method: request.method,
      redirect: 'manual',
      signal,
      headers: {
        ...sentHeaders(request.header),
        authorization: `Bearer ${await appOnly.tokenFor(scope)}`,
        'x-correlation-id': request.correlationId,
      },
      ...(hasBody ? { body: request.body as ReadableStream<Uint8Array>, duplex: 'half' } : {}),
    }
    return app.effects.fetch(url, init).catch((cause: unknown) => {
      throw new AppError('api/unavailable', { cause, detail: 'network' })
    })
  }
  const first = await ask()
  // The token may have been revoked, or be older than a role that the app was given since.
  const isWorthAnother = first.status === 401 && appOnly.discard(scope) && !hasBody
  if (!isWorthAnother) return passable(first)
  await first.body?.cancel()
  return passable(await ask())
}

/** A redirect would lead the browser to an address that is not ours; a 401 speaks of our token, not of the person. */
async function passable(answer: Response): Promise<Response> {
  const { status, body } = answer
  if ((status < 300 || status >= 400 || status === 304) && status !== 401) return answer
  await body?.cancel()
  throw new AppError('api/unavailable', { detail: `status ${status}` })
}

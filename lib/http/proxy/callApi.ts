/** One call of an API with a token of the app's: everything of the request goes at once, everything of the answer comes whole. */
import type { App } from '../../app.ts'
import { AppError } from '../../errors/appError.ts'
import type { Reply } from '../reply.ts'
import { type AskedApi, ownAddress } from './apiAddress.ts'
import { readAnswer, requirePassable } from './apiAnswer.ts'
import { returnedHeaders } from './apiHeaders.ts'

/** For the whole answer, a second try included; the platform ends a request after 230 seconds. */
export const DEADLINE_MS = 200_000

export interface ApiCall {
  readonly asked: AskedApi
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer<ArrayBuffer>
  readonly correlationId: string
}

/** Throws `api/*`, and what getting a token throws. */
export async function callApi(app: App, call: ApiCall): Promise<Reply> {
  const { appOnly } = app
  if (appOnly === undefined) throw new AppError('bug/unexpected', { detail: 'no app-only client' })
  const { api } = call.asked
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const ask = async (): Promise<Response> => send(app, call, await appOnly.tokenFor(api.scope), signal)
  const first = await ask()
  // The token may have been revoked, or be older than a role that the app was given since. What was refused was not carried out.
  if (first.status !== 401 || !appOnly.discard(api.scope)) return readReply(first, call.asked, signal)
  await first.body?.cancel().catch(() => undefined)
  return readReply(await ask(), call.asked, signal)
}

async function send(
  { effects }: App,
  { asked, method, headers, body, correlationId }: ApiCall,
  token: string,
  signal: AbortSignal,
): Promise<Response> {
  const init: RequestInit = {
    method,
    redirect: 'manual',
    signal,
    headers: {
      ...headers,
      // The answer's bytes, lengths and digests are then those that the browser gets.
      'accept-encoding': 'identity',
      authorization: `Bearer ${token}`,
      'x-correlation-id': correlationId,
    },
    ...(body.length === 0 ? {} : { body }),
  }
  return effects.fetch(asked.url, init).catch((cause: unknown) => {
    throw new AppError('api/unavailable', { cause, detail: signal.aborted ? 'deadline' : 'network' })
  })
}

async function readReply(answer: Response, asked: AskedApi, signal: AbortSignal): Promise<Reply> {
  const { status, headers, body } = answer
  try {
    const location = headers.get('location')
    requirePassable(status, location !== null && ownAddress(location, asked) !== undefined)
    const returned = returnedHeaders(headers, asked)
    const bytes = await readAnswer(answer, asked.api.maxResponseBytes, signal)
    return { status, headers: returned, body: { kind: 'bytes', bytes } }
  } finally {
    // Ends the connection to an answer that is not wanted to its end.
    if (body !== null && !body.locked) await body.cancel().catch(() => undefined)
  }
}

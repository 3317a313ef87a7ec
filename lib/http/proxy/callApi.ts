/** One call of an API with a token that stays on the server: everything of the request goes at once, everything of the answer comes whole. */
import type { App } from '../../app.ts'
import { AppError } from '../../errors/appError.ts'
import type { Reply } from '../reply.ts'
import { type AskedApi, ownAddress } from './apiAddress.ts'
import { readAnswer, requirePassable } from './apiAnswer.ts'
import { returnedHeaders } from './apiHeaders.ts'
import type { ApiTokens } from './apiTokens.ts'
import { demandedClaims, requireNoStepUp } from './claimsChallenge.ts'

export interface ApiCall {
  readonly asked: AskedApi
  readonly tokens: ApiTokens
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer<ArrayBuffer>
  readonly correlationId: string
}

/** Throws `api/*`, `entra/interaction_required` where the API asks for a step up, and what getting a token throws. */
export async function callApi({ effects }: Pick<App, 'effects'>, call: ApiCall): Promise<Reply> {
  const { asked, tokens } = call
  const signal = AbortSignal.timeout(asked.api.timeoutMs)
  const ask = (token: string): Promise<Response> => send(effects, call, token, signal)
  const token = await tokens.get()
  const first = await ask(token)
  // The token may have been revoked, or be older than a role that was given since. What was refused was not carried out.
  if (first.status !== 401 || demandedClaims(first.headers) !== undefined)
    return readReply(first, asked, signal)
  const another = await tokens.another().catch(async (fault: unknown) => {
    await first.body?.cancel().catch(() => undefined)
    throw fault
  })
  if (another === undefined) return readReply(first, asked, signal)
  await first.body?.cancel().catch(() => undefined)
  return readReply(await ask(another), asked, signal)
}

async function send(
  effects: App['effects'],
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
    requireNoStepUp(answer, asked)
    requirePassable(status, location !== null && ownAddress(location, asked) !== undefined)
    const returned = returnedHeaders(headers, asked)
    const bytes = await readAnswer(answer, asked.api.maxResponseBytes, signal)
    return { status, headers: returned, body: { kind: 'bytes', bytes } }
  } finally {
    // Ends the connection to an answer that is not wanted to its end.
    if (body !== null && !body.locked) await body.cancel().catch(() => undefined)
  }
}

/** One call of an API with a token that stays on the server: everything of the request goes at once, everything of the answer comes whole. */
import type { App } from '../../app.ts'
import { withinTime } from '../../base/deadline.ts'
import { type FetchAnswer, type FetchAsk, isDecoded } from '../../base/plainFetch.ts'
import { challengedClaims } from '../../entra/claimsChallenge.ts'
import { AppError } from '../../errors/appError.ts'
import type { Reply } from '../reply.ts'
import { API_CODES, type AskedApi, requirePassable } from './apiAnswer.ts'
import { returnedHeaders } from './apiHeaders.ts'
import type { ApiTokens } from './apiTokens.ts'
import { ownAddress } from './ownAddress.ts'
import { readAnswer } from './wholeAnswer.ts'

export interface ApiCall {
  readonly asked: AskedApi
  readonly tokens: ApiTokens
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer<ArrayBuffer>
  readonly correlationId: string
}

/**
 * Throws `api/*`, `entra/interaction_required` where the API asks for a step up, and what getting a token throws: that takes its own time,
 * and nothing of the API's.
 */
export async function callApi({ effects }: Pick<App, 'effects'>, call: ApiCall): Promise<Reply> {
  const { tokens, asked } = call
  const { timeoutMs } = asked.api
  const token = await tokens.get()
  const startedMs = effects.now()
  const first = await withinTime(timeoutMs, (signal) => callWith(token, signal, effects, call))
  if (first !== 'refused') return first
  // A clock that was set back must not make it longer.
  const spentMs = Math.max(0, effects.now() - startedMs)
  // The token may have been revoked, or be older than a role that was given since. What was refused was not carried out.
  const another = await tokens.another()
  if (another === undefined) throw new AppError('api/refused_token')
  const second = await withinTime(timeoutMs - spentMs, (signal) => callWith(another, signal, effects, call))
  if (second === 'refused') throw new AppError('api/refused_token')
  return second
}

/** The API's answer to one token, or that it refused it, where another may do. Throws `api/*`, `entra/interaction_required`. */
async function callWith(
  token: string,
  signal: AbortSignal,
  effects: App['effects'],
  call: ApiCall,
): Promise<Reply | 'refused'> {
  const answer = await send(effects, call, token, signal)
  requireNoStepUp(answer, call.tokens)
  return answer.status === 401 ? 'refused' : readReply(answer, call.asked, signal)
}

async function send(
  effects: App['effects'],
  { asked, method, headers, body, correlationId }: ApiCall,
  token: string,
  signal: AbortSignal,
): Promise<FetchAnswer> {
  const request: FetchAsk = {
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
  return effects.fetch(asked.url, request).catch((cause: unknown) => {
    throw new AppError('api/unavailable', { cause, detail: signal.aborted ? 'deadline' : 'network' })
  })
}

async function readReply(answer: FetchAnswer, asked: AskedApi, signal: AbortSignal): Promise<Reply> {
  const { status, headers } = answer
  const location = headers.get('location')
  requirePassable(status, location !== null && ownAddress(location, asked) !== undefined)
  if (!isDecoded(answer)) throw new AppError('api/malformed_response', { detail: 'header content-encoding' })
  const returned = returnedHeaders(headers, asked)
  const bytes = await readAnswer(answer, asked.api.maxResponseBytes, signal, API_CODES)
  return { status, headers: returned, body: { kind: 'bytes', bytes } }
}

/** Throws `entra/interaction_required` with the claims to sign in with, where the API is called as the person: it speaks to nobody else. */
function requireNoStepUp(answer: FetchAnswer, { areOfPerson }: ApiTokens): void {
  const claims = areOfPerson ? claimsDemandedBy(answer) : undefined
  if (claims !== undefined)
    throw new AppError('entra/interaction_required', { detail: 'insufficient_claims', claims })
}

function claimsDemandedBy({ status, headers }: FetchAnswer): string | undefined {
  return status === 401 ? challengedClaims(headers.get('www-authenticate')) : undefined
}

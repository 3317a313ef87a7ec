/** One answer of the front end, fetched and passed on whole, with the bytes that it sent. */
import type { App } from '../../app.ts'
import { withinTime } from '../../base/deadline.ts'
import type { SentAnswer } from '../../base/fetchAsSent.ts'
import type { FrontEnd } from '../../config/frontEnd.ts'
import { AppError } from '../../errors/appError.ts'
import { type Asked, addressUnder, ownAddress } from '../proxy/ownAddress.ts'
import { readAnswer } from '../proxy/wholeAnswer.ts'
import type { Reply } from '../reply.ts'
import { FRONT_END_CODES, requirePassable } from './frontEndAnswer.ts'
import { passedHeaders } from './frontEndHeaders.ts'

/** For the whole answer, and that of the fallback behind it. */
const TIMEOUT_MS = 20_000

export interface FrontEndCall {
  readonly method: 'GET' | 'HEAD'
  /** From its slash on. */
  readonly path: string
  readonly search: string
  readonly headers: Readonly<Record<string, string>>
  /** A navigation: where there is nothing, the fallback will do. */
  readonly isForDocument: boolean
}

interface Fetched {
  readonly asked: Asked
  readonly answer: SentAnswer
}

/** Throws `frontend/*`. */
export function passFrontEnd(
  { effects }: Pick<App, 'effects'>,
  frontEnd: FrontEnd,
  call: FrontEndCall,
): Promise<Reply> {
  return withinTime(TIMEOUT_MS, async (signal) => {
    const ask = (path: string, search: string, headers: FrontEndCall['headers']): Promise<Fetched> =>
      fetchAt(effects, frontEnd, { ...call, path, search, headers }, signal)
    const first = await ask(call.path, call.search, call.headers)
    const found = (await fallbackFor(first, frontEnd, call, ask)) ?? first
    return readReply(found, frontEnd, effects.now(), signal)
  })
}

/** The fallback, where it is wanted and there: whoever asks whether it has changed gets to know that. */
async function fallbackFor(
  { answer }: Fetched,
  { fallback }: FrontEnd,
  { isForDocument, headers, path }: FrontEndCall,
  ask: (path: string, search: string, headers: FrontEndCall['headers']) => Promise<Fetched>,
): Promise<Fetched | undefined> {
  if (answer.status !== 404 || !isForDocument || fallback === undefined || fallback === path) return undefined
  const { range: _part, 'if-range': _condition, ...whole } = headers
  const second = await ask(fallback, '', whole)
  return [200, 304].includes(second.answer.status) ? second : undefined
}

async function fetchAt(
  { fetchAsSent }: App['effects'],
  { url: base }: FrontEnd,
  { method, path, search, headers }: FrontEndCall,
  signal: AbortSignal,
): Promise<Fetched> {
  const url = addressUnder(base, path, search)
  const answer = await fetchAsSent(url, { method, headers, signal }).catch((cause: unknown) => {
    throw new AppError('frontend/unavailable', { cause, detail: signal.aborted ? 'deadline' : 'network' })
  })
  return { answer, asked: { url, base, own: '' } }
}

async function readReply(
  { asked, answer }: Fetched,
  { contentSecurityPolicy, maxBytes }: FrontEnd,
  nowMs: number,
  signal: AbortSignal,
): Promise<Reply> {
  const { status } = answer
  const location = answer.headers.get('location')
  requirePassable(answer, location !== null && ownAddress(location, asked) !== undefined, nowMs)
  const headers = passedHeaders(answer, asked, contentSecurityPolicy)
  const bytes = await readAnswer(answer, maxBytes, signal, FRONT_END_CODES)
  return { status, headers, body: { kind: 'passed', bytes } }
}

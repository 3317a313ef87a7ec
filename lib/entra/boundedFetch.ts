/**
 * How Entra is asked: a deadline, no redirects followed, a cap on the body, nothing of the browser's request passed on.
 * Answers like `fetch`, with the whole body already read. What came in a content coding that is not taken off has none: its status tells all there is.
 */
import { withinTime } from '../base/deadline.ts'
import type { Effects } from '../base/effects.ts'
import { type FetchAsk, isDecoded } from '../base/plainFetch.ts'
import { wholeBody } from '../base/wholeBody.ts'
import { AppError } from '../errors/appError.ts'

const MAX_BODY_BYTES = 1_048_576

export type BoundedFetch = (url: string, ask?: FetchAsk) => Promise<Response>

/**
 * Throws `entra/unavailable` for a network fault or a missed deadline, of its own or by the signal that came along; `entra/malformed_response`
 * for an oversize body.
 */
export function createBoundedFetch({ fetch }: Pick<Effects, 'fetch'>, deadlineMs: number): BoundedFetch {
  return (url, ask) => {
    const send = async (signal: AbortSignal): Promise<Response> => {
      try {
        const response = await fetch(url, { ...ask, redirect: 'manual', signal })
        const body = await wholeBody(response, MAX_BODY_BYTES, tooLarge)
        const bodyless = response.status === 204 || response.status === 205 || response.status === 304
        return new Response(bodyless || !isDecoded(response) ? null : body, {
          status: response.status,
          headers: [...response.headers],
        })
      } catch (cause) {
        if (cause instanceof AppError) throw cause
        throw new AppError('entra/unavailable', { cause, detail: signal.aborted ? 'deadline' : 'network' })
      }
    }
    return withinTime(deadlineMs, send, ask?.signal)
  }
}

function tooLarge(): AppError {
  return new AppError('entra/malformed_response', { detail: 'body too large' })
}

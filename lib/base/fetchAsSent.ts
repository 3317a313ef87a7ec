/**
 * HTTP for an answer that is passed on with its bytes as they were sent. `fetch` takes every content coding off and leaves the header that
 * names it; here neither is touched. No redirect is followed, nothing is added to the request but its host.
 */
import type { IncomingMessage } from 'node:http'
import { sendRequest } from './httpRequest.ts'

export interface SentAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
}

export interface AskAsSent {
  readonly method: 'GET' | 'HEAD'
  readonly headers: Readonly<Record<string, string>>
  /** Ends the request, and its answer wherever that is. */
  readonly signal: AbortSignal
}

export type FetchAsSent = (url: string, ask: AskAsSent) => Promise<SentAnswer>

/** Rejects where there is no answer. A kept connection that the other side had closed by then is no reason: the request goes once more. */
export const fetchAsSent: FetchAsSent = async (url, ask) => {
  const { request, answer } = sendRequest(url, ask)
  try {
    return answerOf(await answer)
  } catch (fault) {
    if (!request.reusedSocket || ask.signal.aborted) throw fault
    return answerOf(await sendRequest(url, ask).answer)
  }
}

/** An answer that cannot be told ends its connection. */
function answerOf(message: IncomingMessage): SentAnswer {
  try {
    const headers = new Headers()
    const { rawHeaders, statusCode = 0 } = message
    for (let i = 0; i < rawHeaders.length; i += 2)
      headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
    return { status: statusCode, headers, body: message }
  } catch (fault) {
    message.destroy()
    throw fault
  }
}

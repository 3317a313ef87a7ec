/**
 * HTTP for an answer that is passed on with its bytes as they were sent. `fetch` takes every content coding off and leaves the header that
 * names it; here neither is touched. No redirect is followed, nothing is added to the request but its host.
 */
import http, { type ClientRequest, type IncomingMessage } from 'node:http'
import https from 'node:https'

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
  const sent = send(url, ask)
  try {
    return await sent.answer
  } catch (fault) {
    if (!sent.request.reusedSocket || ask.signal.aborted) throw fault
    return send(url, ask).answer
  }
}

interface Sent {
  readonly request: ClientRequest
  readonly answer: Promise<SentAnswer>
}

function send(url: string, { method, headers, signal }: AskAsSent): Sent {
  const { promise, resolve, reject } = Promise.withResolvers<SentAnswer>()
  const { request: ask } = url.startsWith('https:') ? https : http
  const request = ask(url, { method, headers, signal })
  request.on('response', (message) => {
    try {
      resolve(answerOf(message))
    } catch (fault) {
      message.destroy()
      reject(fault)
    }
  })
  request.on('error', reject)
  // An answer that is no answer, as an upgrade, ends the request without an error.
  request.on('close', () => reject(new Error('closed without an answer')))
  request.end()
  return { request, answer: promise }
}

function answerOf(message: IncomingMessage): SentAnswer {
  const headers = new Headers()
  const { rawHeaders, statusCode = 0 } = message
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
  return { status: statusCode, headers, body: message }
}

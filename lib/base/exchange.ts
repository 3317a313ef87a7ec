/**
 * A request and its whole answer, for the services of the platform: small answers, asked for all the time. Connections are kept for a
 * minute, so that who comes after a pause does not pay for a new one; a request that met one which had been closed by then is for
 * whoever asks to repeat, who knows whether it may be carried out twice.
 */
import {
  type Connections,
  type HttpAsk,
  keptConnections,
  type SentRequest,
  sendRequest,
} from './httpRequest.ts'

export interface Exchanged {
  readonly status: number
  /** By its name in lower case. */
  readonly header: (name: string) => string | undefined
  readonly text: string
}

export type Exchange = (url: string, ask: HttpAsk) => Promise<Exchanged>

const IDLE_MS = 60_000
const MOST_CONNECTIONS = 128
/** A page of a thousand rows has four megabytes at most. */
const LONGEST_ANSWER = 16_777_216

const kept = keptConnections(IDLE_MS, MOST_CONNECTIONS)

/** Rejects where there is no answer, or one that is too long or breaks off. */
export const exchange: Exchange = (url, ask) => wholeAnswer(url, ask, kept)

/** The same over the connections of the process, for which a command may have named a proxy. */
export const exchangeOfProcess: Exchange = (url, ask) => wholeAnswer(url, ask)

async function wholeAnswer(url: string, ask: HttpAsk, connections?: Connections): Promise<Exchanged> {
  const answer = await sendRequest(url, ask, connections).answer
  const text = await textOf(answer)
  const { statusCode: status = 0, headers } = answer
  const header = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'object' ? value[0] : value
  }
  return { status, header, text }
}

/** By its events: there is one such answer or more in nearly every request, and an iteration over a stream does more for each. */
function textOf(answer: Awaited<SentRequest['answer']>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const chunks: Buffer[] = []
  let length = 0
  answer.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > LONGEST_ANSWER) answer.destroy(new Error('the answer is too long'))
    else chunks.push(chunk)
  })
  answer.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
  answer.on('error', reject)
  return promise
}

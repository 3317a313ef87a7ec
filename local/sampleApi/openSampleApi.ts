/**
 * An API on the desk, as somebody else would run it: it lets in whom the guard accepts, says what it received, and can be told to challenge,
 * to be slow or to fail. It answers on the loopback address, over plain HTTP.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGuard, type GuardOptions } from '../../lib/guard/guard.ts'
import { headerPairs } from './headerPairs.ts'

/** What the next calls meet, until it is changed. */
export type SampleApiMood =
  | { readonly kind: 'well' }
  /** 401 with `insufficient_claims`: an authentication context is demanded. */
  | { readonly kind: 'challenge'; readonly authenticationContext: string }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'fail'; readonly status: number }

export interface ReceivedCall {
  readonly method: string
  readonly path: string
  /** Names and values as they came; the token is left out. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
  /** Object id of the person or application that the token names; undefined where it was refused. */
  readonly objectId: string | undefined
  readonly status: number
}

export interface SampleApi {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  /** Every call since the start, oldest first. */
  readonly calls: ReceivedCall[]
  mood: SampleApiMood
  close(): Promise<void>
}

/** Starts the API. Resolves when it listens. */
export async function openSampleApi(options: GuardOptions): Promise<SampleApi> {
  const guard = createGuard(options)
  const calls: ReceivedCall[] = []
  const api = { mood: { kind: 'well' } as SampleApiMood }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const decision = await guard.judge(request.headers.authorization)
    const { mood } = api
    const refusal =
      decision.kind === 'accepted' && mood.kind === 'challenge'
        ? guard.demandClaims({
            access_token: { acrs: { essential: true, value: mood.authenticationContext } },
          })
        : decision
    const caller = decision.kind === 'accepted' ? decision.caller : undefined
    const isRefused = refusal.kind === 'refused'
    const status = isRefused ? refusal.status : mood.kind === 'fail' ? mood.status : 200
    const call: ReceivedCall = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: headerPairs(request.rawHeaders),
      body: Buffer.concat(chunks).toString(),
      objectId: caller?.objectId,
      status,
    }
    calls.push(call)
    if (mood.kind === 'slow') await sleep(mood.ms)
    const body = isRefused
      ? refusal.jsonBody
      : {
          caller: caller?.kind,
          objectId: caller?.objectId,
          method: call.method,
          path: call.path,
          headers: call.headers,
        }
    response.writeHead(status, { 'content-type': 'application/json', ...(isRefused ? refusal.headers : {}) })
    response.end(JSON.stringify(body))
  }

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    calls,
    get mood() {
      return api.mood
    },
    set mood(mood) {
      api.mood = mood
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

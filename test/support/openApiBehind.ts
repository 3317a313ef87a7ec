/** A world whose app has one API behind it, a server in the test's hand, and somebody signed in who calls it by script. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { openWorld, type World } from './openWorld.ts'
import { type Ask, newVisitor, type Reply } from './visitor.ts'

type Act = (response: ServerResponse, request: IncomingMessage) => unknown

export interface ApiBehind {
  readonly world: World
  /** Its own address, which `/api/orders` leads to. */
  readonly url: string
  /** What reached it in this test. */
  readonly received: { readonly request: IncomingMessage; readonly body: Buffer }[]
  /** What it does until the test ends; `{}` unless told. */
  answer(act: Act): void
  /** Answers with this status, and then writes as long as anybody listens. */
  answerEndlessly(status: number): { readonly isLeft: boolean; readonly bytes: number }
  /** A call by our own script, signed in. */
  ask(path?: string, ask?: Ask): Promise<Reply>
}

export async function openApiBehind(members: Readonly<Record<string, unknown>>): Promise<ApiBehind> {
  const received: { readonly request: IncomingMessage; readonly body: Buffer }[] = []
  const nothing: Act = (response) => response.end('{}')
  let act = nothing
  const upstream = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ request, body: Buffer.concat(chunks) })
    await act(response, request)
  }).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  const address = upstream.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`

  const world = await openWorld()
  const orders = { url, as: 'app', scope: `api://${world.desk.clientId}/.default`, ...members }
  world.replaceInstance({ DOWNSTREAM_APIS: JSON.stringify({ orders }) })
  const visitor = newVisitor(world.origin)
  beforeAll(() => visitor.signIn())
  beforeEach(() => {
    received.length = 0
    act = nothing
  })
  afterAll(async () => {
    await world.close()
    upstream.closeAllConnections()
    upstream.close()
  })
  const fromScript = {
    accept: 'application/json',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    'x-csrf': '1',
  }
  return {
    world,
    url,
    received,
    answer(given) {
      act = given
    },
    answerEndlessly(status) {
      const sent = { isLeft: false, bytes: 0 }
      act = (response) => writeEndlessly(response, status, sent)
      return sent
    },
    ask: (path = '/api/orders/x', { headers, ...more } = {}) =>
      visitor.ask(`${world.origin}${path}`, {
        ...more,
        headers: { ...fromScript, ...headers },
        from: world.origin,
      }),
  }
}

/** To an end all the same, so that a fault of the app's makes a failing test and not one that hangs. */
async function writeEndlessly(
  response: ServerResponse,
  status: number,
  sent: { isLeft: boolean; bytes: number },
): Promise<void> {
  const left = once(response, 'close').then(() => {
    sent.isLeft = true
  })
  response.writeHead(status)
  const piece = Buffer.alloc(16_384)
  while (!sent.isLeft && sent.bytes < 300_000_000) {
    sent.bytes += piece.length
    if (!response.write(piece)) await Promise.race([once(response, 'drain').catch(() => undefined), left])
  }
}

import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openWorld } from '../support/openWorld.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const received: Received[] = []
let answerStatus = 200
/** Statuses of the next answers, before `answerStatus` holds again. */
let nextStatuses: number[] = []
const upstream = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const { method = '', url = '', headers } = request
  received.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
  response.writeHead(nextStatuses.shift() ?? answerStatus, {
    'content-type': 'application/json',
    'set-cookie': 'upstream=1',
    server: 'upstream/1.0',
    etag: '"1"',
    location: 'https://elsewhere.example/',
  })
  response.end('{"orders":[]}')
}).listen(0, '127.0.0.1')
await once(upstream, 'listening')
const address = upstream.address()
const upstreamUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`

const world = await openWorld()
const api = {
  url: upstreamUrl,
  as: 'app',
  scope: `api://${world.desk.clientId}/.default`,
  methods: ['GET', 'POST'],
}
const SETTINGS = { DOWNSTREAM_APIS: JSON.stringify({ orders: api }) }
world.replaceInstance(SETTINGS)
afterAll(async () => {
  await world.close()
  upstream.close()
})

let visitor: Visitor
beforeEach(async () => {
  received.length = 0
  answerStatus = 200
  nextStatuses = []
  visitor = newVisitor(world.origin)
})

const FROM_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> =>
  visitor.ask(`${world.origin}${path}`, {
    method,
    headers: { ...FROM_SCRIPT, ...headers },
    from: world.origin,
  })

describe('an API behind /api/{name}/', () => {
  test('is called with the token of the app-only client, and the browser sees neither token nor cookie of it', async () => {
    await visitor.signIn()
    const reply = await ask('/api/orders/list/7?top=5&name=a%20b')
    expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([200, '{"orders":[]}', '"1"'])
    expect(reply.setCookies).toEqual([])
    expect(reply.headers.get('server')).toBeNull()
    const [call] = received
    expect(call?.url).toBe('/v1/list/7?top=5&name=a%20b')
    expect(call?.headers.cookie).toBeUndefined()
    const payload = JSON.parse(
      Buffer.from(call?.headers.authorization?.split('.')[1] ?? '', 'base64url').toString(),
    )
    expect(payload).toMatchObject({ azp: world.desk.settings.APP_ONLY_CLIENT_ID, azpacr: '2' })
    expect(payload.scp).toBeUndefined()
  })

  test('gets a body and what may pass of the headers, and none of what a browser could forge', async () => {
    await visitor.signIn()
    const reply = await visitor.ask(`${world.origin}/api/orders/new`, {
      method: 'POST',
      form: new URLSearchParams({ item: 'ink' }),
      headers: {
        ...FROM_SCRIPT,
        authorization: 'Bearer forged',
        'x-ms-client-principal': 'e30=',
        'x-forwarded-for': '1.2.3.4',
        'if-match': '"1"',
      },
      from: world.origin,
    })
    expect(reply.status).toBe(200)
    const { headers, body } = received[0] as Received
    expect(body).toBe('item=ink')
    expect(headers['if-match']).toBe('"1"')
    expect(headers.authorization).not.toContain('forged')
    expect(Object.keys(headers)).not.toContain('x-ms-client-principal')
    expect(Object.keys(headers)).not.toContain('x-forwarded-for')
  })

  test.each([
    ['nobody is signed in', '/api/orders/x', {}, 'GET', 401, 'session/required', false],
    [
      'the header of our own scripts is missing',
      '/api/orders/x',
      { 'x-csrf': '' },
      'GET',
      403,
      'http/csrf_header_required',
      true,
    ],
    [
      'another site asks',
      '/api/orders/x',
      { 'sec-fetch-site': 'cross-site' },
      'GET',
      403,
      'http/cross_site',
      true,
    ],
    ...['https://evil.example', 'null', 'https://evil.example, https://evil.example', ''].flatMap((origin) =>
      ['GET', 'POST'].map(
        (method) =>
          [
            `its ${method} names the origin "${origin}"`,
            '/api/orders/x',
            { origin, 'sec-fetch-site': '' },
            method,
            403,
            'http/cross_site',
            true,
          ] as const,
      ),
    ),
    ['the method is not listed', '/api/orders/x', {}, 'DELETE', 405, 'http/method_not_allowed', true],
    ['the API is not configured', '/api/users/x', {}, 'GET', 404, 'http/not_found', true],
    ['the name is one of every object', '/api/constructor/x', {}, 'GET', 404, 'http/not_found', true],
    ['the path hides a slash', '/api/orders/a%2fb', {}, 'GET', 400, 'api/invalid_path', true],
    ['the path hides a dot segment', '/api/orders/a/%2e%2e%2fb', {}, 'GET', 400, 'api/invalid_path', true],
    ['the path holds a percent sign', '/api/orders/100%25', {}, 'GET', 400, 'api/invalid_path', true],
    ['the path hides a slash twice', '/api/orders/a%252fb', {}, 'GET', 400, 'api/invalid_path', true],
    ['the path hides a letter twice', '/api/orders/%2565', {}, 'GET', 400, 'api/invalid_path', true],
    [
      'the path has an empty segment',
      '/api/orders//evil.example/x',
      {},
      'GET',
      400,
      'api/invalid_path',
      true,
    ],
  ] as const)('is not called when %s', async (_case, path, headers, method, status, code, isSignedIn) => {
    if (isSignedIn) await visitor.signIn()
    const reply = await ask(path, headers, method)
    expect([reply.status, JSON.parse(reply.text).code]).toEqual([status, code])
    expect(received).toEqual([])
  })

  test.each([
    [302, 503, 'api/unavailable'],
    [307, 503, 'api/unavailable'],
    [401, 500, 'api/refused_token'],
  ] as const)(
    'that answers %i makes a clear fault of ours, and leads nowhere',
    async (status, answered, code) => {
      await visitor.signIn()
      answerStatus = status
      const reply = await ask('/api/orders/x')
      expect([reply.status, JSON.parse(reply.text).code]).toEqual([answered, code])
      expect(reply.headers.get('location')).toBeNull()
    },
  )

  test('that refuses an old token gets a new one, once, and the browser notices nothing', async () => {
    await visitor.signIn()
    await ask('/api/orders/x')
    world.advance(61_000)
    received.length = 0
    nextStatuses = [401]
    expect((await ask('/api/orders/x')).status).toBe(200)
    const [first, second, ...more] = received.map(({ headers }) => headers.authorization)
    expect([first === second, more]).toEqual([false, []])
  })

  test('that refuses one person leaves everybody else the token they have, and ten refusals cost Entra one request', async () => {
    await visitor.signIn()
    await ask('/api/orders/x')
    world.advance(61_000)
    const held = received.at(-1)?.headers.authorization
    const asked = (): number => world.desk.entra.log.filter(({ kind }) => kind === 'token').length
    const before = asked()
    const barrier = Promise.withResolvers<void>()
    world.desk.entra.switches.faults.token = { kind: 'hold', until: barrier.promise }
    received.length = 0
    nextStatuses = Array.from({ length: 10 }, () => 401)
    const refused = Promise.all(Array.from({ length: 10 }, () => ask('/api/orders/mine')))
    await expect.poll(() => received.length).toBe(10)
    await expect.poll(asked).toBe(before + 1)
    const other = await ask('/api/orders/theirs')
    expect([other.status, received.at(-1)?.headers.authorization]).toEqual([200, held])

    barrier.resolve()
    expect(new Set((await refused).map(({ status }) => status))).toEqual(new Set([200]))
    expect([asked(), received.at(-1)?.headers.authorization === held]).toEqual([before + 1, false])
    world.desk.entra.switches.reset()
  })

  test('that refuses one person while Entra is away is trouble of that person’s alone', async () => {
    await visitor.signIn()
    await ask('/api/orders/x')
    world.advance(61_000)
    const asked = (): number => world.desk.entra.log.filter(({ kind }) => kind === 'token').length
    const before = asked()
    world.desk.entra.switches.faults.token = { kind: 'status', status: 503 }
    for (let i = 0; i < 3; i += 1) {
      nextStatuses = [401]
      expect((await ask('/api/orders/mine')).status).toBe(503)
      expect((await ask('/api/orders/theirs')).status).toBe(200)
    }
    expect(asked()).toBe(before + 1)
    world.desk.entra.switches.reset()
    world.replaceInstance(SETTINGS)
  })

  test('that refuses an old token of a request with a body gets the body again, with the new one', async () => {
    await visitor.signIn()
    await ask('/api/orders/x')
    world.advance(61_000)
    received.length = 0
    nextStatuses = [401]
    const reply = await visitor.ask(`${world.origin}/api/orders/x`, {
      method: 'POST',
      form: new URLSearchParams({ item: 'ink' }),
      headers: FROM_SCRIPT,
      from: world.origin,
    })
    expect([reply.status, received.map(({ body }) => body)]).toEqual([200, ['item=ink', 'item=ink']])
  })

  test('that takes an old token is asked once', async () => {
    await visitor.signIn()
    await ask('/api/orders/x')
    world.advance(61_000)
    received.length = 0
    for (const status of [200, 403, 500]) {
      answerStatus = status
      expect((await ask('/api/orders/x')).status).toBe(status)
    }
    expect(received).toHaveLength(3)
  })

  test('that refuses a token that is fresh is not asked again', async () => {
    await visitor.signIn()
    world.advance(61_000)
    nextStatuses = [401]
    await ask('/api/orders/x')
    received.length = 0
    answerStatus = 401
    const reply = await ask('/api/orders/x')
    expect([reply.status, received.length]).toEqual([500, 1])
  })

  test('that answers 404 is heard as it is', async () => {
    await visitor.signIn()
    answerStatus = 404
    expect((await ask('/api/orders/x')).status).toBe(404)
  })
})

/** The deployed bundle and an API behind it under each host: what host and worker do to paths, bodies and headers is part of it. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse, request as startRequest } from 'node:http'
import type { Writable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { describeUnderRealHost } from '../support/realHost.ts'
import { newVisitor } from '../support/visitor.ts'
import { type Answer, type Sending, send } from './cases/send.ts'

const received: { readonly request: IncomingMessage; readonly body: Buffer }[] = []
let answer: (response: ServerResponse, body: Buffer) => unknown
const upstream = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  received.push({ request, body })
  answer(response, body)
})
beforeAll(() => once(upstream.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => {
  upstream.closeAllConnections()
  upstream.close()
})

describe('under our host', () => reachesApis(undefined))
describeUnderRealHost('under the real Functions host', reachesApis)

function reachesApis(program: string | undefined): void {
  let running: RunningApp
  let port = 0
  let cookie = ''
  beforeAll(async () => {
    const address = upstream.address()
    const upstreamPort = typeof address === 'object' && address !== null ? address.port : 0
    running = await openRunningApp({
      program,
      settings: ({ clientId }) => ({
        DOWNSTREAM_APIS: JSON.stringify({
          orders: {
            url: `http://127.0.0.1:${upstreamPort}/v1`,
            as: 'app',
            scope: `api://${clientId}/.default`,
            methods: ['GET', 'POST', 'PUT'],
            maxResponseBytes: 1_000_000,
          },
        }),
      }),
    })
    port = Number(new URL(running.origin).port)
    const visitor = newVisitor(running.origin)
    await visitor.signIn()
    cookie = [...visitor.appCookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
  })
  afterAll(() => running?.close())
  beforeEach(() => {
    received.length = 0
    answer = (response) => response.end('{}')
  })

  async function ask(path: string, { headers = [], ...more }: Partial<Sending> = {}): Promise<Answer> {
    const own = [
      ['Cookie', cookie],
      ['X-CSRF', '1'],
      ['Accept', 'application/json'],
    ] as const
    const answered = await send(port, { path, headers: [...own, ...headers], ...more }, 20_000)
    if (answered === undefined) throw new Error(`${path} was not answered`)
    return answered
  }
  const codeOf = ({ body }: Answer): unknown => JSON.parse(body.toString()).code
  /** What the log says of the request that got this answer. */
  async function logged(answered: Answer): Promise<Record<string, unknown>> {
    const id = String(answered.headers['x-correlation-id'])
    for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt; ) {
      const line = running
        .host()
        .output()
        .split('\n')
        .find((one) => one.includes(id) && one.includes('"event":"request"'))
      if (line !== undefined) return JSON.parse(line.slice(line.indexOf('{')))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`no line about ${id}`)
  }

  test.each([
    ['/api/orders/list/7?a=1&a=2&b=%2565', '/v1/list/7?a=1&a=2&b=%2565'],
    ['/API/orders/caf%C3%A9/a%20b/', '/v1/caf%C3%A9/a%20b/'],
    ['/api/orders', '/v1'],
    ['/api/orders/%6Cist', '/v1/list'],
  ])('%s is asked for as %s', async (path, called) => {
    expect((await ask(path)).status).toBe(200)
    expect(received.map(({ request }) => request.url)).toEqual([called])
  })

  test.each([
    '/api/orders/%25',
    '/api/orders/100%25',
    '/api/orders/%2F',
    '/api/orders/a%2fb',
    '/api/orders/%2565',
    '/api/orders/%2561dmin',
    '/api/orders/a%2520b',
    '/api/orders/caf%25C3%25A9',
    '/api/orders/%252565',
    '/api/orders/a%252fb',
    '/api/orders/x/%252e%252e/y',
    '/api/orders/%252e%252e/orders/y',
    '/api/orders/a%5cb',
    '/api/orders/a\\b',
    '/api/orders/a//b',
    '/api/orders/..%3b/admin',
    '/api/orders/%0d%0a',
    '/api/orders/%C3%28',
    '/api/orders/%',
  ])('%s is refused with one code, and never decoded a second time', async (path) => {
    const answered = await ask(path)
    expect([answered.status, codeOf(answered)]).toEqual([400, 'api/invalid_path'])
    expect(received).toEqual([])
  })

  test('a body of any bytes is the same on both sides, and never in chunks', async () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256))
    answer = (response, body) =>
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body)
    const answered = await ask('/api/orders/x', {
      method: 'PUT',
      body: bytes,
      headers: [
        ['Content-Type', 'application/octet-stream'],
        ['Content-Encoding', 'br'],
      ],
    })
    expect(answered.body.equals(bytes)).toBe(true)
    expect(received[0]?.request.headers).toMatchObject({
      'content-length': '70000',
      'content-encoding': 'br',
    })
  })

  test.each([
    ['/api/orders/x', 'application/json', '{"item":1}'],
    ['/auth/callback', 'application/x-www-form-urlencoded', 'state=x'],
  ])('a body in chunks is refused by name: POST %s', async (path, type, body) => {
    const answered = await ask(path, {
      method: 'POST',
      body,
      chunked: true,
      headers: [['Content-Type', type]],
    })
    expect([answered.status, codeOf(answered)]).toEqual([411, 'http/length_required'])
    expect(await logged(answered)).toMatchObject({ outcome: 'http/length_required' })
    expect(received).toEqual([])
  })

  test('a body with GET is refused instead of being lost', async () => {
    const answered = await ask('/api/orders/x', {
      body: '{"item":1}',
      headers: [['Content-Type', 'text/plain']],
    })
    expect([answered.status, codeOf(answered)]).toEqual([400, 'http/body_not_allowed'])
    expect(received).toEqual([])
  })

  test('a body between the limits of app and host is refused by the app, a larger one by the host before it comes', async () => {
    const answered = await ask('/api/orders/x', { method: 'PUT', body: Buffer.alloc(10_485_761) })
    expect([answered.status, codeOf(answered)]).toEqual([413, 'http/body_too_large'])
    const beyond = await ask('/api/orders/x', { method: 'PUT', announce: 12_582_913 })
    expect([beyond.status, beyond.body.length, beyond.headers['x-correlation-id']]).toEqual([
      500,
      0,
      undefined,
    ])
    expect(received).toEqual([])
  })

  test.each<[string, string, number, (response: ServerResponse) => unknown]>([
    [
      'sends a header beyond ASCII',
      'api/malformed_response',
      502,
      (response) =>
        response
          .writeHead(200, {
            'content-disposition': Buffer.from('attachment; filename="中"').toString('latin1'),
          })
          .end('{}'),
    ],
    [
      'sends a status that HTTP does not have',
      'api/malformed_response',
      502,
      (response) => response.socket?.end('HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\n{}'),
    ],
    [
      'dies in mid-body',
      'api/unavailable',
      503,
      (response) => response.writeHead(200, { 'content-length': 9 }).write('begun', () => response.destroy()),
    ],
    ['answers too much', 'api/response_too_large', 502, (response) => response.end(Buffer.alloc(1_000_001))],
  ])(
    'an API that %s makes %s, never an empty 500 with a log that says ok',
    async (_what, code, status, act) => {
      answer = act
      const answered = await ask('/api/orders/x')
      expect([answered.status, codeOf(answered)]).toEqual([status, code])
      expect(await logged(answered)).toMatchObject({ outcome: code, status })
    },
  )

  test('an answer that comes whole is logged as ok', async () => {
    answer = (response) =>
      response.writeHead(201, { location: '/v1/list/8', link: '<9>; rel=next' }).end('{"id":8}')
    const answered = await ask('/api/orders/list/', { method: 'POST', body: '{}' })
    expect([answered.status, answered.body.toString()]).toEqual([201, '{"id":8}'])
    expect(answered.headers).toMatchObject({
      location: '/api/orders/list/8',
      link: '</api/orders/list/9>; rel="next"',
    })
    expect(await logged(answered)).toMatchObject({ outcome: 'ok', status: 201 })
  })

  test.each(['FOO', 'PROPFIND', 'TRACE'])('%s at the root shows no page of the host', async (method) => {
    const answered = await ask('/', { method })
    expect([answered.status, answered.body.length, answered.headers['content-type']]).toEqual([
      204,
      0,
      undefined,
    ])
  })

  describe.runIf(process.platform === 'linux' && program === undefined)('in memory', () => {
    /** The most that host and app, which are one process here, ever took. Megabytes. */
    const peak = (): number =>
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${running.host().pid}/status`, 'utf8'))?.[1]) / 1_024

    test('four anonymous posts of 100 MB leave no trace', async () => {
      const before = peak()
      const statuses = await Promise.all([1, 2, 3, 4].map(() => post100Megabytes(port)))
      expect(statuses).toEqual([500, 500, 500, 500])
      expect(peak() - before).toBeLessThan(100)
    })

    test('three answers of 150 MB take no more than their limits', async () => {
      const before = peak()
      answer = (response) => {
        response.writeHead(200)
        writeMegabytes(response, 150)
      }
      const answers = await Promise.all([1, 2, 3].map(() => ask('/api/orders/x')))
      expect(answers.map(codeOf)).toEqual(new Array(3).fill('api/response_too_large'))
      expect(peak() - before).toBeLessThan(150)
    })
  })
}

function post100Megabytes(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      host: `localhost:${port}`,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': 100 << 20,
      // A host that may close at once would cut the answer off with the body.
      connection: 'keep-alive',
    }
    const options = { host: '127.0.0.1', port, method: 'POST', path: '/auth/callback', agent: false, headers }
    const post = startRequest(options, (response) => {
      resolve(response.statusCode ?? 0)
      post.destroy()
    })
    post.on('error', reject)
    writeMegabytes(post, 100)
  })
}

/** Writes as fast as the other side takes it, until it is done or nobody listens any more. */
function writeMegabytes(stream: Writable, count: number): void {
  const piece = Buffer.alloc(1 << 20, 'a')
  let left = count
  const go = (): void => {
    while (left > 0 && !stream.destroyed) {
      left -= 1
      if (!stream.write(piece)) {
        stream.once('drain', go)
        return
      }
    }
    stream.end()
  }
  go()
}

/** Bodies on their way to an API and back: whole and bounded. */
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openApiBehind } from '../support/openApiBehind.ts'
import { expectTwin } from '../support/screens.ts'

const MAX_BYTES = 100_000
const api = await openApiBehind({
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  maxResponseBytes: MAX_BYTES,
})
const { world, received, ask } = api

describe('a body goes to the API', () => {
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'whole with %s, with its length and never in chunks, with all that says what it is',
    async (method) => {
      const body = 'müller,'.repeat(40_000)
      const described = {
        'content-type': 'text/csv; charset=utf-8',
        'content-encoding': 'x-none',
        'content-language': 'de',
        'content-range': 'bytes 0-7/8',
        'content-digest': 'sha-256=:AAAA:',
        'content-length': String(Buffer.byteLength(body)),
      }
      expect((await ask(undefined, { method, body, headers: described })).status).toBe(200)
      const [call] = received
      expect(call?.body.toString()).toBe(body)
      expect(call?.request.headers).toMatchObject(described)
      expect(call?.request.headers).not.toHaveProperty('transfer-encoding')
    },
  )

  test('not at all where it is empty, and then its length is nothing', async () => {
    await ask(undefined, { method: 'POST', body: '' })
    expect([received[0]?.request.headers['content-length'], received[0]?.body.length]).toEqual(['0', 0])
  })

  test('up to its limit, and nothing of a longer one', async () => {
    const length = 10_485_760
    const body = 'a'.repeat(length)
    expect((await ask(undefined, { method: 'PUT', body })).status).toBe(200)
    expect(received.map((call) => call.body.length)).toEqual([length])
    expectTwin(world, await ask(undefined, { method: 'PUT', body: `${body}a` }), 'http/body_too_large')
    expect(received).toHaveLength(1)
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'GET'])(
    'never as an empty one that was sent in chunks: %s',
    async (method) => {
      const reply = await ask(undefined, {
        method,
        body: '{"item":1}',
        headers: { 'transfer-encoding': 'chunked' },
      })
      expectTwin(world, reply, 'http/length_required')
      expect(received).toEqual([])
    },
  )

  test('never with GET or HEAD, where it would be lost', async () => {
    expectTwin(
      world,
      await ask(undefined, { method: 'GET', body: '{}', headers: { 'content-length': '2' } }),
      'http/body_not_allowed',
    )
    const head = await ask(undefined, { method: 'HEAD', headers: { 'content-length': '2' }, body: '{}' })
    expect(head.status).toBe(400)
    expect(received).toEqual([])
  })

  test('never without something that the caller says of it', async () => {
    const headers = { 'content-type': 'text/csv', 'content-transfer-encoding': 'base64' }
    expectTwin(
      world,
      await ask(undefined, { method: 'PUT', body: 'YQ==', headers }),
      'http/unsupported_media_type',
    )
    expect(received).toEqual([])
  })

  test('with the query as it came', async () => {
    const query = '?a=1&a=2&b=%2565&c=x+y%20z&d&=e&f=%FF&g=/?:@'
    await ask(`/api/orders/list${query}`)
    expect(received[0]?.request.url).toBe(`/v1/list${query}`)
  })
})

describe('an answer comes back', () => {
  test('byte for byte', async () => {
    const digest = createHash('sha256').update('é'.repeat(9_000)).digest('base64')
    api.answer((response) => response.writeHead(200, { digest: `SHA-256=${digest}` }).end('é'.repeat(9_000)))
    const reply = await ask()
    expect([reply.text, reply.headers.get('digest')]).toEqual(['é'.repeat(9_000), `SHA-256=${digest}`])
  })

  test('decoded, without the length, encoding and digest of what was sent', async () => {
    api.answer((response, request) => {
      const bytes = gzipSync('plain text '.repeat(1_000))
      const headers = {
        'content-encoding': 'gzip',
        'content-length': bytes.length,
        'content-digest': 'sha-256=:A:',
      }
      response.writeHead(200, { 'x-asked': request.headers['accept-encoding'], ...headers }).end(bytes)
    })
    const reply = await ask()
    expect(reply.text).toBe('plain text '.repeat(1_000))
    expect([reply.headers.get('content-encoding'), reply.headers.get('content-digest')]).toEqual([null, null])
    expect(received[0]?.request.headers['accept-encoding']).toBe('identity')
  })

  test('up to its limit, and no larger one, whether it says so or not', async () => {
    api.answer((response) => response.end('a'.repeat(MAX_BYTES)))
    expect((await ask()).text).toHaveLength(MAX_BYTES)
    api.answer((response) => response.end('a'.repeat(MAX_BYTES + 1)))
    expectTwin(world, await ask(), 'api/response_too_large')
    api.answer((response) => {
      response.write('a'.repeat(MAX_BYTES))
      response.end('a')
    })
    expectTwin(world, await ask(), 'api/response_too_large')
  })

  test('not of few bytes that become many', async () => {
    const bytes = gzipSync(Buffer.alloc(50_000_000))
    api.answer((response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes))
    expectTwin(world, await ask(), 'api/response_too_large')
  })

  test('without an end is left: the API hears that nobody listens', async () => {
    const sent = api.answerEndlessly(200)
    expectTwin(world, await ask(), 'api/response_too_large')
    await expect.poll(() => sent.isLeft).toBe(true)
    expect(sent.bytes).toBeLessThan(30_000_000)
  })

  test.each([302, 407])('that is not passed on is left as well: status %i', async (status) => {
    const sent = api.answerEndlessly(status)
    expectTwin(world, await ask(), 'api/unavailable')
    await expect.poll(() => sent.isLeft).toBe(true)
  })

  test('over one connection, call after call: what was read to its end is not cut off', async () => {
    const sockets = new Set<unknown>()
    api.answer((response, request) => {
      sockets.add(request.socket)
      response.end('{}')
    })
    for (let i = 0; i < 5; i += 1) expect((await ask()).status).toBe(200)
    expect(sockets.size).toBe(1)
  })

  test.each([204, 205, 304])('without a body where %i has none', async (status) => {
    api.answer((response) => response.writeHead(status, { etag: '"1"' }).end())
    const reply = await ask()
    expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([status, '', '"1"'])
  })

  test('to HEAD without one, however long the API says it is', async () => {
    api.answer((response) => response.writeHead(200, { 'content-length': 5_000_000_000, etag: '"1"' }).end())
    const reply = await ask(undefined, { method: 'HEAD' })
    expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([200, '', '"1"'])
  })

  test('with the addresses under the API as ours, and no other', async () => {
    api.answer((response) =>
      response
        .writeHead(201, {
          location: `${api.url}/list/8?v=1`,
          'operation-location': '/v1/operations/1',
          'content-location': 'https://elsewhere.example/v1/list/8',
          link: [`<${api.url}/list?page=2>; rel="next"`, '<https://elsewhere.example/>; rel="help"'],
        })
        .end('{}'),
    )
    const { headers, status } = await ask('/api/orders/list')
    expect(status).toBe(201)
    expect(headers.get('location')).toBe('/api/orders/list/8?v=1')
    expect(headers.get('operation-location')).toBe('/api/orders/operations/1')
    expect(headers.get('link')).toBe('</api/orders/list?page=2>; rel="next"')
    expect(headers.has('content-location')).toBe(false)
  })

  test('as a redirect that stays under the API, which is not followed here', async () => {
    api.answer((response) => response.writeHead(307, { location: '/v1/orders/' }).end())
    const reply = await ask('/api/orders/orders')
    expect([reply.status, reply.headers.get('location')]).toEqual([307, '/api/orders/orders/'])
    expect(received).toHaveLength(1)
  })
})

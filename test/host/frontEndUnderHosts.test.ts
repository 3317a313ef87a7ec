/** The deployed bundle with a front end behind it under each host: what host and worker do to paths, bytes and headers is part of it. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FrontEndServer, openFrontEnd } from '../support/openFrontEnd.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { describeUnderRealHost } from '../support/realHost.ts'
import { type Answer, type Sending, send } from './cases/send.ts'

const BYTES = Buffer.from(Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256))
const ZIPPED = gzipSync(BYTES)

describe('under our host', () => passesTheFrontEnd(undefined))
describeUnderRealHost('under the real Functions host', passesTheFrontEnd)

function passesTheFrontEnd(program: string | undefined): void {
  let server: FrontEndServer
  let running: RunningApp
  let port = 0
  beforeAll(async () => {
    server = await openFrontEnd({
      '/': (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Start</title>'),
      '/index.html': (response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Index</title>'),
      '/photo.bin': (response) => response.writeHead(200, { etag: '"1"' }).end(BYTES),
      '/zipped.bin': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(ZIPPED),
      '/part.bin': (response) =>
        response.writeHead(206, { 'content-range': 'bytes 0-9/70000' }).end(BYTES.subarray(0, 10)),
      '/kept.js': (response) => response.writeHead(304, { etag: '"1"', 'cache-control': 'max-age=60' }).end(),
      '/caf%C3%A9/a%20b': (response) => response.end('found'),
      '/auth/theirs': (response) => response.end('found'),
    })
    running = await openRunningApp({ program, settings: () => ({ FRONT_END_URL: server.origin }) })
    port = Number(new URL(running.origin).port)
  })
  afterAll(async () => {
    await running?.close()
    server?.close()
  })
  beforeEach(() => void server.asked.splice(0))

  async function ask(path: string, { headers = [], ...more }: Partial<Sending> = {}): Promise<Answer> {
    const answered = await send(port, { path, headers: [['Accept', '*/*'], ...headers], ...more }, 20_000)
    if (answered === undefined) throw new Error(`${path} was not answered`)
    return answered
  }

  test.each([
    ['/', '/'],
    ['/?a=1&a=2&b=%2565', '/?a=1&a=2&b=%2565'],
    ['/photo.bin', '/photo.bin'],
    ['/caf%C3%A9/a%20b', '/caf%C3%A9/a%20b'],
    ['/%70hoto.bin', '/photo.bin'],
    ['/auth/theirs', '/auth/theirs'],
  ])('%s is asked for as %s', async (path, asked) => {
    expect((await ask(path)).status).toBe(200)
    expect(server.asked.map(({ url }) => url)).toEqual([asked])
  })

  test.each(['GET', 'POST'])(
    '%s with an empty segment below an API is refused as a call of it',
    async (method) => {
      const headers = [['X-CSRF', '1'] as const]
      const answered = await ask('/api/orders//list', {
        method,
        headers,
        ...(method === 'POST' && { body: '' }),
      })
      expect([answered.status, JSON.parse(answered.body.toString()).code]).toEqual([400, 'api/invalid_path'])
      expect(server.asked).toEqual([])
    },
  )

  test.each(['/auth', '/AUTH/', '/auth/session', '/Health/Live'])('%s stays ours', async (path) => {
    expect((await ask(path)).status).toBe(200)
    expect(server.asked).toEqual([])
  })

  test.each([
    '/%25',
    '/a%2fb',
    '/%2565',
    '/%252e%252e/x',
    '/x/%252e%252e/y',
    '/a%5cb',
    '/..%3b/admin',
    '/%0d%0a',
    '/%C3%28',
    '/%',
  ])('%s is refused with one code, and never decoded a second time', async (path) => {
    const answered = await ask(path)
    expect([answered.status, JSON.parse(answered.body.toString()).code]).toEqual([
      400,
      'frontend/invalid_path',
    ])
    expect(server.asked).toEqual([])
  })

  test('bytes, codings, ranges and 304 are the same on both sides', async () => {
    expect((await ask('/photo.bin')).body.equals(BYTES)).toBe(true)
    const zipped = await ask('/zipped.bin', { headers: [['Accept-Encoding', 'gzip']] })
    expect([zipped.headers['content-encoding'], zipped.body.equals(ZIPPED)]).toEqual(['gzip', true])
    const part = await ask('/part.bin', { headers: [['Range', 'bytes=0-9']] })
    expect([part.status, part.headers['content-range'], part.body.length]).toEqual([
      206,
      'bytes 0-9/70000',
      10,
    ])
    const kept = await ask('/kept.js', { headers: [['If-None-Match', '"1"']] })
    expect([kept.status, kept.headers.etag, kept.headers['cache-control']]).toEqual([
      304,
      '"1"',
      'max-age=60',
    ])
    expect(kept.headers['content-security-policy']).toBeUndefined()
    const head = await ask('/photo.bin', { method: 'HEAD' })
    expect([head.status, head.headers.etag, head.body.length]).toEqual([200, '"1"', 0])
  })

  test('a navigation that finds nothing gets the first page', async () => {
    const answered = await ask('/orders/7', { headers: [['Sec-Fetch-Mode', 'navigate']] })
    expect([answered.status, answered.body.toString()]).toEqual([200, '<title>Index</title>'])
  })
}

/** The app's own client beside the global `fetch`, at one server: what the app reads of an answer is the same by both. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fetch, type FetchAnswer, isDecoded, plainFetch } from '../../../lib/base/plainFetch.ts'

const TEXT = 'ä text that is long enough to be worth a coding '.repeat(20)
const received: {
  readonly method: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}[] = []
type Answer = (response: ServerResponse) => void
const ANSWERS: Readonly<Record<string, Answer>> = {
  '/plain': (response) => response.end(TEXT),
  '/gzip': (response) => response.setHeader('content-encoding', 'gzip').end(gzipSync(TEXT)),
  '/deflate': (response) => response.setHeader('content-encoding', 'deflate').end(deflateSync(TEXT)),
  '/br': (response) => response.setHeader('content-encoding', 'BR').end(brotliCompressSync(TEXT)),
  '/twice': (response) =>
    response.setHeader('content-encoding', 'deflate, gzip').end(gzipSync(deflateSync(TEXT))),
  '/identity': (response) => response.setHeader('content-encoding', 'identity').end(TEXT),
  '/unknown': (response) => response.setHeader('content-encoding', 'frobnicate').end(TEXT),
  '/redirect': (response) => response.writeHead(302, { location: '/plain' }).end('elsewhere'),
  '/empty': (response) => response.writeHead(204).end(),
  '/unchanged': (response) => response.writeHead(304, { etag: '"1"' }).end(),
  '/twofold': (response) =>
    response.setHeader('vary', ['a', 'b']).setHeader('link', ['<x>', '<y>']).end(TEXT),
  '/broken': (response) => response.setHeader('content-encoding', 'gzip').end('no gzip'),
  '/stall': () => undefined,
}
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  received.push({ method: request.method, headers: request.headers, body: Buffer.concat(chunks).toString() })
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const as = searchParams.get('as')
  if (as !== null) response.setHeader('content-encoding', as).end(gzipSync(TEXT))
  else ANSWERS[pathname]?.(response)
})
let origin = ''

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  received.length = 0
})

async function textOf({ body }: FetchAnswer): Promise<string | null> {
  if (body === null) return null
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
async function seenBy(fetched: Fetch, path: string, method: string) {
  const answer = await fetched(`${origin}${path}`, { method, redirect: 'manual' })
  const { status, headers } = answer
  const read = ['location', 'etag', 'vary', 'link', 'content-length', 'x-none'].map((name) =>
    headers.get(name),
  )
  const entries = [...headers].filter(([name]) => ['location', 'etag', 'vary', 'link'].includes(name)).sort()
  return { status, read, entries, has: headers.has('Location'), text: await textOf(answer) }
}

describe('an answer', () => {
  const paths = Object.keys(ANSWERS).filter((path) => path !== '/broken' && path !== '/stall')
  it.each(paths.flatMap((path) => [['GET', path] as const, ['HEAD', path] as const]))(
    'to %s %s reads as by the global fetch',
    async (method, path) => {
      expect(await seenBy(plainFetch, path, method)).toEqual(await seenBy(fetch, path, method))
    },
  )

  it('in gzip beside identity, or beside nothing, is gzip', async () => {
    for (const coding of ['identity, gzip', 'gzip, Identity', ', gzip,'])
      expect(await textOf(await plainFetch(`${origin}/gzip?as=${encodeURIComponent(coding)}`))).toBe(TEXT)
  })

  it('tells whether its bytes are those that were meant: not where a coding cannot be taken off, or there are more than five', async () => {
    const body = new Response('x').body
    const told = (coding: string | undefined, of = body) =>
      isDecoded({
        headers: new Headers(coding === undefined ? {} : { 'content-encoding': coding }),
        body: of,
      })
    const five = Array(5).fill('gzip').join(',')

    for (const coding of [undefined, '', 'identity', 'gzip', 'X-GZip', 'deflate, br', five])
      expect([coding, told(coding)]).toEqual([coding, true])
    for (const coding of [
      'zstd',
      'compress',
      'dcb',
      'utf-8',
      'gzip, zstd',
      'zstd, gzip',
      'gzip;q=1',
      `${five},br`,
    ]) {
      expect([coding, told(coding)]).toEqual([coding, false])
      expect(told(coding, null)).toBe(true)
    }
  })

  it('in a coding that cannot be taken off comes as it is, without any of the others taken off', async () => {
    const answer = await plainFetch(`${origin}/gzip?as=${encodeURIComponent('zstd, gzip')}`)

    expect(isDecoded(answer)).toBe(false)
    expect(await textOf(answer)).toBe(gzipSync(TEXT).toString())
  })

  it('whose coding is broken breaks off', async () => {
    const answer = await plainFetch(`${origin}/broken`)

    await expect(textOf(answer)).rejects.toThrow('incorrect header check')
  })

  it('that does not come ends with the signal', async () => {
    const over = new AbortController()
    const asking = plainFetch(`${origin}/stall`, { signal: over.signal })
    await expect.poll(() => received.length).toBe(1)
    over.abort()

    await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('where nobody listens is a rejection', async () => {
    await expect(plainFetch('http://127.0.0.1:9/')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('a request', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'with %s has its body whole, with its length',
    async (method) => {
      await plainFetch(`${origin}/plain`, { method, body: TEXT, headers: { 'content-type': 'text/plain' } })

      const [{ headers, body } = { headers: {}, body: '' }] = received
      expect([body, headers['content-length'], headers['transfer-encoding']]).toEqual([
        TEXT,
        String(Buffer.byteLength(TEXT)),
        undefined,
      ])
    },
  )

  it('with a form says so, as by the global fetch', async () => {
    const body = new URLSearchParams({ code: 'a b+c', state: 'ä' })
    for (const fetched of [plainFetch, fetch]) await fetched(`${origin}/plain`, { method: 'POST', body })

    const [ours, theirs] = received
    expect([ours?.body, ours?.headers['content-type']]).toEqual([
      theirs?.body,
      theirs?.headers['content-type'],
    ])
  })

  it('has nothing that nobody asked for', async () => {
    await plainFetch(`${origin}/plain`, { headers: { accept: 'application/json' } })

    const names = ['accept', 'connection', 'host', 'user-agent']
    expect(Object.keys(received[0]?.headers ?? {}).sort()).toEqual(names)
    expect(received[0]?.headers.accept).toBe('application/json')
  })
})

/**
 * The corpora of paths, targets and headers that have led others astray, sent as they stand to a running host with the deployed bundle and an
 * API behind it: whatever host and worker make of them, nothing is called, and no header gets through.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { isPlainPath } from '../../lib/http/proxy/plainPath.ts'
import { readCorpus } from '../support/corpus.ts'
import { openRunningApp, type RunningApp } from '../support/openRunningApp.ts'
import { describeUnderRealHost } from '../support/realHost.ts'
import { newVisitor } from '../support/visitor.ts'

/** What every call of the API has, and all that a request without a word for it may have. */
const OWN_HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'connection',
  'host',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-correlation-id',
]

/** Dot segments are gone before the app sees an address, as in every browser: the rest of the path then, if it is another and a plain one. */
function resolvedByUrlParser(rest: string): string | undefined {
  const [, resolved] =
    /^\/api\/orders(\/.*)?$/.exec(new URL(`http://app.example/api/orders${rest}`).pathname) ?? []
  return resolved !== undefined && resolved !== rest && isPlainPath(resolved) ? resolved : undefined
}

const received: IncomingMessage[] = []
const upstream = createServer((request, response) => {
  received.push(request)
  response.end('{}')
})
beforeAll(() => once(upstream.listen(0, '127.0.0.1'), 'listening'))
afterAll(() => {
  upstream.closeAllConnections()
  upstream.close()
})

describe('under our host', () => isNotBypassed(undefined))
describeUnderRealHost('under the real Functions host', isNotBypassed)

function isNotBypassed(program: string | undefined): void {
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
  })

  /** The status of the answer to a request whose line and last field are sent byte for byte; 0 where the connection was just closed. */
  async function statusOf(target: string, field = 'Accept: application/json'): Promise<number> {
    const own = `Host: app.example\r\nCookie: ${cookie}\r\nX-CSRF: 1`
    const socket = connect(port, '127.0.0.1')
    // Closed by us after the answer; a request that has us wait for more of it is cut off.
    socket.setTimeout(10_000, () => socket.destroy())
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
      if (/^HTTP\/1\.1 [2-5]/.test(answer)) socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.write(`GET ${target} HTTP/1.1\r\n${own}\r\n${field}\r\n\r\n`, 'latin1')
    await once(socket, 'close')
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
  }

  test('what is asked for plainly is called, so that the others are refused for what they are', async () => {
    expect(await statusOf('/api/orders/x')).toBe(200)
    expect(received.map(({ url }) => url)).toEqual(['/v1/x'])
    expect(Object.keys(received[0]?.headers ?? {}).filter((name) => !OWN_HEADERS.includes(name))).toEqual([])
  })

  test('no line of the corpus of paths is called, but where the host resolves its dots and it stays under the API', async () => {
    for (const [rest = ''] of readCorpus('api-path-bypasses.txt')) {
      received.length = 0
      const resolved = resolvedByUrlParser(rest)
      if (resolved !== undefined) {
        await statusOf(`/api/orders${rest}`)
        expect(
          received.map(({ url }) => url).filter((url) => url !== `/v1${resolved}`),
          rest,
        ).toEqual([])
        continue
      }
      const status = await statusOf(`/api/orders${rest}`)
      expect([rest, [0, 400, 404].includes(status), status]).toEqual([rest, true, status])
      expect(
        received.map(({ url }) => url),
        rest,
      ).toEqual([])
    }
  })

  test('no line of the corpus of targets is called', async () => {
    for (const [target = ''] of readCorpus('api-target-bypasses.txt')) {
      const status = await statusOf(target)
      expect([target, [0, 400, 404].includes(status), status]).toEqual([target, true, status])
      expect(
        received.map(({ url }) => url),
        target,
      ).toEqual([])
    }
  })

  test('no line of the corpus of headers gets through, nor takes one of ours away', async () => {
    for (const [field = ''] of readCorpus('api-header-bypasses.txt')) {
      received.length = 0
      const status = await statusOf('/api/orders/x', field)
      const [call, ...more] = received
      expect([field, more]).toEqual([field, []])
      expect([field, status < 200 || status >= 400]).toEqual([field, call === undefined])
      if (call === undefined) continue
      expect(call.rawHeaders.join('\n').toLowerCase(), field).not.toContain('smuggled')
      expect([call.method, call.url], field).toEqual(['GET', '/v1/x'])
      expect(call.headers.authorization, field).toMatch(/^Bearer ey/)
      expect(call.headers['x-correlation-id'], field).toMatch(/^[0-9a-f-]{36}$/)
      expect(
        Object.keys(call.headers).filter((name) => !OWN_HEADERS.includes(name)),
        field,
      ).toEqual([])
    }
  })
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DownstreamApi } from '../../../lib/config/downstreamApis.ts'
import { apiUrl, parseApiPath, returnedHeaders, sentHeaders } from '../../../lib/http/apiRequest.ts'
import { anyText } from '../../support/anyText.ts'

const orders: DownstreamApi = {
  url: 'https://orders.example/v1',
  as: 'app',
  scope: 'api://orders/.default',
  methods: ['GET'],
}

describe('parseApiPath', () => {
  it.each<[string, string, string]>([
    ['/api/orders', 'orders', ''],
    ['/api/orders/', 'orders', '/'],
    ['/api/orders/list/7', 'orders', '/list/7'],
    ['/API/orders/list/', 'orders', '/list/'],
    ['/api/orders/a%20b', 'orders', '/a%20b'],
    ['/api/orders/caf%C3%A9', 'orders', '/caf%C3%A9'],
    ['/api/orders/..a/b..', 'orders', '/..a/b..'],
    ['/api/orders/a;b=c@d:e', 'orders', '/a;b=c@d:e'],
  ])('reads %s', (path, name, rest) => {
    expect(parseApiPath(path)).toEqual({ name, rest })
  })

  it.each([
    '/',
    '/api',
    '/api/',
    '/api//orders',
    '/apis/orders',
    '/x/api/orders',
    '/api/orders//x',
    '/api/orders//',
    '/api/orders/.',
    '/api/orders/..',
    '/api/orders/../x',
    '/api/orders/%2e%2e/x',
    '/api/orders/%2E%2e',
    '/api/orders/.%2e/x',
    '/api/orders/a%2fb',
    '/api/orders/a%2F..%2Fb',
    '/api/orders/a%5cb',
    '/api/orders/a\\b',
    '/api/orders/a%252fb',
    '/api/orders/%252e%252e',
    '/api/orders/a%00',
    '/api/orders/a%0d%0ab',
    '/api/orders/%',
    '/api/orders/%c0%af',
    '/api/orders/%ff',
    '/api/orders/..;/admin',
    '/api/orders/.;x/..;a=b/admin',
    '/api/orders/%2e%2e;/admin',
    '/api/orders/..%3b/admin',
    '/api/orders/..%20/admin',
    '/api/orders/;x/admin',
  ])('sees nothing in %s', (path) => {
    expect(parseApiPath(path)).toBeUndefined()
  })
})

describe('the address that is called', () => {
  it('keeps path and query', () => {
    const search = '?flag&top=5&name=a%20b+c&tilde=~&url=https://evil.example&byte=%FF'

    expect(apiUrl(orders, { name: 'orders', rest: '/list/7' }, search)).toBe(
      `https://orders.example/v1/list/7${search}`,
    )
    expect(apiUrl(orders, { name: 'orders', rest: '' }, '')).toBe(orders.url)
  })

  it('is under the address of the API, whatever the path and the query', () => {
    const piece = fc.oneof(
      anyText(6),
      fc.constantFrom(
        '/',
        '//',
        '..',
        '.',
        '%2e',
        '%2f',
        '%5c',
        '\\',
        '@',
        ':',
        '?',
        '#',
        'evil.example',
        '%25',
        '%00',
        ';',
        '%3b',
        '%20',
      ),
    )
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, text, (tail, query) => {
        // As the platform gives it: whatever a URL parser makes of the request line.
        const { pathname, search } = new URL(`http://host.invalid/api/orders/${tail}?${query}`)
        const path = parseApiPath(pathname)
        if (path === undefined) return
        const called = new URL(apiUrl(orders, path, search))
        expect(called.origin).toBe('https://orders.example')
        expect(called.pathname).toBe(`/v1${path.rest}`)
        // As a servlet container reads it: parameters of a segment go, and only then dots are resolved.
        const bare = decodeURIComponent(called.pathname)
          .replace(/;[^/]*/g, '')
          .replace(/ +/g, '')
        expect(new URL(bare, 'http://upstream.invalid').pathname.startsWith('/v1')).toBe(true)
        expect([called.username, called.password, called.hash]).toEqual(['', '', ''])
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('headers', () => {
  const all = new Headers({
    accept: 'application/json',
    'if-match': '"1"',
    etag: '"2"',
    'preference-applied': 'return=minimal',
    'content-type': 'application/json',
    cookie: '__Host-signet=secret',
    'set-cookie': 'upstream=1',
    authorization: 'Bearer of-the-browser',
    'proxy-authorization': 'Basic x',
    host: 'app.example',
    origin: 'https://app.example',
    referer: 'https://app.example/',
    forwarded: 'for=1.2.3.4',
    'x-forwarded-for': '1.2.3.4',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-uri': '/admin',
    'x-original-url': '/admin',
    'x-ms-client-principal': 'forged',
    'x-ms-token-aad-access-token': 'forged',
    'x-correlation-id': 'forged',
    'x-csrf': '1',
    x_forwarded_user: 'forged',
    location: 'https://evil.example',
    server: 'upstream/1.0',
    'access-control-allow-origin': '*',
    'content-security-policy': 'default-src *',
    'strict-transport-security': 'max-age=0',
    'clear-site-data': '"*"',
    'content-encoding': 'gzip',
    'content-length': '5',
    'transfer-encoding': 'chunked',
    connection: 'upgrade',
    upgrade: 'websocket',
    te: 'trailers',
  })

  it('that go to the API are those that shape the answer, and none that says who asks (CVE-2025-64484)', () => {
    expect(sentHeaders((name) => all.get(name) ?? undefined)).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'if-match': '"1"',
    })
  })

  it('that come back describe the content, and set nothing in the browser', () => {
    expect(returnedHeaders(all)).toEqual({
      'content-type': 'application/json',
      etag: '"2"',
      'preference-applied': 'return=minimal',
    })
  })
})

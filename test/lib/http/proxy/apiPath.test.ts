import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readApiPath, requirePlain } from '../../../../lib/http/proxy/apiPath.ts'
import { addressUnder } from '../../../../lib/http/proxy/ownAddress.ts'
import { anyText } from '../../../support/anyText.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { ORDERS } from './askedApi.ts'

const parse = (path: string) => readApiPath({ path, params: {} }, '')

/** As the host hands it over: `path` decoded once and encoded anew, with what looks like an escape left alone. */
const fromHost = (path: string, params: Record<string, string>) => readApiPath({ path, params }, '')

describe('the path of an API', () => {
  it.each<[string, string, string]>([
    ['/api/orders', 'orders', ''],
    ['/api/orders/', 'orders', '/'],
    ['/api/orders/list/7', 'orders', '/list/7'],
    ['/API/orders/list/', 'orders', '/list/'],
    ['/api/orders/a%20b', 'orders', '/a%20b'],
    ['/api/orders/caf%C3%A9', 'orders', '/caf%C3%A9'],
    ['/api/orders/..a/b..', 'orders', '/..a/b..'],
    ['/api/orders/a;b=c@d:e', 'orders', '/a;b=c@d:e'],
    ['/api/Orders/x', 'Orders', '/x'],
  ])('is read: %s', (path, name, rest) => {
    expect(parse(path)).toEqual({ name, rest, isPlain: true })
  })

  it.each(['/', '/api', '/api/', '/api//orders', '/apis/orders', '/x/api/orders'])(
    'is not there in %s',
    (path) => {
      expect(parse(path)).toBeUndefined()
    },
  )

  it.each([
    '/api/orders//x',
    '/api/orders//',
    '/api/orders/a//b',
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
    '/api/orders/%25',
    '/api/orders/100%25',
    '/api/orders/%2565',
    '/api/orders/%2561dmin',
    '/api/orders/%252561',
    '/api/orders/a%252fb',
    '/api/orders/a%25252fb',
    '/api/orders/%252e%252e',
    '/api/orders/a%00',
    '/api/orders/a%0d%0ab',
    '/api/orders/a%7fb',
    '/api/orders/%',
    '/api/orders/%zz',
    '/api/orders/%u0065',
    '/api/orders/%c0%af',
    '/api/orders/%ff',
    '/api/orders/..;/admin',
    '/api/orders/.;x/..;a=b/admin',
    '/api/orders/%2e%2e;/admin',
    '/api/orders/..%3b/admin',
    '/api/orders/..%20/admin',
    '/api/orders/..%C2%A0/admin',
    '/api/orders/;x/admin',
  ])(
    'is refused, with one code, where it could mean another to whoever decodes it next: %s',
    async (path) => {
      const read = parse(path)

      expect(read?.name).toBe('orders')
      expect((await faultOf(() => read && requirePlain(read))).code).toBe('api/invalid_path')
    },
  )
})

describe('a path that the platform has decoded once before us', () => {
  it.each<[string, string, Record<string, string>]>([
    ['/list/7', '/api/orders/list/7', { name: 'orders', path: 'list/7' }],
    ['nothing', '/api/orders', { name: 'orders' }],
    ['a slash alone', '/api/orders/', { name: 'orders' }],
    ['a slash at its end', '/api/orders/a/', { name: 'orders', path: 'a/' }],
    ['%C3%A9%20', '/API/orders/%C3%A9%20x', { name: 'orders', path: 'é x' }],
  ])('is passed on as it was asked for: %s', (_asked, path, params) => {
    expect(fromHost(path, params)).toMatchObject({ name: 'orders', isPlain: true })
  })

  it.each<[string, string, Record<string, string>]>([
    ['%2565', '/api/orders/%65', { name: 'orders', path: '%65' }],
    ['%2561dmin', '/api/orders/%61dmin', { name: 'orders', path: '%61dmin' }],
    ['%2520', '/api/orders/a%20b', { name: 'orders', path: 'a%20b' }],
    ['%25C3%25A9', '/api/orders/%C3%A9', { name: 'orders', path: '%C3%A9' }],
    ['%252F', '/api/orders/a%2Fb', { name: 'orders', path: 'a%2Fb' }],
    ['%2F', '/api/orders/a%2Fb', { name: 'orders', path: 'a%2Fb' }],
    ['%25', '/api/orders/%25', { name: 'orders', path: '%' }],
    // The URL parser takes these for dot segments and resolves them.
    ['a/%252e%252e/b', '/api/orders/b', { name: 'orders', path: 'a/%2e%2e/b' }],
    ['%252e%252e/users/b', '/api/users/b', { name: 'orders', path: '%2e%2e/users/b' }],
    ['another API', '/api/users/b', { name: 'orders', path: 'b' }],
    ['octets that are no UTF-8', '/api/orders/%C3(', { name: 'orders', path: '%C3(' }],
  ])('is refused where it was encoded twice, or held what a segment may not: %s', (_asked, path, params) => {
    expect(fromHost(path, params)).toMatchObject({ name: 'orders', isPlain: false })
  })

  it('names the API by the value of its route, whatever the URL parser made of the rest', () => {
    expect(fromHost('/api/users/b', { name: 'orders', path: '%2e%2e/users/b' })?.name).toBe('orders')
  })
})

describe('the address that is called', () => {
  it('keeps path and query', () => {
    const search = '?flag&top=5&name=a%20b+c&tilde=~&url=https://evil.example&byte=%FF&twice=%2565'

    expect(addressUnder(ORDERS.url, '/list/7', search)).toBe(`https://orders.example/v1/list/7${search}`)
    expect(addressUnder(ORDERS.url, '', '')).toBe(ORDERS.url)
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
        const path = parse(pathname)
        if (path === undefined || !path.isPlain) return
        const called = new URL(addressUnder(ORDERS.url, path.rest, search))
        expect(called.origin).toBe('https://orders.example')
        expect(called.pathname).toBe(`/v1${path.rest}`)
        // As a servlet container reads it: parameters of a segment go, and only then dots are resolved.
        const bare = decodeURIComponent(called.pathname)
          .replace(/;[^/]*/g, '')
          .replace(/ +/g, '')
        expect(new URL(bare, 'http://upstream.invalid').pathname.startsWith('/v1')).toBe(true)
        // Decoding once more changes nothing.
        expect(decodeURIComponent(decodeURIComponent(path.rest))).toBe(decodeURIComponent(path.rest))
        expect([called.username, called.password, called.hash]).toEqual(['', '', ''])
      }),
      { numRuns: 2_000, examples: [['.%20%2e', '']] },
    )
  })
})

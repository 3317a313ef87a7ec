import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readApiPath } from '../../../../lib/http/proxy/apiPath.ts'
import { ownAddress, ownLinks } from '../../../../lib/http/proxy/ownAddress.ts'
import { anyText } from '../../../support/anyText.ts'
import { ASKED } from './askedApi.ts'

describe('an address under the API comes back as one of ours', () => {
  it.each([
    ['https://orders.example/v1/list/8', '/api/orders/list/8'],
    ['https://ORDERS.example:443/v1/list/8', '/api/orders/list/8'],
    ['//orders.example/v1/list/8', '/api/orders/list/8'],
    ['/v1/list/8?a=%2F&b=1#part', '/api/orders/list/8?a=%2F&b=1#part'],
    ['/v1', '/api/orders'],
    ['/v1/', '/api/orders/'],
    ['8', '/api/orders/list/8'],
    ['./8/', '/api/orders/list/8/'],
    ['../other', '/api/orders/other'],
    ['?top=6', '/api/orders/list/7?top=6'],
    ['#part', '/api/orders/list/7?top=5#part'],
    ['/v1/a%20b/caf%C3%A9', '/api/orders/a%20b/caf%C3%A9'],
  ])('%s', (reference, own) => {
    expect(ownAddress(reference, ASKED)).toBe(own)
  })

  it('where the API has a host of its own and no path', () => {
    const asked = { ...ASKED, base: 'https://orders.example' }

    expect(ownAddress('/', asked)).toBe('/api/orders/')
    expect(ownAddress('https://orders.example', asked)).toBe('/api/orders/')
    expect(ownAddress('/x', asked)).toBe('/api/orders/x')
  })
})

describe('any other address is dropped', () => {
  it.each([
    'https://evil.example/v1/list/8',
    'https://orders.example.evil.example/v1/x',
    'https://orders.example@evil.example/v1/x',
    'https://user@orders.example/v1/x',
    'https://user:password@orders.example/v1/x',
    'https://:password@orders.example/v1/x',
    'http://orders.example/v1/x',
    'https://orders.example:8443/v1/x',
    'https://orders.example/v2/x',
    'https://orders.example/v1x',
    'https://orders.example/V1/x',
    '/v1/../admin',
    '../../admin',
    '/v1/a%2Fb',
    '/v1/%2565',
    '/v1//evil.example',
    '/v1/a;/..;/b',
    '//evil.example/v1/x',
    '///evil.example/v1/x',
    '\\\\evil.example\\v1\\x',
    '/v1\\x',
    'javascript:alert(1)',
    'data:text/html,x',
    ' /v1/x',
    '/v1/x y',
    '/v1/\tx',
    '/v1/x, /v1/y',
    '/v1/"x"',
    '/v1/<x>',
    'https://[::1',
    'https://',
  ])('%s', (reference) => {
    expect(ownAddress(reference, ASKED)).toBeUndefined()
  })
})

it('whatever an API names, the address that comes back is a path of ours that a request may have', () => {
  const piece = fc.oneof(
    anyText(8),
    fc.constantFrom(
      'https:',
      'http:',
      '//',
      'orders.example',
      '/v1',
      '..',
      '@',
      ':',
      '\\',
      '%2f',
      '%25',
      ';',
      '?',
    ),
  )
  const reference = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(reference, (text) => {
      const own = ownAddress(text, ASKED)
      if (own === undefined) return
      const url = new URL(own, 'https://app.example')
      expect(url.origin).toBe('https://app.example')
      expect(readApiPath({ path: url.pathname, params: {} }, '')).toMatchObject({
        name: 'orders',
        isPlain: true,
      })
      expect(own).toMatch(/^\/api\/orders[\x21-\x7e]*$/)
    }),
    { numRuns: 2_000 },
  )
})

describe('of a Link header', () => {
  it.each([
    ['one link', '</v1/list/8>; rel="next"', '</api/orders/list/8>; rel="next"'],
    [
      'only what lies under the API',
      '<https://evil.example/x>; rel=help, <8>; rel=next, </v2/x>; rel=prev',
      '</api/orders/list/8>; rel="next"',
    ],
    [
      'a comma and a semicolon within an address and a title',
      '</v1/a,b;c>; title="x, y; <z>"; rel=item',
      '</api/orders/a,b;c>; title="x, y; <z>"; rel="item"',
    ],
    [
      'a quote within a title',
      String.raw`</v1/a>; title="say \"a\\b\""`,
      String.raw`</api/orders/a>; title="say \"a\\b\""`,
    ],
    [
      'a title with its encoding, and a parameter without a value',
      "</v1/a>; title*=UTF-8''caf%c3%a9; crossorigin",
      "</api/orders/a>; title*=UTF-8''caf%c3%a9; crossorigin",
    ],
    [
      'an anchor',
      '</v1/a>; rel=item; anchor="#x"',
      '</api/orders/a>; rel="item"; anchor="/api/orders/list/7?top=5#x"',
    ],
    ['several fields joined, and empty elements', ', </v1/a>,, </v1/b>;', '</api/orders/a>, </api/orders/b>'],
  ])('%s comes back', (_what, field, own) => {
    expect(ownLinks(field, ASKED)).toBe(own)
  })

  it.each([
    ['a foreign link', '<https://evil.example/>; rel=next'],
    ['a link about something foreign', '</v1/a>; rel=item; anchor="https://evil.example/"'],
    ['a link without brackets', '/v1/a; rel=next'],
    ['a bracket that does not close', '</v1/a; rel=next'],
    ['a quote that does not close', '</v1/a>; title="x'],
    ['nothing', ''],
  ])('%s is dropped', (_what, field) => {
    expect(ownLinks(field, ASKED)).toBeUndefined()
  })

  it('no link goes out that a mistake before it may have been part of', () => {
    expect(ownLinks('</v1/a>; rel=next, oops </v1/b>; rel=prev', ASKED)).toBe('</api/orders/a>; rel="next"')
  })
})

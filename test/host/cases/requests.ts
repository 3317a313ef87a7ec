import { type Case, noAnswer } from './case.ts'

const text = ['Content-Type', 'text/plain'] as const
const megabyte = Buffer.alloc(
  1 << 20,
  Uint8Array.from({ length: 256 }, (_, index) => index),
)

const longCookie = Array.from({ length: 300 }, (_, i) => `c${i}=${'x'.repeat(94 - String(i).length)}`).join(
  '; ',
)
/** Host and Connection, which every request of the cases has. */
const ownHeaders = 2
const many = (count: number): [string, string][] => Array.from({ length: count }, (_, i) => [`X-${i}`, '1'])

/** What a function gets to see of a request. */
export const requests: readonly Case[] = [
  {
    title: 'the URL follows the Host header and is always http, whatever X-Forwarded-* says',
    send: {
      path: '/echo/1?a=b',
      headers: [
        ['X-Forwarded-Proto', 'https'],
        ['X-Forwarded-Host', 'evil.example'],
        ['Forwarded', 'host=evil.example;proto=https'],
      ],
    },
    expect: {
      sees: { url: 'http://app.example/echo/1?a=b' },
      seesHeaders: { 'x-forwarded-host': 'evil.example' },
    },
  },
  {
    title: 'percent-encoding is undone in route values',
    send: { path: '/echo/%C3%A9%20%25%3F%5C' },
    expect: { sees: { params: { id: 'é %?\\' }, url: 'http://app.example/echo/%C3%A9%20%25%3F%5C' } },
  },
  {
    title: 'an encoded slash stays encoded in route values, and streaming encodes it once more in the URL',
    send: { path: '/echo/a%2Fb' },
    expect: {
      buffered: { sees: { params: { id: 'a%2Fb' }, url: 'http://app.example/echo/a%2Fb' } },
      streaming: { sees: { params: { id: 'a%2Fb' }, url: 'http://app.example/echo/a%252Fb' } },
    },
  },
  {
    title: 'a doubly encoded slash cannot be told from a simply encoded one',
    send: { path: '/echo/a%252Fb' },
    expect: {
      buffered: { sees: { params: { id: 'a%2Fb' }, url: 'http://app.example/echo/a%2Fb' } },
      streaming: { sees: { params: { id: 'a%2Fb' }, url: 'http://app.example/echo/a%252Fb' } },
    },
  },
  {
    title: 'octets that are not UTF-8 stay encoded',
    send: { path: '/echo/%C3%28%zz' },
    expect: { sees: { params: { id: '%C3(%zz' } } },
  },
  { title: 'a NUL in the path is a 400', send: { path: '/echo/%00' }, expect: { status: 400, body: '' } },
  {
    title: 'an absolute-form target for another host is a 400',
    send: { path: 'http://other.example/echo/1' },
    expect: { status: 400 },
  },
  ...['http://app.example/echo/1?a=b'].map((path) => ({
    title: `an absolute-form target for the host itself is its path: ${path}`,
    send: { path },
    expect: { sees: { url: 'http://app.example/echo/1?a=b' } },
  })),
  {
    title: 'a parameter given twice is one value with a comma when buffered, and two when streaming',
    send: { path: '/echo?a=1&b=&a=2&c' },
    expect: {
      buffered: {
        sees: {
          query: [
            ['a', '1,2'],
            ['b', ''],
            ['c', ''],
          ],
          url: 'http://app.example/echo?a=1&b=&a=2&c',
        },
      },
      streaming: {
        sees: {
          query: [
            ['a', '1'],
            ['b', ''],
            ['a', '2'],
            ['c', ''],
          ],
          url: 'http://app.example/echo?a=1&b=&a=2&c',
        },
      },
    },
  },
  {
    title: 'a query is decoded as a form is',
    send: { path: '/echo?a=x+y%20z%2F%2B&%C3%A9=%26' },
    expect: {
      sees: {
        query: [
          ['a', 'x y z/+'],
          ['é', '&'],
        ],
      },
    },
  },
  {
    title: 'headers of one name become one, joined by commas, even Cookie',
    send: {
      path: '/echo',
      headers: [
        ['Cookie', 'a=1'],
        ['X-Many', '1'],
        ['Cookie', 'b=2; c=3'],
        ['X-Many', '2'],
        ['X-Empty', ''],
      ],
    },
    expect: { seesHeaders: { cookie: 'a=1,b=2; c=3', 'x-many': '1,2', 'x-empty': '' } },
  },
  {
    title: 'two Host headers are a 400',
    send: { path: '/echo', headers: [['Host', 'two.example']] },
    expect: { status: 400 },
  },
  {
    title: 'no Host header is a 400',
    send: { path: '/echo', host: null },
    expect: { status: 400, body: '' },
  },
  ...[
    'a b',
    'app.example:',
    'app.example:80a',
    'app.example:-1',
    ':80',
    'app.example/x',
    'app.example?x',
    'app.example#x',
    'user@app.example',
    'app.example,other.example',
    'app%2eexample',
    '"app.example"',
    '<app.example>',
    'app\\example',
    'app+example',
    '[::1',
    '[]',
    '[::g]',
    '[::1]x',
  ].map((host) => ({
    title: `a Host that is none is a 400: ${host}`,
    send: { path: '/echo', host },
    expect: { status: 400, body: '', headers: { server: 'Kestrel' } },
  })),
  {
    title: 'a Host may have a port and an underscore',
    send: { path: '/echo', host: 'app_1.example:8080' },
    expect: { sees: { url: 'http://app_1.example:8080/echo' } },
  },
  {
    title: 'a Host may be an IPv6 address',
    send: { path: '/echo', host: '[::1]:8080' },
    expect: { sees: { url: 'http://[::1]:8080/echo' } },
  },
  {
    title: 'a header that is not UTF-8 is a 400',
    send: { path: '/echo', headers: [['X-Latin', 'é']] },
    expect: { status: 400 },
  },
  {
    title: 'a UTF-8 header reaches a buffered function, and leaves a streaming one waiting',
    send: { path: '/echo', headers: [['X-Utf8', Buffer.from('é').toString('latin1')]] },
    expect: { buffered: { seesHeaders: { 'x-utf8': 'é' } }, streaming: noAnswer },
  },
  {
    title: 'a no-break space before the name of a cookie reaches a buffered function as it was sent',
    send: { path: '/echo', headers: [['Cookie', Buffer.from('\u00a0__Host-a=1; b=2').toString('latin1')]] },
    expect: { buffered: { seesHeaders: { cookie: '\u00a0__Host-a=1; b=2' } }, streaming: noAnswer },
  },
  {
    title: 'a character above U+00FF in any cookie is an empty 500 before a buffered function is called',
    send: { path: '/echo', headers: [['Cookie', Buffer.from('theme=🎉').toString('latin1')]] },
    expect: { buffered: { status: 500, body: '' }, streaming: noAnswer },
  },
  {
    title: '20 KB of headers reach a buffered function, and leave a streaming one waiting',
    send: { path: '/status204', headers: [['X-Long', 'x'.repeat(20_000)]] },
    expect: { buffered: { status: 204 }, streaming: noAnswer },
  },
  {
    title:
      'a header beyond Latin-1, in anybody\u2019s cookie, is an empty 500 before a buffered function, and leaves a streaming one waiting',
    send: { path: '/echo', headers: [['Cookie', `theirs=${Buffer.from('\u{1f36a}').toString('latin1')}`]] },
    expect: { buffered: { status: 500, body: '' }, streaming: noAnswer },
  },
  {
    title: 'a Cookie header of 30 KB reaches a buffered function whole, and leaves a streaming one waiting',
    send: { path: '/echo', headers: [['Cookie', longCookie]] },
    expect: { buffered: { seesHeaders: { cookie: longCookie } }, streaming: noAnswer },
  },
  {
    title: 'the request line does not count among the headers',
    send: { path: `/status204?q=${'x'.repeat(8_100)}`, headers: [['Cookie', longCookie]] },
    expect: { buffered: { status: 204 }, streaming: noAnswer },
  },
  {
    title: 'a hundred headers are served',
    send: { path: '/status204', headers: many(100 - ownHeaders) },
    expect: { status: 204 },
  },
  {
    title: 'more are a 431',
    send: { path: '/status204', headers: many(101 - ownHeaders) },
    expect: { status: 431, body: '', headers: { server: 'Kestrel' } },
  },
  {
    title: '32 KB of headers are a 431',
    send: { path: '/status204', headers: [['X-Long', 'x'.repeat(33_000)]] },
    expect: { status: 431 },
  },
  {
    title: 'a request line of 8 KB is served',
    send: { path: `/status204?q=${'x'.repeat(8_150)}` },
    expect: { status: 204 },
  },
  {
    title: 'a longer one is a 414, empty, and the connection is closed',
    send: { path: `/status204?q=${'x'.repeat(8_200)}` },
    expect: { status: 414, body: '', headers: { server: 'Kestrel', connection: 'close' } },
  },
  {
    title: 'a UTF-8 body arrives as it was sent',
    send: { method: 'POST', path: '/echo', headers: [text], body: 'héllo 中 🎉' },
    expect: { sees: { method: 'POST', body: 'héllo 中 🎉' }, seesHeaders: { 'content-type': 'text/plain' } },
  },
  {
    title: 'a binary body as large as the limit comes back the same',
    send: { method: 'POST', path: '/mirror', body: megabyte },
    expect: { body: megabyte },
  },
  {
    title:
      'a chunked body is null when buffered, with nothing but its header left, and arrives when streaming',
    send: { method: 'POST', path: '/echo', headers: [text], body: 'in chunks', chunked: true },
    expect: {
      buffered: {
        sees: { hasBody: false, body: '' },
        seesHeaders: { 'transfer-encoding': 'chunked', 'content-length': null },
      },
      streaming: { sees: { hasBody: true, body: 'in chunks' } },
    },
  },
  {
    title: 'the body of a GET is dropped',
    send: { path: '/echo', headers: [text], body: 'lost' },
    expect: { sees: { body: '' } },
  },
  {
    title: 'DELETE carries a body',
    send: { method: 'DELETE', path: '/echo', headers: [text], body: 'kept' },
    expect: { sees: { body: 'kept' } },
  },
  {
    title: 'a function may leave a body unread',
    send: { method: 'POST', path: '/ignorant', body: Buffer.alloc(200_000) },
    expect: { body: 'ignored' },
  },
  {
    title: 'a body over the limit is a 500, not a 413',
    send: { method: 'POST', path: '/mirror', body: Buffer.alloc(1_048_577) },
    expect: { status: 500, body: '' },
  },
  {
    title: 'a chunked body over the limit is a 500 when streaming',
    send: { method: 'POST', path: '/mirror', body: Buffer.alloc(1_200_000), chunked: true },
    expect: { buffered: { body: '' }, streaming: { status: 500, body: '' } },
  },
  {
    title: 'a body that is announced too large is refused before it comes, by any function',
    send: { path: '/ignorant', announce: 1_048_577 },
    expect: { status: 500, body: '' },
  },
  {
    title: 'the size of a body does not matter where no function answers',
    send: { method: 'POST', path: '/nosuch', announce: 1_048_577 },
    expect: { status: 404 },
  },
]

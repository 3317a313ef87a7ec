import { type Case, noAnswer } from './case.ts'

const text = ['Content-Type', 'text/plain'] as const
const megabyte = Buffer.alloc(
  1 << 20,
  Uint8Array.from({ length: 256 }, (_, index) => index),
)

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
    title: 'a longer one is a 414',
    send: { path: `/status204?q=${'x'.repeat(8_200)}` },
    expect: { status: 414 },
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
    title: 'a chunked body is lost when buffered and arrives when streaming',
    send: { method: 'POST', path: '/echo', headers: [text], body: 'in chunks', chunked: true },
    expect: { buffered: { sees: { body: '' } }, streaming: { sees: { body: 'in chunks' } } },
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

import { type Case, noAnswer } from './case.ts'

const emptyFault = {
  status: 500,
  body: '',
  headers: { 'content-length': '0', location: null, 'set-cookie': null },
}
const unanswered = { buffered: emptyFault, streaming: noAnswer } as const

/** What becomes of a function's result, faults included. */
export const replies: readonly Case[] = [
  {
    title: 'an empty result is an empty 200',
    send: { path: '/empty' },
    expect: { body: '', headers: { 'content-length': '0', 'content-type': null } },
  },
  {
    title: 'text is sent as UTF-8, in chunks',
    send: { path: '/text' },
    expect: {
      body: 'héllo',
      headers: {
        'content-type': 'text/plain;charset=UTF-8',
        'transfer-encoding': 'chunked',
        'content-length': null,
        server: 'Kestrel',
      },
    },
  },
  {
    title: 'status, headers and JSON pass',
    send: { path: '/json' },
    expect: {
      status: 299,
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', 'x-frame-options': 'DENY' },
    },
  },
  {
    title: 'a header given twice is joined',
    send: { path: '/twice' },
    expect: { headers: { 'x-two': '1, 2' } },
  },
  {
    title: 'a body of 1 MB is whole',
    send: { path: '/big' },
    expect: { body: Buffer.alloc(1 << 20, 'big') },
  },
  {
    title: 'a 204 has no body',
    send: { path: '/status204' },
    expect: { status: 204, body: '', headers: { 'content-length': null } },
  },
  { title: 'a 304 passes', send: { path: '/status304' }, expect: { status: 304, body: '' } },
  {
    title: 'a 500 of the function keeps its body',
    send: { path: '/status500' },
    expect: { status: 500, body: '{"error":"ours"}' },
  },
  {
    title: 'a redirect passes untouched',
    send: { path: '/found' },
    expect: { status: 302, headers: { location: 'https://login.example/a?b=c%20d&e=%2F' } },
  },
  {
    title: 'a redirect to a path stays a path',
    send: { method: 'POST', path: '/see-other' },
    expect: { status: 303, headers: { location: '/done?x=1' } },
  },
  {
    title: 'the cookies array sends several cookies, each HTTP mode in its own spelling',
    send: { path: '/cookies' },
    expect: {
      buffered: {
        setCookie: [
          'plain=a%20b%3Dc; path=/',
          '__Host-s=AZaz09-_.~%21%27%28%29%2A; path=/; secure; samesite=lax; httponly',
          'cross=1; max-age=60; domain=example.org; path=/x; secure; samesite=none; httponly',
          'dated=1; expires=Wed, 02 Jan 2030 03:04:05 GMT; path=/; secure; samesite=strict; httponly',
        ],
      },
      streaming: {
        setCookie: [
          'plain=a%20b%3Dc',
          "__Host-s=AZaz09-_.~!'()*; Path=/; HttpOnly; Secure; SameSite=Lax",
          'cross=1; Max-Age=60; Domain=example.org; Path=/x; HttpOnly; Secure; SameSite=None',
          'dated=1; Path=/; Expires=Wed, 02 Jan 2030 03:04:05 GMT; HttpOnly; Secure; SameSite=Strict',
        ],
      },
    },
  },
  {
    title: 'maxAge 0 deletes a cookie in both modes',
    send: { path: '/delete-by-age' },
    expect: {
      buffered: { setCookie: ['gone=; max-age=0; path=/; secure; httponly'] },
      streaming: { setCookie: ['gone=; Max-Age=0; Path=/; HttpOnly; Secure'] },
    },
  },
  {
    title: 'a date at the epoch deletes a cookie only when streaming',
    send: { path: '/delete-by-date' },
    expect: {
      buffered: { setCookie: ['gone=; path=/; secure; httponly'] },
      streaming: { setCookie: ['gone=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure'] },
    },
  },
  {
    title: 'of several Set-Cookie headers the last survives',
    send: { path: '/header-cookies' },
    expect: { setCookie: ['b=2'] },
  },
  {
    title: 'a Set-Cookie header beside the array is lost when streaming',
    send: { path: '/both-cookies' },
    expect: { buffered: { setCookie: ['a=1', 'c=3; path=/'] }, streaming: { setCookie: ['c=3'] } },
  },
  {
    title: 'only a streaming reply names its invocation',
    send: { path: '/empty' },
    expect: { buffered: { headers: { 'x-ms-invocation-id': null } }, streaming: {} },
  },
  {
    title: 'a function that throws is an empty 500, or no answer at all',
    send: { path: '/throws' },
    expect: unanswered,
  },
  { title: 'what is thrown need not be an error', send: { path: '/throws-text' }, expect: unanswered },
  {
    title: 'undefined is a 204, or no answer at all',
    send: { path: '/nothing' },
    expect: { buffered: { status: 204, body: '' }, streaming: noAnswer },
  },
  {
    title: 'null is a 204, or no answer at all',
    send: { path: '/null' },
    expect: { buffered: { status: 204, body: '' }, streaming: noAnswer },
  },
  { title: 'a plain string is a fault', send: { path: '/string' }, expect: unanswered },
  { title: 'an invalid status is a fault', send: { path: '/bad-status' }, expect: unanswered },
  { title: 'an invalid name of a cookie is a fault', send: { path: '/bad-cookie' }, expect: unanswered },
  { title: 'a Location beyond Latin-1 is a fault', send: { path: '/wide-location' }, expect: unanswered },
  {
    title: 'a Location beyond ASCII is a 500 in both modes',
    send: { path: '/latin-location' },
    expect: emptyFault,
  },
  {
    title: 'a body that breaks off is an empty 500, or never ends',
    send: { path: '/breaks-off' },
    expect: unanswered,
  },
  {
    title: 'a preInvocation hook can wrap the function',
    send: { path: '/hooked' },
    expect: { headers: { 'x-wrapped': 'yes' } },
  },
  {
    title: 'a postInvocation hook can take a fault away',
    send: { path: '/rescued' },
    expect: { body: 'rescued' },
  },
]

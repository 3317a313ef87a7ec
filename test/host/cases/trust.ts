import { type Case, noAnswer } from './case.ts'
import { masterKey } from './send.ts'

const json = ['Content-Type', 'application/json'] as const
const real = ['Cookie', 'real=1'] as const
const forged = encodeURIComponent('{"cookie":"forged=1","origin":"https://app.example"}')
const unauthorized = { status: 401, body: '' }

/** Where a caller can put things in a function's way, and what keeps callers out. */
export const trust: readonly Case[] = [
  {
    title: 'streaming adds the query to the route values',
    send: { path: '/echo/1?id=2&other=3&other=4' },
    expect: {
      buffered: { sees: { params: { id: '1' } } },
      streaming: { sees: { params: { id: '1', other: '4' } } },
    },
  },
  {
    title: 'streaming adds the fields of a JSON body to the route values, whatever its content type',
    send: {
      method: 'POST',
      path: '/echo/1?q=query',
      headers: [['Content-Type', 'text/plain']],
      body: ' {"id":"body","q":"body","n":5,"f":1.5,"yes":true,"none":null,"list":[1],"deep":{"a":1},"empty":""} ',
    },
    expect: {
      buffered: { sees: { params: { id: '1' } } },
      streaming: { sees: { params: { id: '1', q: 'query', n: '5', f: '1.5', yes: 'True', empty: '' } } },
    },
  },
  {
    title: 'nothing is added from an array',
    send: { method: 'POST', path: '/echo/1', headers: [json], body: '[{"other":"x"}]' },
    expect: { sees: { params: { id: '1' } } },
  },
  {
    title: 'nothing is added from a form',
    send: {
      method: 'POST',
      path: '/echo/1',
      headers: [['Content-Type', 'application/x-www-form-urlencoded']],
      body: 'other=x&Headers={}',
    },
    expect: { sees: { params: { id: '1' } }, seesHeaders: { host: 'app.example' } },
  },
  {
    title: 'nothing is added from a chunked body',
    send: {
      method: 'POST',
      path: '/echo/1',
      headers: [json],
      body: '{"other":"x","Headers":{}}',
      chunked: true,
    },
    expect: { sees: { params: { id: '1' } }, seesHeaders: { host: 'app.example' } },
  },
  {
    title: 'a parameter that the path left out is not filled from elsewhere',
    send: { method: 'POST', path: '/echo?id=query', headers: [json], body: '{"id":"body"}' },
    expect: { sees: { params: {} } },
  },
  {
    title: 'an empty catch-all is not filled from elsewhere',
    send: { path: '/rest?path=query' },
    expect: { sees: { params: {} } },
  },
  {
    title: 'streaming lets a caller respell the name of a route value',
    send: { path: '/pair/a/b?FIRST=x' },
    expect: {
      buffered: { sees: { params: { first: 'a', second: 'b' } } },
      streaming: { sees: { params: { FIRST: 'a', second: 'b' } } },
    },
  },
  {
    title: 'streaming lets a caller forge all headers by a parameter named Headers',
    send: { path: `/echo?Headers=${forged}`, headers: [real] },
    expect: {
      buffered: { seesHeaders: { cookie: 'real=1', origin: null } },
      streaming: { sees: { headers: { cookie: 'forged=1', origin: 'https://app.example' } } },
    },
  },
  {
    title: 'streaming lets a caller take all headers away by that name in another case',
    send: { path: '/echo?headers=x', headers: [real] },
    expect: {
      buffered: { seesHeaders: { cookie: 'real=1' } },
      streaming: { sees: { headers: {}, params: { headers: 'x' } } },
    },
  },
  {
    title: 'streaming lets a caller forge all headers by a body',
    send: {
      method: 'POST',
      path: '/echo',
      headers: [real, ['Content-Type', 'text/plain']],
      body: '{"Headers":{"cookie":"forged=1"}}',
    },
    expect: {
      buffered: { seesHeaders: { cookie: 'real=1' } },
      streaming: { sees: { headers: { cookie: 'forged=1' } } },
    },
  },
  {
    title: 'the connection behind a streaming request carries the real headers, forged or not above it',
    send: {
      path: `/wire?Headers=${forged}`,
      headers: [
        real,
        ['Cookie', 'b=2'],
        ['X-Many', '1'],
        ['X-Many', '2'],
        ['TE', 'trailers'],
        ['X-Forwarded-Host', 'evil.example'],
      ],
    },
    expect: {
      buffered: { sees: { headers: {} } },
      streaming: {
        seesHeaders: {
          cookie: 'real=1; b=2',
          'x-many': '1, 2',
          te: null,
          origin: null,
          'x-forwarded-host': 'app.example',
          'x-forwarded-proto': 'http',
          'x-forwarded-for': '127.0.0.1',
        },
      },
    },
  },
  {
    title: 'streaming never answers a caller that brings an x-ms-invocation-id',
    send: { path: '/empty', headers: [['x-ms-invocation-id', 'mine']] },
    expect: { buffered: {}, streaming: noAnswer },
  },
  { title: 'authLevel function without a key is a 401', send: { path: '/keyed' }, expect: unauthorized },
  {
    title: 'a wrong key is a 401',
    send: { path: '/keyed', headers: [['x-functions-key', 'wrong']] },
    expect: unauthorized,
  },
  {
    title: 'the key opens it from the header',
    send: { path: '/keyed', withKey: true },
    expect: { sees: { name: 'keyed' } },
  },
  {
    title: 'the key opens it from the parameter code, which is not among the route values',
    send: { path: `/keyed?code=${masterKey}` },
    expect: { sees: { name: 'keyed', params: {} } },
  },
  {
    title: 'the header goes before the parameter',
    send: { path: `/keyed?code=${masterKey}`, headers: [['x-functions-key', 'wrong']] },
    expect: unauthorized,
  },
  { title: 'authLevel admin without a key is a 401', send: { path: '/keyed-admin' }, expect: unauthorized },
  {
    title: 'the master key opens it',
    send: { path: '/keyed-admin', withKey: true },
    expect: { sees: { name: 'keyedAdmin' } },
  },
  { title: 'no key is needed where authLevel is left out', send: { path: '/echo' }, expect: {} },
  { title: 'a wrong key does not close what is open', send: { path: '/echo?code=wrong' }, expect: {} },
  {
    title: 'running a function needs the key',
    send: { method: 'POST', path: '/admin/functions/yearly', headers: [json], body: '{}' },
    expect: { ...unauthorized, headers: { 'www-authenticate': 'Bearer' } },
  },
  {
    title: 'running a function needs JSON',
    send: { method: 'POST', path: '/admin/functions/yearly', withKey: true },
    expect: { status: 415, body: '' },
  },
  {
    title: 'running a function that does not exist is a 404',
    send: { method: 'POST', path: '/admin/functions/nosuch', headers: [json], body: '{}', withKey: true },
    expect: { status: 404, body: '' },
  },
  {
    title: 'running a function that fails is a 202 all the same',
    send: { method: 'POST', path: '/admin/functions/failing', headers: [json], body: '{}', withKey: true },
    expect: { status: 202, body: '' },
  },
  {
    title: 'the status of the host needs the key',
    send: { path: '/admin/host/status' },
    expect: unauthorized,
  },
  { title: 'anyone may ping the host', send: { path: '/admin/host/ping' }, expect: { body: '' } },
]

import type { Case } from './case.ts'

const notFound = { status: 404, body: '' }

/** Which function answers, and with which route values. */
export const routing: readonly Case[] = [
  {
    title: 'functions are tried in the order of their names, however special a later route is',
    send: { path: '/shadow/fixed' },
    expect: { sees: { name: 'shadow_a', params: { id: 'fixed' } } },
  },
  {
    title: 'the order of names does not depend on case',
    send: { path: '/case/1' },
    expect: { sees: { name: 'alpha' } },
  },
  {
    title: 'an underscore comes after the letters in the order of names',
    send: { path: '/mark/1' },
    expect: { sees: { name: 'markx' } },
  },
  {
    title: 'a route serves several functions by method',
    send: { method: 'POST', path: '/same', body: 'x' },
    expect: { sees: { name: 'same_post', method: 'POST' } },
  },
  {
    title: 'a method that no function of the route lists is an empty 404, never a 405',
    send: { method: 'PUT', path: '/same' },
    expect: { ...notFound, headers: { allow: null, 'content-length': '0' } },
  },
  {
    title: 'a method that HTTP does not have is a 404, too',
    send: { method: 'FOO', path: '/same' },
    expect: { ...notFound, headers: { server: 'Kestrel' } },
  },
  ...['FOO', 'PROPFIND', 'TRACE', 'PUT', 'OPTIONS'].map((method) => ({
    title: `the root is an empty 204 to a method that no function lists, once the page of the host is turned off: ${method}`,
    send: { method, path: '/' },
    expect: { status: 204, body: '', headers: { 'content-type': null, server: 'Kestrel' } },
  })),
  { title: 'GET does not imply HEAD', send: { method: 'HEAD', path: '/same' }, expect: notFound },
  { title: 'a function can list HEAD', send: { method: 'HEAD', path: '/head' }, expect: { body: '' } },
  {
    title: 'OPTIONS is answered only by a function that lists it',
    send: { method: 'OPTIONS', path: '/same' },
    expect: notFound,
  },
  {
    title: 'a function can list OPTIONS',
    send: { method: 'OPTIONS', path: '/options' },
    expect: { sees: { method: 'OPTIONS' } },
  },
  {
    title: 'a CORS preflight finds nobody',
    send: {
      method: 'OPTIONS',
      path: '/same',
      headers: [
        ['Origin', 'https://other.example'],
        ['Access-Control-Request-Method', 'POST'],
      ],
    },
    expect: { ...notFound, headers: { 'access-control-allow-origin': null } },
  },
  {
    title: 'literals match in any case and values keep theirs',
    send: { path: '/ECHO/Ab' },
    expect: { sees: { url: 'http://app.example/ECHO/Ab', params: { id: 'Ab' } } },
  },
  {
    title: 'a trailing slash is accepted',
    send: { path: '/echo/1/' },
    expect: { sees: { params: { id: '1' } } },
  },
  { title: 'two trailing slashes are not', send: { path: '/echo//' }, expect: notFound },
  {
    title: 'an empty segment at the beginning matches nothing',
    send: { path: '//echo/1' },
    expect: notFound,
  },
  { title: 'an empty segment in the middle matches nothing', send: { path: '/echo//1' }, expect: notFound },
  {
    title: 'an optional parameter may be left out',
    send: { path: '/echo' },
    expect: { sees: { params: {} } },
  },
  { title: 'a parameter without question mark may not', send: { path: '/pair/1' }, expect: notFound },
  { title: 'a segment too many matches nothing', send: { path: '/pair/1/2/3' }, expect: notFound },
  {
    title: 'a default stands for a segment that is left out',
    send: { path: '/fallback' },
    expect: { sees: { params: { id: 'seven' } } },
  },
  {
    title: 'a catch-all takes the rest of the path',
    send: { path: '/rest/a/b' },
    expect: { sees: { params: { path: 'a/b' } } },
  },
  {
    title: 'a catch-all keeps a trailing slash',
    send: { path: '/rest/a/' },
    expect: { sees: { params: { path: 'a/' } } },
  },
  {
    title: 'a catch-all keeps empty segments after its first',
    send: { path: '/rest/a//b' },
    expect: { sees: { params: { path: 'a//b' } } },
  },
  { title: 'a catch-all does not begin with an empty segment', send: { path: '/rest//a' }, expect: notFound },
  {
    title: 'a catch-all may be empty',
    send: { path: '/rest' },
    expect: { sees: { name: 'rest', params: {} } },
  },
  {
    title: 'of two parameters in one segment the first takes as much as it can',
    send: { path: '/mixed/x-y-1.json' },
    expect: { sees: { params: { name: 'x-y', size: '1' } } },
  },
  { title: 'text beside a parameter must be there', send: { path: '/mixed/xy.json' }, expect: notFound },
  {
    title: 'int takes a negative number',
    send: { path: '/typed/-5' },
    expect: { sees: { name: 'int', params: { id: '-5' } } },
  },
  {
    title: 'int leaves words to the next route',
    send: { path: '/typed/ab' },
    expect: { sees: { name: 'word', params: { name: 'ab' } } },
  },
  { title: 'int is 32 bits wide', send: { path: '/typed/2147483648' }, expect: { sees: { name: 'word' } } },
  {
    title: 'guid takes a UUID',
    send: { path: '/guid/0f8fad5b-d9cb-469f-a165-70867728950e' },
    expect: { sees: { name: 'guid' } },
  },
  { title: 'guid takes nothing else', send: { path: '/guid/0f8fad5b' }, expect: notFound },
  {
    title: 'bool takes true in any case',
    send: { path: '/bool/TRUE' },
    expect: { sees: { params: { value: 'TRUE' } } },
  },
  { title: 'bool does not take 1', send: { path: '/bool/1' }, expect: notFound },
  { title: 'several constraints must all hold', send: { path: '/letters/a' }, expect: notFound },
  { title: 'alpha takes letters', send: { path: '/letters/ab' }, expect: { sees: { name: 'letters' } } },
  { title: 'alpha takes no digit', send: { path: '/letters/a1' }, expect: notFound },
  { title: 'range includes its ends', send: { path: '/range/5' }, expect: { sees: { name: 'range' } } },
  { title: 'range excludes what is beyond', send: { path: '/range/6' }, expect: notFound },
  { title: 'length counts exactly', send: { path: '/exact/ab' }, expect: notFound },
  {
    title: 'a regular expression ignores case',
    send: { path: '/pattern/AA' },
    expect: { sees: { name: 'pattern' } },
  },
  { title: 'a regular expression with braces is honoured', send: { path: '/pattern/aaa' }, expect: notFound },
  {
    title: 'without a route the name is the route',
    send: { path: '/nameisroute' },
    expect: { sees: { name: 'nameIsRoute' } },
  },
  {
    title: 'an empty route means the name too, not the root',
    send: { path: '/emptyroute' },
    expect: { sees: { name: 'emptyRoute' } },
  },
  { title: 'the route / is the root', send: { path: '/?a=1' }, expect: { sees: { name: 'zz_root' } } },
  {
    title: 'a route that begins with "admin" is never served',
    send: { path: '/administrators' },
    expect: notFound,
  },
  { title: 'an unknown path is an empty 404', send: { path: '/nosuch' }, expect: notFound },
  {
    title: 'dot segments are removed before routing',
    send: { path: '/rest/../echo/1' },
    expect: { sees: { name: 'echo', url: 'http://app.example/echo/1' } },
  },
  {
    title: 'encoded dot segments are removed too',
    send: { path: '/rest/%2e%2E/echo/1' },
    expect: { sees: { name: 'echo' } },
  },
  {
    title: 'an encoded letter matches a literal',
    send: { path: '/%65cho/1' },
    expect: { sees: { name: 'echo' } },
  },
  { title: 'an encoded slash is no separator', send: { path: '/echo%2F1' }, expect: notFound },
  {
    title: 'a request that asks for another protocol is served as a plain one',
    send: {
      path: '/status204',
      headers: [
        ['Connection', 'Upgrade'],
        ['Upgrade', 'websocket'],
        ['Sec-WebSocket-Version', '13'],
      ],
    },
    expect: { status: 204 },
  },
]

import { describe, expect, it } from 'vitest'
import { readDownstreamApis } from '../../../lib/config/downstreamApis.ts'
import { createSettingsReader } from '../../../lib/config/settingsReader.ts'

const orders = { url: 'https://orders.example/v1/', as: 'app', scope: 'api://orders/.default' }

const readOrders = {
  url: 'https://orders.example/v1',
  as: 'app',
  userScopes: [],
  appScope: orders.scope,
  paths: [],
  roles: [],
  timeoutMs: 100_000,
  maxResponseBytes: 10_485_760,
  requestHeaders: [],
  responseHeaders: [],
}
const mine = { url: 'https://mine.example', as: 'user', scope: 'api://mine/read api://mine/write' }

function read(setting: unknown, hasAppOnlyClient = true) {
  const text = typeof setting === 'string' ? setting : JSON.stringify(setting)
  const reader = createSettingsReader({ DOWNSTREAM_APIS: text }, {})
  const apis = readDownstreamApis(reader, hasAppOnlyClient)
  return { apis, faults: reader.faults() }
}

describe('the APIs behind the app', () => {
  it('are none unless the setting lists them', () => {
    expect(read('')).toEqual({ apis: {}, faults: [] })
    expect(read({})).toEqual({ apis: {}, faults: [] })
  })

  it('are read with an address without its last slash, and may only be read from unless told', () => {
    expect(read({ orders, stock: { ...orders, methods: ['POST', 'GET'] } })).toEqual({
      apis: {
        orders: { ...readOrders, methods: ['GET'] },
        stock: { ...readOrders, methods: ['GET', 'POST'] },
      },
      faults: [],
    })
  })

  it('may give larger answers, up to what an instance can hold', () => {
    for (const maxResponseBytes of [1, 52_428_800]) {
      const { apis, faults } = read({ orders: { ...orders, maxResponseBytes } })
      expect([apis.orders?.maxResponseBytes, faults]).toEqual([maxResponseBytes, []])
    }
  })

  it('may be called as the person, who needs no app-only client', () => {
    const { apis, faults } = read({ mine }, false)

    expect(faults).toEqual([])
    expect(apis.mine).toMatchObject({
      as: 'user',
      userScopes: ['api://mine/read', 'api://mine/write'],
      appScope: '',
    })
  })

  it('may be called as the person where there is one, else as the app', () => {
    const both = { ...mine, as: 'user-or-app', appScope: 'api://mine/.default' }

    expect(read({ both })).toMatchObject({
      apis: { both: { as: 'user-or-app', appScope: 'api://mine/.default', userScopes: { length: 2 } } },
      faults: [],
    })
    expect(read({ both }, false).faults).toHaveLength(1)
  })

  it('may be narrowed to paths, roles, time and headers', () => {
    const narrow = {
      paths: ['/v1/orders', '/v1/stock'],
      roles: ['Orders.Read'],
      timeoutSec: 30,
      requestHeaders: ['x-contoso-region'],
      responseHeaders: ['x-total-count'],
    }
    const { timeoutSec, ...others } = narrow

    expect(read({ orders: { ...orders, ...narrow } })).toMatchObject({
      apis: { orders: { ...others, timeoutMs: timeoutSec * 1_000 } },
      faults: [],
    })
  })

  it('need the app-only client', () => {
    expect(read({ orders }, false).faults).toEqual([
      'DOWNSTREAM_APIS needs APP_ONLY_CLIENT_ID for what is called as the app',
    ])
  })

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /must be a JSON object/],
    ['a list', [orders], /must be a JSON object/],
    ['text', '"orders"', /must be a JSON object/],
    ['null', 'null', /must be a JSON object/],
    ['a name in capitals', { Orders: orders }, /has a name that is not/],
    ['a name with a slash', { 'a/b': orders }, /has a name that is not/],
    ['a name of dots', { '..': orders }, /has a name that is not/],
    ['an empty name', { '': orders }, /has a name that is not/],
    ['a name of every object', '{"__proto__": {}}', /has a name that is not/],
    [
      'a name twice',
      `{"orders": ${JSON.stringify(orders)}, "orders": ${JSON.stringify(orders)}}`,
      /names a member twice/,
    ],
    [
      'a name twice, once escaped',
      `{"orders": ${JSON.stringify(orders)}, "\\u006frders": ${JSON.stringify(orders)}}`,
      /names a member twice/,
    ],
    [
      'a member twice',
      JSON.stringify({ orders }).replace('"as"', '"url": "https://other.example", "as"'),
      /names a member twice/,
    ],
    [
      'the prototype as a member',
      JSON.stringify({ orders }).replace('"as"', '"__proto__": {}, "as"'),
      /has a member other than/,
    ],
    [
      'a url with what nobody sees',
      { orders: { ...orders, url: 'https://orders.example\u200b' } },
      /cannot be seen/,
    ],
    ['http', { orders: { ...orders, url: 'http://orders.example' } }, /orders has a url that must use https/],
    ['no url', { orders: { ...orders, url: undefined } }, /orders has a url that must be an https URL/],
    ['a url with a query', { orders: { ...orders, url: 'https://orders.example?x=1' } }, /must not carry/],
    [
      'credentials in the url',
      { orders: { ...orders, url: 'https://u:p@orders.example' } },
      /must not carry/,
    ],
    [
      'nobody as caller',
      { orders: { ...orders, as: undefined } },
      /must have "as" among user, app, user-or-app/,
    ],
    ['somebody as caller', { orders: { ...orders, as: 'User' } }, /must have "as" among/],
    ['no scope of the person', { mine: { ...mine, scope: ' ' } }, /must have a scope: what the person/],
    ['a scope with a quote', { mine: { ...mine, scope: 'a"b' } }, /must have a scope: what the person/],
    [
      'an app scope that nobody uses',
      { mine: { ...mine, appScope: 'api://mine/.default' } },
      /has an appScope/,
    ],
    ['an app scope for the app alone', { orders: { ...orders, appScope: orders.scope } }, /has an appScope/],
    ['both callers and one scope', { mine: { ...mine, as: 'user-or-app' } }, /must have an appScope/],
    ['a path that is none', { orders: { ...orders, paths: ['v1'] } }, /must have paths as a list/],
    ['a path that climbs', { orders: { ...orders, paths: ['/v1/../admin'] } }, /must have paths as a list/],
    ['a path with an escape', { orders: { ...orders, paths: ['/v1/%2e%2e'] } }, /must have paths as a list/],
    ['the whole as a path', { orders: { ...orders, paths: ['/'] } }, /must have paths as a list/],
    ['a role of two words', { orders: { ...orders, roles: ['Orders Reader'] } }, /must have roles as a list/],
    ['roles in text', { orders: { ...orders, roles: 'Reader' } }, /must have roles as a list/],
    ['no time', { orders: { ...orders, timeoutSec: 0 } }, /must have timeoutSec from 1 to 200/],
    [
      'more time than there is',
      { orders: { ...orders, timeoutSec: 201 } },
      /must have timeoutSec from 1 to 200/,
    ],
    [
      'the cookie as a header',
      { orders: { ...orders, requestHeaders: ['cookie'] } },
      /must have requestHeaders/,
    ],
    [
      'a cookie as a header',
      { orders: { ...orders, responseHeaders: ['set-cookie'] } },
      /must have responseHead/,
    ],
    ['a scope of one permission', { orders: { ...orders, scope: 'api://orders/read' } }, /must have a scope/],
    ['two scopes', { orders: { ...orders, scope: 'a/.default b/.default' } }, /must have a scope/],
    ['no methods', { orders: { ...orders, methods: [] } }, /must have methods among/],
    ['a method in small letters', { orders: { ...orders, methods: ['get'] } }, /must have methods as a list/],
    [
      'an unknown method',
      { orders: { ...orders, methods: ['GET', 'TRACE'] } },
      /must have methods as a list/,
    ],
    ['a method twice', { orders: { ...orders, methods: ['GET', 'GET'] } }, /must have methods as a list/],
    ['no answer', { orders: { ...orders, maxResponseBytes: 0 } }, /must have maxResponseBytes from 1 to/],
    ['answers beyond bounds', { orders: { ...orders, maxResponseBytes: 52_428_801 } }, /must have maxResp/],
    ['a size in words', { orders: { ...orders, maxResponseBytes: '10MB' } }, /must have maxResponseBytes/],
    ['half a byte', { orders: { ...orders, maxResponseBytes: 1.5 } }, /must have maxResponseBytes/],
    ['no size', { orders: { ...orders, maxResponseBytes: null } }, /must have maxResponseBytes/],
    ['a misspelt member', { orders: { ...orders, method: ['GET'] } }, /has a member other than/],
  ])('are refused with %s', (_name, setting, fault) => {
    expect(read(setting).faults).toEqual([expect.stringMatching(fault)])
  })

  it('report every fault of every API at once, and no value', () => {
    const { faults } = read({
      orders: { url: 'http://secret-host.example', as: 'secret-caller', scope: 'secret"scope' },
      stock: { ...orders, methods: ['SECRET'] },
    })

    expect(faults).toHaveLength(4)
    expect(faults.join()).not.toMatch(/secret/i)
    expect(read({ orders: null }).faults[0]).toBe('DOWNSTREAM_APIS orders must be an object')
  })
})

import { describe, expect, it } from 'vitest'
import type { App } from '../../../../lib/app.ts'
import { frontEnd } from '../../../../lib/http/routes/frontEnd.ts'
import { root } from '../../../../lib/http/routes/root.ts'
import type { Settings } from '../../../support/configOf.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { cookieOf, openFakeApp } from '../../../support/openFakeApp.ts'
import { SCRIPT, WINDOW } from '../../../support/openSignIn.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const FRONT_END_URL = 'https://static.example/site'
const ORDERS = { url: 'https://orders.example', as: 'user', scope: 'api://orders/read' }

/** An app whose front end answers by path, and anything else with 404; and what it was asked. */
function open(settings: Settings = {}, files: Readonly<Record<string, string>> = {}) {
  const fake = openFakeApp({
    settings: { FRONT_END_URL, DOWNSTREAM_APIS: JSON.stringify({ orders: ORDERS }), ...settings },
  })
  const asked: (readonly [method: string, url: string, headers: object])[] = []
  const fetchAsSent: App['effects']['fetchAsSent'] = async (url, { method, headers }) => {
    asked.push([method, url, headers])
    const file = files[new URL(url).pathname]
    return {
      status: file === undefined ? 404 : 200,
      headers: new Headers({ 'content-type': 'text/html', 'cache-control': 'public, max-age=60' }),
      body: bytesOf(file ?? 'no such file'),
    }
  }
  return { ...fake, app: { ...fake.app, effects: { ...fake.app.effects, fetchAsSent } }, asked }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

describe('what the front end is asked for', () => {
  it.each(['GET', 'HEAD'])(
    '%s of an address is asked for there, path and query as they are, and comes back whole',
    async (method) => {
      const { app, asked, calls, table } = open({}, { '/site/orders': 'the page' })
      const target = '/orders?b=2&a=%2565'
      const headers = { accept: 'text/html', ...cookieOf({ secret: 'A'.repeat(43) }) }
      const {
        status,
        body,
        headers: returned,
      } = await frontEnd(app, signetRequestOf({ method, target, headers }))

      expect(asked).toEqual([
        [
          method,
          'https://static.example/site/orders?b=2&a=%2565',
          { accept: 'text/html', 'cdn-loop': 'signet' },
        ],
      ])
      expect(status).toBe(200)
      expect(body?.kind === 'passed' && Buffer.from(body.bytes).toString()).toBe('the page')
      expect(returned).toMatchObject({ 'cache-control': 'public, max-age=60', 'content-type': 'text/html' })
      expect(returned).not.toHaveProperty('vary')
      expect([calls, table.calls.size]).toEqual([[], 0])
    },
  )

  it.each([
    ['a window', WINDOW, 200, ['/site/nowhere', '/site/index.html']],
    ['a script', SCRIPT, 404, ['/site/nowhere']],
  ] as const)('%s that finds nothing gets %j %i of %j', async (_who, headers, status, paths) => {
    const { app, asked } = open({}, { '/site/index.html': 'the fallback' })
    const reply = await frontEnd(app, signetRequestOf({ target: '/nowhere', headers }))

    expect(reply.status).toBe(status)
    expect(asked.map(([, url]) => new URL(url).pathname)).toEqual(paths)
  })

  it('the root is, where there is a front end; else it is our own page', async () => {
    const { app, asked } = open({}, { '/site/': 'the first page' })
    const without = openFakeApp()

    expect((await root(app, signetRequestOf())).body?.kind).toBe('passed')
    expect(asked).toHaveLength(1)
    expect((await root(without.app, signetRequestOf())).body?.kind).toBe('page')
  })
})

describe('nothing is asked for', () => {
  it.each(['GET', 'POST'])('where there is no front end: %s finds nothing', async (method) => {
    const { app } = openFakeApp()

    expect((await faultOf(() => frontEnd(app, signetRequestOf({ method, target: '/orders' })))).code).toBe(
      'http/not_found',
    )
  })

  it.each(['POST', 'DELETE', 'OPTIONS'])('by %s', async (method) => {
    const { app, asked } = open()
    const { code, context } = await faultOf(() =>
      frontEnd(app, signetRequestOf({ method, target: '/orders' })),
    )

    expect([code, context.detail]).toEqual(['http/method_not_allowed', 'GET, HEAD'])
    expect(asked).toEqual([])
  })

  it.each([
    ['/%25', {}],
    ['/a%2fb', {}],
    ['/a//b', {}],
    ['/%61', { path: '%61' }],
    ['/orders', { path: 'orders/%2e%2e' }],
  ])('at %s, which the platform read as %j', async (target, params) => {
    const { app, asked } = open()
    const request = { ...signetRequestOf({ target }), params }

    expect((await faultOf(() => frontEnd(app, request))).code).toBe('frontend/invalid_path')
    expect(asked).toEqual([])
  })

  it('with a body, or for a request that has been here before', async () => {
    const { app, asked } = open()
    const ask = async (headers: Readonly<Record<string, string>>) =>
      (await faultOf(() => frontEnd(app, signetRequestOf({ target: '/orders', headers })))).code

    expect(await ask({ 'content-length': '1' })).toBe('http/body_not_allowed')
    expect(await ask({ 'cdn-loop': 'other, signet' })).toBe('frontend/misaddressed')
    expect(asked).toEqual([])
  })

  it('that the platform read as it stands is asked for', async () => {
    const { app, asked } = open()
    await frontEnd(app, { ...signetRequestOf({ target: '/caf%C3%A9/b' }), params: { path: 'café/b' } })

    expect(asked).toHaveLength(1)
  })
})

describe('a front end that needs a person', () => {
  const required = { FRONT_END_SIGN_IN: 'required', FRONT_END_OPEN_PATHS: '/welcome' }

  it('is not asked for nobody', async () => {
    const { app, asked } = open(required)
    const window = await frontEnd(app, signetRequestOf({ target: '/orders', headers: WINDOW }))
    const script = await frontEnd(app, signetRequestOf({ target: '/orders', headers: SCRIPT }))

    expect([window.status, window.headers]).toEqual([302, { location: '/auth/login?returnTo=%2Forders' }])
    expect(script.status).toBe(401)
    expect(asked).toEqual([])
  })

  it('answers a person alone: no shared cache keeps it; what is open stays as the front end has it', async () => {
    const fake = open(required, { '/site/orders': 'for Alice', '/site/welcome': 'for all' })
    const ticket = await fake.signIn()
    const ask = async (target: string) =>
      (await frontEnd(fake.app, signetRequestOf({ target, headers: { ...WINDOW, ...cookieOf(ticket) } })))
        .headers

    expect(await ask('/orders')).toMatchObject({ 'cache-control': 'max-age=60, private', vary: 'Cookie' })
    expect(await ask('/welcome')).toMatchObject({ 'cache-control': 'public, max-age=60' })
  })
})

describe('an address below an API, whose path the platform found no API for', () => {
  const own = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' }

  it.each(['GET', 'HEAD', 'POST', 'DELETE'])(
    '%s with an empty segment in it is refused as a call of the API, and nobody is asked',
    async (method) => {
      for (const target of [
        '/api/orders//list',
        '/API/orders//',
        '/api/orders/a//b?c=d',
        '/api/orders/a%2fb',
      ]) {
        const { app, asked, calls } = open()
        const fault = await faultOf(() => frontEnd(app, signetRequestOf({ method, target, headers: own })))
        const foreign = await faultOf(() => frontEnd(app, signetRequestOf({ method, target })))

        expect([target, fault.code, foreign.code]).toEqual([
          target,
          'api/invalid_path',
          'http/csrf_header_required',
        ])
        expect([asked, calls]).toEqual([[], []])
      }
    },
  )

  it('is so also without a front end, and below a base path', async () => {
    const without = open({ FRONT_END_URL: '' })
    const below = open({ BASE_PATH: '/app' })
    const codeOf = async ({ app }: typeof below, target: string) =>
      (await faultOf(() => frontEnd(app, signetRequestOf({ target, headers: own })))).code

    expect(await codeOf(without, '/api/orders//list')).toBe('api/invalid_path')
    expect(await codeOf(below, '/app/api/orders//list')).toBe('api/invalid_path')
    expect(await codeOf(below, '/api/orders//list')).toBe('frontend/invalid_path')
    expect(await codeOf(below, '/app/api/other//list')).toBe('http/not_found')
  })

  it('is the front end’s where the path is plain', async () => {
    const { app, asked } = open()

    expect((await frontEnd(app, signetRequestOf({ target: '/apis/orders/list' }))).status).toBe(404)
    expect((await frontEnd(app, signetRequestOf({ target: '/api' }))).status).toBe(404)
    expect(asked).toHaveLength(2)
  })
})

import { describe, expect, it } from 'vitest'
import type { App } from '../../../../lib/app.ts'
import { api } from '../../../../lib/http/routes/api.ts'
import type { HeldAccessToken } from '../../../../lib/session/session.ts'
import type { Settings } from '../../../support/configOf.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { cookieOf, openFakeApp } from '../../../support/openFakeApp.ts'
import { sessionOf } from '../../../support/sessionOf.ts'
import { CORRELATION_ID, signetRequestOf } from '../../../support/signetRequestOf.ts'

const OURS = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' }
const MINUTE_MS = 60_000
const HELD: HeldAccessToken = { token: 'of-alice', obtainedAtMs: 0, expiresAtMs: 1, renewAtMs: 1 }
const APIS = {
  orders: {
    url: 'https://orders.example/v1',
    as: 'user',
    scope: 'api://orders/read',
    methods: ['GET', 'POST'],
    paths: ['/list', '/by-id'],
  },
  stock: {
    url: 'https://stock.example',
    as: 'app',
    scope: 'api://stock/.default',
    roles: ['Keeper', 'Admin'],
  },
  news: {
    url: 'https://news.example',
    as: 'user-or-app',
    scope: 'api://news/read',
    appScope: 'api://news/.default',
  },
  secret: {
    url: 'https://secret.example',
    as: 'user-or-app',
    scope: 'api://secret/read',
    appScope: 'api://secret/.default',
    roles: ['Admin'],
  },
}

/** An app whose APIs answer 200, and what they were asked. */
function open(settings: Settings = {}) {
  const fake = openFakeApp({
    settings: {
      DOWNSTREAM_APIS: JSON.stringify(APIS),
      APP_ONLY_CLIENT_ID: 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee',
      SESSION_IDLE_MINUTES: '60',
      ...settings,
    },
    answers: {
      userTokens: { tokenFor: async () => HELD },
      appOnly: { tokenFor: async () => 'of-the-app' },
    },
  })
  const asked: (readonly [url: string, init: RequestInit])[] = []
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    asked.push([url, init])
    return new Response('{}', { headers: { 'content-type': 'application/json', location: '/v1/list/8' } })
  }
  const app = { ...fake.app, effects: { ...fake.app.effects, fetch } as App['effects'] }
  /** The token that the only request went with. */
  const token = () => (asked[0]?.[1].headers as Record<string, string> | undefined)?.authorization
  return { ...fake, app, asked, token }
}

type Shape = NonNullable<Parameters<typeof signetRequestOf>[0]>
const ask = ({ app }: { readonly app: App }, shape: Shape) =>
  api(app, signetRequestOf({ ...shape, headers: { ...OURS, ...shape.headers } }))

describe('a call of an API as the person', () => {
  it('goes with their token to the address of the setting, and the answer comes back whole', async () => {
    const world = open()
    const headers = { ...cookieOf(await world.signIn()), accept: 'application/json' }
    const reply = await ask(world, { target: '/api/orders/list/7?top=5&a=%2565', headers })

    expect(world.asked).toEqual([
      [
        'https://orders.example/v1/list/7?top=5&a=%2565',
        expect.objectContaining({
          method: 'GET',
          headers: {
            accept: 'application/json',
            'accept-encoding': 'identity',
            authorization: 'Bearer of-alice',
            'x-correlation-id': CORRELATION_ID,
          },
        }),
      ],
    ])
    expect(world.calls.map(([name, , scopes]) => [name, scopes])).toEqual([
      ['userTokens.tokenFor', ['api://orders/read']],
    ])
    expect(reply).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json', location: '/api/orders/list/8' },
      body: { kind: 'bytes', bytes: new TextEncoder().encode('{}') },
    })
  })

  it('brings its body, with the headers that say what it is', async () => {
    const world = open()
    const headers = { ...cookieOf(await world.signIn()), 'content-type': 'text/csv', 'content-length': '3' }
    await ask(world, { method: 'POST', target: '/api/orders/list', headers, body: 'a;b' })
    const [, init] = world.asked[0] ?? []

    expect(init?.method).toBe('POST')
    expect(init?.body).toEqual(Buffer.from('a;b'))
    expect(init?.headers).toMatchObject({ 'content-type': 'text/csv' })
  })

  it.each([
    ['nobody', false, 'session/required'],
    ['somebody without the role', true, 'api/role_required'],
  ])('by %s has its body read by nobody', async (_who, isIn, code) => {
    const orders = { ...APIS.orders, ...(isIn ? { roles: ['Keeper'] } : {}) }
    const world = open({ DOWNSTREAM_APIS: JSON.stringify({ orders }) })
    const headers = isIn ? cookieOf(await world.signIn()) : {}
    const target = '/api/orders/list'
    let reads = 0
    const request = signetRequestOf({ method: 'POST', target, headers: { ...OURS, ...headers } })
    const readBody = async (): Promise<Buffer<ArrayBuffer>> => {
      reads += 1
      return Buffer.alloc(0)
    }

    expect([(await faultOf(() => api(world.app, { ...request, readBody }))).code, reads]).toEqual([code, 0])
    expect([world.asked, world.calls]).toEqual([[], []])
  })

  it('is a use of the session', async () => {
    const world = open()
    const ticket = await world.signIn()
    world.effects.advance(30 * MINUTE_MS)
    await ask(world, { target: '/api/orders/list', headers: cookieOf(ticket) })

    expect((await world.app.sessions.read(ticket))?.usedAtMs).toBe(START_MS + 30 * MINUTE_MS)
  })

  it('below a base path comes back with addresses below it', async () => {
    const world = open({ BASE_PATH: '/app' })
    const reply = await ask(world, {
      target: '/app/api/orders/list',
      headers: cookieOf(await world.signIn()),
    })

    expect(reply.headers?.location).toBe('/app/api/orders/list/8')
  })
})

describe('an API', () => {
  it.each([
    ['/list', true],
    ['/list/', true],
    ['/list/7', true],
    ['/by-id/7', true],
    ['/lists', false],
    ['/li', false],
    ['/List', false],
    ['', false],
    ['/', false],
    ['/other/list', false],
  ])('of which paths are listed is called at %j: %s', async (rest, isCalled) => {
    const world = open()
    const call = ask(world, { target: `/api/orders${rest}`, headers: cookieOf(await world.signIn()) })

    if (isCalled) expect((await call).status).toBe(200)
    else expect((await faultOf(() => call)).code).toBe('http/not_found')
    expect(world.asked).toHaveLength(isCalled ? 1 : 0)
  })

  it.each(['/api/other/x', '/api/toString/x', '/api/__proto__', '/api/', '/api'])(
    'that is not configured is not found: %s',
    async (target) => {
      const world = open()

      expect((await faultOf(() => ask(world, { target }))).code).toBe('http/not_found')
      expect([world.asked, world.table.calls.size]).toEqual([[], 0])
    },
  )

  it.each([
    [{ target: '/api/orders/a%2fb' }, 'api/invalid_path'],
    [{ target: '/api/orders//list' }, 'api/invalid_path'],
    [{ target: '/api/orders/list', method: 'DELETE' }, 'http/method_not_allowed'],
    [{ target: '/api/stock', method: 'POST' }, 'http/method_not_allowed'],
    [{ target: '/api/orders/list', headers: { 'x-csrf': '0' } }, 'http/csrf_header_required'],
    [{ target: '/api/orders/list', headers: { 'sec-fetch-site': 'same-site' } }, 'http/cross_site'],
    [
      { target: '/api/orders/list', method: 'POST', headers: { 'content-other': 'x' } },
      'http/unsupported_media_type',
    ],
    [{ target: '/api/orders/list', headers: { 'content-length': '1' } }, 'http/body_not_allowed'],
    [
      { target: '/api/orders/list', method: 'POST', headers: { 'transfer-encoding': 'chunked' } },
      'http/length_required',
    ],
    [
      { target: '/api/orders/list', method: 'POST', headers: { 'content-length': '10485761' } },
      'http/body_too_large',
    ],
  ])('asked by %j is refused as %s before the session is looked for', async (shape, code) => {
    const world = open()
    const headers = { ...cookieOf({ secret: 'A'.repeat(43) }), ...(shape as Shape).headers }

    expect((await faultOf(() => ask(world, { ...shape, headers }))).code).toBe(code)
    expect([world.asked, world.calls, world.table.calls.size]).toEqual([[], [], 0])
  })

  it('names the methods that it takes, where it is asked by another', async () => {
    const { code, context } = await faultOf(() => ask(open(), { method: 'PUT', target: '/api/orders/list' }))

    expect([code, context.detail]).toEqual(['http/method_not_allowed', 'GET, POST'])
  })

  it.each(['/api/orders/list', '/api/stock'])('needs somebody who is signed in: %s', async (target) => {
    const world = open()

    expect((await faultOf(() => ask(world, { target }))).code).toBe('session/required')
    expect([world.asked, world.calls]).toEqual([[], []])
  })

  it.each([
    ['nobody', false, 'Bearer of-the-app'],
    ['somebody', true, 'Bearer of-alice'],
  ])(
    'that is called as the person or the app goes, for %s, with a token of theirs',
    async (_who, isIn, token) => {
      const world = open()
      await ask(world, { target: '/api/news', headers: isIn ? cookieOf(await world.signIn()) : {} })

      expect(world.token()).toBe(token)
    },
  )

  it.each([
    ['/api/stock', undefined, false],
    ['/api/stock', ['Reader'], false],
    ['/api/stock', ['Admin'], true],
    ['/api/stock', ['Keeper', 'Reader'], true],
    ['/api/secret', ['Reader'], false],
  ])('%s with the roles %j is called: %s', async (target, roles, isCalled) => {
    const world = open()
    const { identity } = sessionOf()
    const ticket = await world.signIn({
      identity: { ...identity, ...(roles === undefined ? {} : { roles }) },
    })
    const call = () => ask(world, { target, headers: cookieOf(ticket) })

    if (isCalled) expect((await call()).status).toBe(200)
    else expect((await faultOf(call)).code).toBe('api/role_required')
    expect([world.asked.length, world.calls.length]).toEqual(isCalled ? [1, 1] : [0, 0])
  })

  // 403 would say that signing in is of no use (RFC 9110 section 15.5.4), and a page would get no `loginUrl`.
  it('that needs a role is not called for nobody, though the app could: they are asked to sign in', async () => {
    const world = open()

    expect((await faultOf(() => ask(world, { target: '/api/secret' }))).code).toBe('session/required')
    expect([world.asked, world.calls]).toEqual([[], []])
  })
})

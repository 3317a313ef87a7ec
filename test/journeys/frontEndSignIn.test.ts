/** A front end that is for people who are signed in: who is sent to sign in, who is told so, and what becomes of the answer. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { FILES, INDEX } from '../support/frontEndFiles.ts'
import { openFrontEnd } from '../support/openFrontEnd.ts'
import { openWorld } from '../support/openWorld.ts'
import { BY_SCRIPT, expectScreen, expectTwin } from '../support/screens.ts'
import { location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const server = await openFrontEnd(FILES)
server.files.set('/welcome', (response) =>
  response.writeHead(200, { 'cache-control': 'public' }).end('welcome'),
)
server.files.set('/welcome/a%20b', (response) => response.end('welcome'))
const settings = {
  FRONT_END_URL: server.origin,
  FRONT_END_SIGN_IN: 'required',
  FRONT_END_OPEN_PATHS: '/welcome, /favicon.ico',
}
const world = await openWorld({ settings })
afterAll(async () => {
  await world.close()
  server.close()
})

let visitor: Visitor
beforeEach(() => {
  server.asked.length = 0
  visitor = newVisitor(world.origin)
})

const open = (
  path: string,
  headers: Record<string, string | undefined> = {},
  method = 'GET',
): Promise<Reply> => visitor.ask(`${world.origin}${path}`, { method, headers })

describe('a navigation without a session', () => {
  test('leads through sign-in and back to its address, query included', async () => {
    const reply = await open('/orders/7?tab=items&q=a%20b')
    expect([reply.status, reply.headers.get('cache-control'), server.asked]).toEqual([302, 'no-store', []])
    const login = new URL(location(reply), world.origin)
    expect([login.pathname, login.searchParams.get('returnTo')]).toEqual([
      '/auth/login',
      '/orders/7?tab=items&q=a%20b',
    ])
    const back = await visitor.signIn(location(reply))
    expect([back.status, location(back)]).toEqual([303, '/orders/7?tab=items&q=a%20b'])
    const page = await open(location(back))
    expect([page.status, page.text]).toEqual([200, INDEX])
  })

  test('to an address too long to return to leads to the first page after sign-in', async () => {
    expect(location(await open(`/orders?q=${'a'.repeat(2_048)}`))).toBe('/auth/login')
  })

  test('whose session has ended loses its cookie on the way', async () => {
    await visitor.signIn()
    await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
    visitor.appCookies.set('__Host-signet', { value: 'A'.repeat(43), sameSite: 'Lax' })
    const reply = await open('/orders')
    expect([reply.status, visitor.appCookies.has('__Host-signet'), server.asked]).toEqual([302, false, []])
  })
})

describe('what starts no sign-in', () => {
  test.each<[string, Record<string, string | undefined>, string?]>([
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
    ['a prerender', { 'sec-purpose': 'prefetch;prerender' }],
    ['an older browser that looks ahead', { purpose: 'prefetch' }],
    ['a preview', { 'x-purpose': 'preview' }],
    ['HEAD', {}, 'HEAD'],
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
  ])('%s: it is told where sign-in is, with the way back', async (_what, headers, method = 'GET') => {
    const reply = await open('/orders?id=7', headers, method)
    expect([reply.status, reply.setCookies, server.asked]).toEqual([401, [], []])
    if (method !== 'HEAD') {
      const twin = expectTwin(world, reply, 'session/required')
      expect(twin.loginUrl).toBe('/auth/login?returnTo=%2Forders%3Fid%3D7')
    }
  })

  test.each<[string, Record<string, string>]>([
    ['a script', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script', accept: '*/*' }],
    ['a fetch', BY_SCRIPT],
  ])('%s: it is told where sign-in is', async (_what, headers) => {
    const reply = await open('/assets/app.js', headers)
    expect(expectTwin(world, reply, 'session/required').loginUrl).toBe('/auth/login')
    expect([reply.setCookies, server.asked]).toEqual([[], []])
  })
})

describe('open paths', () => {
  test.each(['/welcome', '/welcome/a%20b', '/favicon.ico'])('%s needs nobody', async (path) => {
    const reply = await open(path, BY_SCRIPT)
    expect(server.asked.map(({ url }) => url)).toEqual([path])
    expect(reply.headers.get('vary') ?? '').not.toContain('Cookie')
  })

  test.each([
    '/',
    '/welcomes',
    '/Welcome',
    '/welcome;x',
    '/welcome%2f..%2forders',
    '/x/welcome',
    '/favicon.ico.js',
  ])('%s is none', async (path) => {
    const reply = await open(path, BY_SCRIPT)
    expect([reply.status, server.asked]).toEqual([path.includes('%2f') ? 400 : 401, []])
  })

  test('the root opens the first page alone', async () => {
    world.replaceInstance({ FRONT_END_OPEN_PATHS: '/' })
    expect((await open('/')).status).toBe(200)
    expect((await open('/orders')).status).toBe(302)
    world.replaceInstance()
  })
})

describe('with a session', () => {
  test('an answer is the person’s own: no cache that others share may keep it', async () => {
    await visitor.signIn()
    const asset = await open('/assets/app.js', BY_SCRIPT)
    expect(asset.headers.get('cache-control')).toBe('max-age=31536000, immutable, private')
    expect(asset.headers.get('vary')).toBe('Accept-Encoding, Cookie')
    expect((await open('/')).headers.get('cache-control')).toBe('no-cache, private')
    expect(server.asked.at(-1)?.headers.cookie).toBeUndefined()
    expect((await open('/welcome')).headers.get('cache-control')).toBe('public')
  })

  test('a table that fails takes nobody for signed out', async () => {
    await visitor.signIn()
    server.asked.length = 0
    world.desk.tables.faults.always({ kind: 'unavailable' })
    expectScreen(world, await open('/orders'), 'session/store_unavailable')
    world.desk.tables.faults.clear()
    expect(server.asked).toEqual([])
    expect((await open('/orders')).status).toBe(200)
  })
})

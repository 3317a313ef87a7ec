/** A real front-end server behind the app, over HTTP: its bytes, its headers, its faults. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { BYTES, FILES, INDEX, ZIPPED } from '../support/frontEndFiles.ts'
import { type FileAnswer, openFrontEnd } from '../support/openFrontEnd.ts'
import { openWorld } from '../support/openWorld.ts'
import { BY_SCRIPT, expectScreen, expectTwin, loggedOutcome, wayOn } from '../support/screens.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const server = await openFrontEnd(FILES)
const { origin } = server
const world = await openWorld({ settings: { FRONT_END_URL: server.origin, FRONT_END_MAX_BYTES: '80000' } })
afterAll(async () => {
  await world.close()
  server.close()
})

let visitor: Visitor
beforeEach(() => {
  server.asked.length = 0
  visitor = newVisitor(world.origin)
})

const FOR_A_PAGE = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script', accept: '*/*' }
const open = (
  path: string,
  headers: Record<string, string | undefined> = {},
  method = 'GET',
): Promise<Reply> => visitor.ask(`${world.origin}${path}`, { method, headers })

describe('what is passed on', () => {
  test('every address that is none of ours is the front end, and those that are ours stay ours', async () => {
    expect((await open('/')).text).toBe(INDEX)
    expect((await open('/assets/app.js')).text).toBe('export {}')
    expect(server.asked.map(({ url }) => url)).toEqual(['/', '/assets/app.js'])
    for (const path of ['/auth', '/auth/session', '/auth/signed-out', '/health/live', '/api/orders/x'])
      await open(path)
    expect(server.asked).toHaveLength(2)
    expect((await open('/auth')).text).toContain('Sign in')
  })

  test('the bytes are those that were sent, text or not, and in the coding they were sent in', async () => {
    expect((await open('/assets/photo.bin')).bytes.equals(BYTES)).toBe(true)
    const zipped = await open('/assets/zipped.bin', { 'accept-encoding': 'gzip, br' })
    expect(zipped.headers.get('content-encoding')).toBe('gzip')
    expect(zipped.bytes.equals(ZIPPED)).toBe(true)
    expect(server.asked.at(-1)?.headers['accept-encoding']).toBe('gzip, br')
  })

  test('caching is what the front end says, and its cookies, orders and grants stay behind', async () => {
    const reply = await open('/assets/app.js', FOR_A_PAGE)
    expect(reply.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(reply.headers.get('vary')).toBe('Accept-Encoding')
    expect(reply.setCookies).toEqual([])
    for (const name of ['clear-site-data', 'access-control-allow-origin', 'server'])
      expect(reply.headers.get(name), name).toBeNull()
  })

  test('a conditional request is answered with 304, which lays nothing over what the browser has kept', async () => {
    const first = await open('/')
    const etag = first.headers.get('etag') ?? ''
    const second = await open('/', { 'if-none-match': etag })
    expect([second.status, second.bytes.length, second.headers.get('etag')]).toEqual([304, 0, etag])
    for (const name of ['content-security-policy', 'cache-control', 'referrer-policy', 'x-frame-options'])
      expect([name, second.headers.get(name)]).toEqual([name, null])
    expect(second.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('a range is asked for and passed on as one', async () => {
    const reply = await open('/assets/film.mp4', {
      ...FOR_A_PAGE,
      range: 'bytes=10-19',
      'if-range': '"film"',
    })
    expect([reply.status, reply.headers.get('content-range')]).toEqual([206, 'bytes 10-19/70000'])
    expect(reply.bytes.equals(BYTES.subarray(10, 20))).toBe(true)
    expect(server.asked[0]?.headers).toMatchObject({ range: 'bytes=10-19', 'if-range': '"film"' })
  })

  test('HEAD is asked as HEAD', async () => {
    const reply = await open('/assets/app.js', FOR_A_PAGE, 'HEAD')
    expect([reply.status, reply.bytes.length]).toEqual([200, 0])
    expect(server.asked.map(({ method }) => method)).toEqual(['HEAD'])
  })

  test('nothing goes out that says who asks: the headers are a closed list', async () => {
    await visitor.signIn()
    server.asked.length = 0
    const reply = await open('/orders?id=7&q=a%20b', {
      authorization: 'Bearer forged',
      'user-agent': 'Browser/1',
      referer: 'https://elsewhere.example/',
      'x-forwarded-for': '1.2.3.4',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'accept-language': 'de',
    })
    expect(reply.status).toBe(200)
    expect(server.asked[0]?.url).toBe('/orders?id=7&q=a%20b')
    expect(Object.keys(server.asked[0]?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'accept-language',
      'cdn-loop',
      'connection',
      'host',
    ])
    expect(server.asked[0]?.headers.host).toBe(new URL(origin).host)
  })
})

describe('a policy', () => {
  test('of its own is kept, and what only weakens the origin is not', async () => {
    const { headers } = await open('/strict.html')
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'self'")
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual([
      'same-origin',
      'no-store',
    ])
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=63072000/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('of ours is the floor where there is none, or that of the settings', async () => {
    const floor = (await open('/')).headers
    expect(floor.get('content-security-policy')).toContain("default-src 'self'")
    expect(floor.get('content-security-policy')).toContain(`form-action 'self' ${world.desk.entra.origin}`)
    expect([floor.get('cache-control'), floor.get('x-frame-options')]).toEqual(['no-cache', 'DENY'])
    world.replaceInstance({ FRONT_END_CSP: "default-src 'self' https://cdn.example" })
    expect((await open('/')).headers.get('content-security-policy')).toBe(
      "default-src 'self' https://cdn.example",
    )
    world.replaceInstance()
  })
})

describe('where there is no such file', () => {
  test('a navigation gets the first page with 200, and a browser that has it already gets a 304', async () => {
    const reply = await open('/orders/7?tab=items')
    expect([reply.status, reply.text]).toEqual([200, INDEX])
    expect(server.asked.map(({ url }) => url)).toEqual(['/orders/7?tab=items', '/index.html'])
    expect((await open('/orders/7', { 'if-none-match': '"index-1"' })).status).toBe(304)
    const old = { 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined, 'sec-fetch-site': undefined }
    expect((await open('/orders/7', old)).status).toBe(200)
    expect((await open('/orders/7', {}, 'HEAD')).status).toBe(200)
  })

  test.each([
    ['a script', FOR_A_PAGE],
    ['an image', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image', accept: 'image/*' }],
    ['a fetch that likes HTML', { ...BY_SCRIPT, accept: 'text/html' }],
    [
      'a program without Fetch Metadata',
      { 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined, accept: '*/*' },
    ],
  ])('%s stays a 404', async (_what, headers) => {
    const reply = await open('/assets/gone.js', headers)
    expect([reply.status, reply.text]).toEqual([404, 'no such file'])
    expect(server.asked).toHaveLength(1)
  })

  test('a navigation stays a 404 as well where the setting says so, or where the fallback is not there either', async () => {
    for (const FRONT_END_FALLBACK of ['none', '/200.html']) {
      world.replaceInstance({ FRONT_END_FALLBACK })
      const reply = await open('/orders/7')
      expect([reply.status, reply.text]).toEqual([404, 'no such file'])
    }
    world.replaceInstance()
  })
})

describe('a redirect', () => {
  const leadingTo =
    (location: string, status = 302): FileAnswer =>
    (response) =>
      response.writeHead(status, { location, 'set-cookie': 'theirs=1' }).end()

  test.each([
    ['/docs/', '/docs/'],
    ['there?a=1#b', '/there?a=1#b'],
    [`${origin}/docs/`, '/docs/'],
    [origin, '/'],
  ])('to %s leads to %s here, and is not followed', async (location, here) => {
    server.files.set('/moved', leadingTo(location, 308))
    const reply = await open('/moved')
    expect([reply.status, reply.headers.get('location'), reply.setCookies]).toEqual([308, here, []])
    expect(server.asked).toHaveLength(1)
  })

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    'javascript:alert(1)',
    '/a%2f..%2fb',
    '//',
    `http://user@${new URL(origin).host}/`,
  ])('to %s is not passed on', async (location) => {
    server.files.set('/moved', leadingTo(location))
    const reply = await open('/moved')
    expectScreen(world, reply, 'frontend/misaddressed')
    expect(reply.headers.get('location')).toBeNull()
  })
})

describe('paths', () => {
  test.each(['/a%2fb', '/a%5cb', '/a/%2e%2e%2fb', '/%25', '/%2565', '/a//b', '/..%3b/x', '/%00', '/%C3%28'])(
    '%s is refused, and nothing is asked',
    async (path) => {
      expectTwin(world, await open(path, BY_SCRIPT), 'frontend/invalid_path')
      expect(server.asked).toEqual([])
    },
  )

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s reaches no front end', async (method) => {
    const reply = await open('/orders', BY_SCRIPT, method)
    expectTwin(world, reply, 'http/method_not_allowed')
    expect([reply.headers.get('allow'), server.asked]).toEqual(['GET, HEAD', []])
  })

  test('a request that has been here before is not passed on once more', async () => {
    expectTwin(
      world,
      await open('/', { ...BY_SCRIPT, 'cdn-loop': 'edge; v=1, signet' }),
      'frontend/misaddressed',
    )
    expect(server.asked).toEqual([])
    await open('/', { 'cdn-loop': 'edge; v=1' })
    expect(server.asked[0]?.headers['cdn-loop']).toBe('edge; v=1, signet')
  })
})

describe('without a front end', () => {
  test('our own page is at the root as well, and other addresses are 404', async () => {
    world.replaceInstance({ FRONT_END_URL: '' })
    const [root, own] = [await open('/'), await open('/auth')]
    expect([root.status, own.status]).toEqual([200, 200])
    expect(root.text).toBe(own.text)
    expectScreen(world, await open('/orders'), 'http/not_found')
    expectTwin(world, await open('/orders', BY_SCRIPT, 'POST'), 'http/not_found')
    expect(wayOn(await open('/orders'))).toBe('/')
    world.replaceInstance()
  })

  test('what went well is logged as such', async () => {
    expect(loggedOutcome(world, await open('/'))).toBe('ok')
  })
})

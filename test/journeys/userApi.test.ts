/** APIs called as the person who is signed in: their own token, fresh, and one redirect where Entra or the API wants the person. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { openSampleApi, type SampleApi } from '../../local/sampleApi/openSampleApi.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin, isSignedIn } from '../support/screens.ts'
import { ADA, BO, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const STOCK_ID = '9c1f1a52-8a3c-4c0e-9a86-5b7f0e2d4b11'
const HOUR_MS = 3_600_000

const tokenRequests: URLSearchParams[] = []
const world = await openJourney({
  effects: {
    fetch: (input, init) => {
      if (String(input).endsWith('/token')) tokenRequests.push(new URLSearchParams(String(init?.body)))
      return fetch(input, init)
    },
  },
})
const { entra, clientId, vault, registration } = world.desk
const stockScope = `api://${STOCK_ID}/read`
const ordersScope = `api://${clientId}/access_as_user`
entra.registerApplication({ clientId: STOCK_ID, displayName: 'Stock', redirectUris: [], scopes: ['read'] })

const guarded = (audience: string, scopes: readonly string[]): Promise<SampleApi> =>
  openSampleApi({
    tenants: [entra.tenantId],
    audiences: [audience],
    clients: [clientId],
    scopes,
    authorityHost: entra.origin,
    now: world.now,
  })
const orders = await guarded(clientId, ['access_as_user'])
const stock = await guarded(STOCK_ID, ['read'])
const settings = {
  DOWNSTREAM_APIS: JSON.stringify({
    orders: {
      url: orders.origin,
      as: 'user',
      scope: ordersScope,
      methods: ['GET', 'POST'],
      requestHeaders: ['x-contoso-region'],
    },
    stock: { url: stock.origin, as: 'user', scope: stockScope },
    either: {
      url: orders.origin,
      as: 'user-or-app',
      scope: ordersScope,
      appScope: `api://${clientId}/.default`,
    },
    admins: { url: orders.origin, as: 'user', scope: ordersScope, roles: ['Admin'] },
    narrow: { url: orders.origin, as: 'user', scope: ordersScope, paths: ['/v1/orders'] },
  }),
}
world.replaceInstance(settings)
afterAll(() => Promise.all([orders.close(), stock.close()]))

beforeEach(() => {
  orders.calls.length = 0
  stock.calls.length = 0
  orders.mood = { kind: 'well' }
  entra.registerApplication({ ...registration, delegatedPermissions: [ordersScope] })
})

const FROM_SCRIPT = {
  accept: 'application/json',
  'sec-fetch-mode': 'cors',
  'sec-fetch-dest': 'empty',
  'x-csrf': '1',
}
const ask = (
  visitor: Visitor,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> =>
  visitor.ask(`${world.origin}${path}`, { headers: { ...FROM_SCRIPT, ...headers }, from: world.origin })

async function signedIn(choice = ADA): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  expect((await visitor.signIn('/auth/login', choice)).status).toBe(303)
  return visitor
}

const refreshes = (): number =>
  entra.log.filter(({ kind, details }) => kind === 'token' && details.grantType === 'refresh_token').length
const loginUrlOf = (reply: Reply): string => JSON.parse(reply.text).loginUrl

describe('an API called as the person', () => {
  test('gets their own token, from a refresh that a certificate proved, and the browser sees none of it', async () => {
    const visitor = await signedIn()
    const reply = await ask(visitor, '/api/orders/list?top=5')

    expect(reply.status).toBe(200)
    expect(JSON.parse(reply.text)).toMatchObject({
      caller: 'user',
      objectId: ADA.person,
      path: '/list?top=5',
    })
    expect(reply.setCookies).toEqual([])
  })

  test('costs one token request for all calls of an hour, whoever serves them', async () => {
    const visitor = await signedIn()
    const before = refreshes()
    await Promise.all(Array.from({ length: 10 }, () => ask(visitor, '/api/orders/a')))
    world.replaceInstance(settings)
    expect((await ask(visitor, '/api/orders/b')).status).toBe(200)

    expect(refreshes()).toBe(before + 1)
  })

  test('costs no signature more: the refresh carries the assertion that signed the person in', async () => {
    const visitor = await signedIn()
    const before = vault.requests.length
    await ask(visitor, '/api/orders/a')

    expect(vault.requests).toHaveLength(before)
  })

  test('gets each person’s own token, however their calls mix', async () => {
    const [ada, bo] = [await signedIn(ADA), await signedIn(BO)]
    const replies = await Promise.all(
      [ada, bo, ada, bo, bo, ada].map((visitor) => ask(visitor, '/api/orders/me')),
    )

    expect(replies.map(({ text }) => JSON.parse(text).objectId)).toEqual(
      [ADA, BO, ADA, BO, BO, ADA].map(({ person }) => person),
    )
  })

  test('gets the headers of the list and those of its setting, and none that says who asks', async () => {
    const visitor = await signedIn()
    const sent = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      'x-contoso-region': 'west',
    }
    await ask(visitor, '/api/orders/a', {
      ...sent,
      'x-ms-client-principal': 'forged',
      'x-forwarded-user': 'forged',
      'x-other': '1',
    })

    const received = Object.fromEntries(orders.calls[0]?.headers ?? [])
    expect(received).toMatchObject(sent)
    expect(Object.keys(received).filter((name) => /cookie|x-ms|forwarded|x-other|x-csrf/.test(name))).toEqual(
      [],
    )
  })

  test('is not called for somebody without one of its roles', async () => {
    expectTwin(world, await ask(await signedIn(), '/api/admins/a'), 'api/role_required')
    expect(orders.calls).toEqual([])
  })

  test.each(['/v1', '/v1/ordersx', '/v1/order', '/', ''])(
    'is not called outside its paths: %j',
    async (path) => {
      expectTwin(world, await ask(await signedIn(), `/api/narrow${path}`), 'http/not_found')
      expect(orders.calls).toEqual([])
    },
  )

  test('is called below its paths', async () => {
    const visitor = await signedIn()
    expect((await ask(visitor, '/api/narrow/v1/orders')).status).toBe(200)
    expect((await ask(visitor, '/api/narrow/v1/orders/7')).status).toBe(200)
  })

  test('is not called for nobody, and one that takes both is called as the app', async () => {
    const nobody = newVisitor(world.origin)
    expectTwin(world, await ask(nobody, '/api/orders/a'), 'session/required')
    await ask(nobody, '/api/either/a')

    expect(orders.calls).toHaveLength(1)
    expect(orders.calls[0]?.objectId).not.toBe(ADA.person)
    expect(JSON.parse((await ask(await signedIn(), '/api/either/a')).text)).toMatchObject({ caller: 'user' })
  })
})

test('Entra hears at the authorization request and at every token request that we take claims challenges', async () => {
  const visitor = newVisitor(world.origin)
  const authorize = new URL(location(await visitor.ask(`${world.origin}/auth/login`)))
  tokenRequests.length = 0
  expect((await visitor.post(await visitor.atEntra(authorize.href))).status).toBe(303)
  await ask(visitor, '/api/orders/a')

  const said = [authorize.searchParams, ...tokenRequests].map((request) => [
    request.get('grant_type'),
    JSON.parse(request.get('claims') ?? '{}').access_token.xms_cc,
  ])
  expect(said).toEqual([
    [null, { values: ['cp1'] }],
    ['authorization_code', { values: ['cp1'] }],
    ['refresh_token', { values: ['cp1'] }],
  ])
})

describe('a token that has run out', () => {
  test('is replaced before anybody notices', async () => {
    const visitor = await signedIn()
    await ask(visitor, '/api/orders/a')
    const before = refreshes()
    world.advance(HOUR_MS / 2)
    expect(await isSignedIn(world, visitor)).toBe(true)
    await visitor.ask(`${world.origin}/`)
    world.advance(HOUR_MS / 2 - 60_000)

    expect((await ask(visitor, '/api/orders/a')).status).toBe(200)
    expect(refreshes()).toBe(before + 1)
  })

  test('of a person whose grants were revoked ends the session, and sign-in starts anew', async () => {
    const visitor = await signedIn()
    entra.revokeSessions(ADA.person)

    expectTwin(world, await ask(visitor, '/api/orders/a'), 'session/required')
    expect(await isSignedIn(world, visitor)).toBe(false)
    expect(orders.calls).toEqual([])
  })

  test('while our certificate is refused is an error of ours, and everybody stays signed in', async () => {
    const visitor = await signedIn()
    entra.registerApplication({ ...registration, certificates: [], delegatedPermissions: [ordersScope] })

    expectTwin(world, await ask(visitor, '/api/orders/a'), 'entra/client_rejected')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

describe('what only the person can give', () => {
  test('consent to an API is one redirect away, and then the call succeeds', async () => {
    const visitor = await signedIn()
    const refused = await ask(visitor, '/api/stock/a')
    const twin = expectTwin(world, refused, 'entra/interaction_required')
    expect(twin.loginUrl).toContain('scope=')
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect(stock.calls).toEqual([])

    const form = await visitor.toCallback(`${loginUrlOf(refused)}&returnTo=%2Fstock`, { consent: 'accept' })
    expect(location(await visitor.post(form))).toBe('/stock')
    expect((await ask(visitor, '/api/stock/a')).status).toBe(200)
  })

  test('a step up that the API demands is one redirect away, with the claims it named', async () => {
    const visitor = await signedIn()
    orders.mood = { kind: 'challenge', authenticationContext: 'c1' }
    const refused = await ask(visitor, '/api/orders/a')
    expectTwin(world, refused, 'entra/interaction_required')
    const loginUrl = new URL(loginUrlOf(refused), world.origin)

    expect(JSON.parse(loginUrl.searchParams.get('claims') ?? '')).toEqual({
      access_token: { acrs: { essential: true, value: 'c1' } },
    })
    expect(orders.calls).toHaveLength(1)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

import { describe, expect, test } from 'vitest'
import { readCorpus } from '../support/corpus.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { location, newVisitor, type Reply } from '../support/visitor.ts'

const world = await openJourney()
const loginUrl = `${world.origin}/auth/login`

function login(
  query: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  method = 'GET',
): Promise<Reply> {
  return newVisitor(world.origin).ask(`${loginUrl}?${query}`, { method, headers })
}

/** The authorization request of a login that is accepted. */
async function authorizationRequest(query: string): Promise<URLSearchParams> {
  const reply = await login(query)
  expect(reply.status).toBe(302)
  const { origin, pathname, searchParams } = new URL(location(reply))
  expect([origin, pathname]).toEqual([
    world.desk.entra.origin,
    `/${world.desk.entra.tenantId}/oauth2/v2.0/authorize`,
  ])
  return searchParams
}

function parameters(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(values).toString()
}

describe('a link that is not valid starts nothing', () => {
  test.each<[what: string, query: string]>([
    ['two places to return to', 'returnTo=%2Fa&returnTo=%2Fb'],
    ['two hints', 'loginHint=a&loginHint=b'],
    ['two domains', 'domainHint=a&domainHint=b'],
    ['two prompts, one after the other', 'prompt=login&prompt=consent'],
    ['two choices of scopes', 'scope=openid&scope=profile'],
    ['two claims requests', 'claims=%7B%7D&claims=%7B%22a%22%3A1%7D'],
    ['our name and that of the specification', 'returnTo=%2Fa&target_link_uri=%2Fa'],
    ['another issuer', 'iss=https%3A%2F%2Fevil.example%2Fv2.0'],
    ['a way on that leads elsewhere', 'target_link_uri=https%3A%2F%2Fevil.example%2F'],
    ['an oversize returnTo', parameters({ returnTo: `/${'a'.repeat(2_048)}` })],
    ['an oversize loginHint', parameters({ loginHint: 'a'.repeat(513) })],
    ['an oversize domainHint', parameters({ domainHint: 'a'.repeat(254) })],
    ['an oversize prompt', parameters({ prompt: 'login'.repeat(7) })],
    ['an oversize scope', parameters({ scope: `openid ${'a'.repeat(1_024)}` })],
    ['oversize claims', parameters({ claims: JSON.stringify({ a: 'a'.repeat(2_048) }) })],
    ['a loginHint with a line break', parameters({ loginHint: 'ada@contoso.example\r\nx: y' })],
    ['a domainHint that is no domain', parameters({ domainHint: 'contoso.example/x' })],
    ['an unknown prompt', 'prompt=create'],
    ['two prompts', parameters({ prompt: 'login consent' })],
    ['a scope that is not configured', parameters({ scope: 'openid https://graph.microsoft.com/Mail.Read' })],
    ['claims that are no JSON', 'claims=%7B'],
    ['claims that are a list', 'claims=%5B%5D'],
    ['claims that are null', 'claims=null'],
    ['claims that are text', 'claims=%22x%22'],
    [
      'a loginHint although an account is to be chosen',
      parameters({ loginHint: 'a', prompt: 'select_account' }),
    ],
  ])('%s', async (_what, query) => {
    const before = await tracesOf(world)
    const reply = await login(query)
    expectScreen(world, reply, 'login/invalid_parameter')
    expect(reply.setCookies).toEqual([])
    expectTwin(
      world,
      await login(query, { accept: 'application/json', 'sec-fetch-dest': undefined }),
      'login/invalid_parameter',
    )
    await expectNothingHappened(world, before)
  })

  test('a returnTo that leads elsewhere, in any spelling of the corpus (CVE-2022-24858, CVE-2021-43812)', async () => {
    world.replaceInstance({ PUBLIC_URL: 'https://app.example' })
    const corpus = readCorpus('open-redirects.txt').filter((_line, i) => i % 5 === 0)
    expect(corpus.length).toBeGreaterThan(40)
    for (const [returnTo = ''] of corpus) {
      if (returnTo === '') continue
      const reply = await login(parameters({ returnTo }))
      expectScreen(world, reply, 'login/invalid_parameter')
      expect([reply.setCookies, reply.headers.get('location')], returnTo).toEqual([[], null])
      expect(wayOn(reply), returnTo).toBe('/auth/login')
    }
    world.replaceInstance()
  })
})

describe('a sign-in starts by a navigation of the person only (U8, ASVS 3.5.3)', () => {
  test.each([
    { 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-dest': 'frame' },
    { 'sec-fetch-dest': 'embed' },
    { 'sec-fetch-dest': 'object' },
    { 'sec-fetch-dest': 'fencedframe' },
    { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' },
    { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' },
    { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'same-origin' },
    { 'sec-fetch-dest': 'script', 'sec-fetch-mode': 'no-cors' },
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
  ])('not by %o', async (headers) => {
    const reply = await login('', headers)
    expectScreen(world, reply, 'login/not_a_navigation')
    expect(reply.setCookies).toEqual([])
  })

  test('a script is told where the window has to go', async () => {
    const twin = expectTwin(world, await login('', BY_SCRIPT), 'login/not_a_navigation')
    expect(twin).toMatchObject({ loginUrl: '/auth/login' })
  })

  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('not by %s', async (method) => {
    const reply = await login('', {}, method)
    expect([reply.status, reply.headers.get('allow'), reply.setCookies]).toEqual([405, 'GET, HEAD, POST', []])
  })

  test('not by HEAD, which says whether the link is good and starts nothing', async () => {
    const before = await tracesOf(world)
    const good = await login('returnTo=/orders&utm_source=x', {}, 'HEAD')
    expect([good.status, good.text, good.setCookies, good.headers.get('location')]).toEqual([
      200,
      '',
      [],
      null,
    ])
    const bad = await login('returnTo=//evil.example', {}, 'HEAD')
    expect([bad.status, bad.text, bad.setCookies]).toEqual([400, '', []])
    await expectNothingHappened(world, before)
  })

  test.each([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined, 'sec-fetch-site': undefined },
    { 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined, 'sec-fetch-site': undefined, accept: '*/*' },
    // A service worker passed the navigation on.
    { 'sec-fetch-dest': 'empty' },
    { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-dest': undefined },
  ])('but by a link with %o', async (headers) => {
    const reply = await login('', headers)
    expect([reply.status, reply.setCookies.length]).toEqual([302, 1])
  })

  test('an answer that nobody here asked for makes no session, however it is sent (ASVS 7.6.2)', async () => {
    const before = await tracesOf(world)
    const form = new URLSearchParams({ code: 'code', state: 'e30.e30.e30.e30.e30' })
    const reply = await newVisitor(world.origin).ask(`${world.origin}/auth/callback`, {
      method: 'POST',
      form,
    })
    expectScreen(world, reply, 'callback/malformed')
    await expectNothingHappened(world, before)
  })
})

describe('what may be wished for', () => {
  test('nothing: all configured scopes', async () => {
    const request = await authorizationRequest('')
    expect(request.get('scope')).toBe(
      `openid profile offline_access api://${world.desk.clientId}/access_as_user`,
    )
    for (const name of ['prompt', 'login_hint', 'domain_hint']) expect(request.has(name), name).toBe(false)
  })

  test('some of the configured scopes; openid is always among them', async () => {
    const request = await authorizationRequest(parameters({ scope: ' profile  openid ' }))
    expect(request.get('scope')).toBe('openid profile offline_access')
    expect((await authorizationRequest('scope=profile')).get('scope')).toBe('openid profile offline_access')
  })

  test.each(['Mail.Read', 'openid Mail.Read', 'OPENID', 'openid,profile'])(
    'no scope beyond those of the settings: %s is refused, and nothing goes out',
    async (scope) => {
      const before = await tracesOf(world)
      const visitor = newVisitor(world.origin)
      const asked = new URLSearchParams({ scope, returnTo: '/orders' })
      const reply = await visitor.ask(`${world.origin}/auth/login?${asked}`)
      expectScreen(world, reply, 'login/invalid_parameter')
      expect([wayOn(reply), reply.setCookies, reply.headers.get('location')]).toEqual([
        '/auth/login?returnTo=%2Forders',
        [],
        null,
      ])
      await expectNothingHappened(world, before)
    },
  )

  test('claims, as compact JSON, and of the ID token what only the access token was to have', async () => {
    const claims = '{ "access_token": { "acrs": { "essential": true, "value": "c1" } } }'
    const request = await authorizationRequest(parameters({ claims }))
    const acrs = '"acrs":{"essential":true,"value":"c1"}'
    expect(request.get('claims')).toBe(
      `{"access_token":{${acrs},"xms_cc":{"values":["cp1"]}},"id_token":{${acrs}}}`,
    )
  })

  test('whom to expect, and a new prompt', async () => {
    const query = parameters({
      loginHint: 'ada@contoso.example',
      domainHint: 'contoso.example',
      prompt: 'login',
    })
    const request = await authorizationRequest(query)
    expect([request.get('login_hint'), request.get('domain_hint'), request.get('prompt')]).toEqual([
      'ada@contoso.example',
      'contoso.example',
      'login',
    ])
  })

  test('a returnTo smuggles no parameter into the request (CVE-2025-67716)', async () => {
    const plain = await authorizationRequest('')
    const smuggling = await authorizationRequest(
      parameters({
        returnTo: '/x?prompt=none&scope=Mail.Read&redirect_uri=https://evil.example#&client_id=other',
      }),
    )
    expect([...smuggling.keys()]).toEqual([...plain.keys()])
    for (const name of ['client_id', 'redirect_uri', 'scope', 'response_type', 'response_mode']) {
      expect(smuggling.get(name)).toBe(plain.get(name))
    }
  })

  test('headers that a client can write change nothing (CVE-2026-40575)', async () => {
    const plain = await authorizationRequest('')
    const spoofed = await login('', {
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'x-original-url': '/auth/login?prompt=none',
      forwarded: 'host=evil.example',
      'x-ms-client-principal': Buffer.from('{"userId":"ada"}').toString('base64'),
    })
    const request = new URL(location(spoofed)).searchParams
    for (const name of ['redirect_uri', 'client_id', 'scope']) expect(request.get(name)).toBe(plain.get(name))
    expect([...request.keys()]).toEqual([...plain.keys()])
  })
})

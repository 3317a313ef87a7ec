/** Links to sign-in as they come in the field: decorated, incomplete, built by others. */
import { describe, expect, test } from 'vitest'
import { LONGEST_ENTRA_URL } from '../../lib/entra/authorizationRequest.ts'
import { openState, openTransaction, parseState } from '../../lib/session/transaction.ts'
import { readCorpus } from '../support/corpus.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { location, newVisitor, type Reply } from '../support/visitor.ts'

const world = await openJourney()
const loginUrl = `${world.origin}/auth/login`
const plain = [...new URL(location(await login(''))).searchParams.keys()]

function login(query: string, headers: Readonly<Record<string, string | undefined>> = {}): Promise<Reply> {
  return newVisitor(world.origin).ask(`${loginUrl}?${query}`, { headers })
}

function parameters(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(values).toString()
}

/** The request's line in the log. */
function logged(reply: Reply) {
  const id = reply.headers.get('x-correlation-id')
  return world.logs.find(({ event, facts }) => event === 'request' && facts.correlationId === id)
}

/** The link that the state of this redirect remembers. */
function sealedIn(reply: Reply): Readonly<Record<string, string>> | undefined {
  const cookie = /^__Host-signet-tx-[\w-]{12}=([\w-]{43});/.exec(reply.setCookies.at(-1) ?? '')?.[1] ?? ''
  const keys = openTransaction(cookie)
  const state = parseState(new URL(location(reply)).searchParams.get('state') ?? '')
  if (keys === undefined || state === undefined) throw new Error('no transaction')
  return openState(keys, state, world.now())?.link
}

describe('a link that is only untidy starts a sign-in', () => {
  test.each([
    ['a campaign', 'utm_source=x&returnTo=/orders', 1],
    ['a parameter of Entra', 'returnTo=/orders&redirect_uri=https%3A%2F%2Fevil.example&state=x&nonce=y', 3],
    ['a member of every object', '__proto__=x&constructor=x&returnTo=/orders', 2],
    ['a name without letters', '=x&returnTo=/orders', 1],
    ['other letters', 'RETURNTO=%2Fx&returnTo=/orders', 1],
    ['an address that was not encoded', 'returnTo=/orders&tab=2', 1],
    ['a name that is somebody’s address', 'ada@contoso.example=1&returnTo=/orders', 1],
  ])('with %s: what means nothing here is counted', async (_what, query, ignored) => {
    const reply = await login(query)
    expect([reply.status, reply.setCookies.length]).toEqual([302, 1])
    expect(sealedIn(reply)?.returnTo).toBe('/orders')
    const { searchParams } = new URL(location(reply))
    expect([...searchParams.keys()]).toEqual(plain)
    const { facts } =
      world.logs.findLast(({ event, facts }) => event === 'request' && facts.status === 302) ?? {}
    const line = world.logs.find(({ facts }) => facts.correlationId === reply.headers.get('x-correlation-id'))
    expect(facts).toBeDefined()
    expect(line?.facts).toMatchObject({ outcome: 'ok', ignoredParameters: ignored })
    expect(JSON.stringify(line)).not.toMatch(/utm_source|RETURNTO|contoso|evil|__proto__/)
  })

  test.each([
    ['an empty query', ''],
    ['an empty returnTo', 'returnTo='],
    ['nothing but empty values', 'returnTo=&loginHint=&domainHint=&prompt=&scope=&claims=&iss='],
    ['the same twice', 'returnTo=/orders&returnTo=/orders&loginHint=ada&loginHint=ada'],
    ['spaces written as plus signs', 'scope=openid+profile'],
    ['spaces written as %20', 'scope=openid%20profile'],
  ])('with %s', async (_what, query) => {
    const reply = await login(query)
    expect([reply.status, reply.setCookies.length]).toEqual([302, 1])
    const line = world.logs.find(({ facts }) => facts.correlationId === reply.headers.get('x-correlation-id'))
    expect(line?.facts).not.toHaveProperty('ignoredParameters')
  })

  test('to every address of our own, which the person is brought to in its canonical form', async () => {
    world.replaceInstance({ PUBLIC_URL: 'https://app.example' })
    const addresses = readCorpus('own-addresses.txt')
    expect(addresses.length).toBeGreaterThan(80)
    for (const [returnTo = '', path] of addresses) {
      const reply = await login(parameters({ returnTo }))
      expect(reply.status, returnTo).toBe(302)
      expect(sealedIn(reply)?.returnTo, returnTo).toBe(path)
    }
    world.replaceInstance()
  })

  test.each([
    ['/suche?q=\u00e4', '/suche?q=%C3%A4'],
    ['/a b', '/a%20b'],
    ['/docs//page', '/docs//page'],
    [`${world.origin.toUpperCase()}/x?y#z`, '/x?y#z'],
    ['/caf%E9?100%#C:\\', '/caf%E9?100%#C:%5C'],
  ])('and all the way round, to %s', async (returnTo, path) => {
    const reply = await newVisitor(world.origin).signIn(`/auth/login?${parameters({ returnTo })}`)
    expect([reply.status, location(reply)]).toEqual([303, path])
  })
})

describe('where one part of a link is wrong, the button keeps the others', () => {
  test('the way there, and whom to expect', async () => {
    const query = parameters({
      returnTo: '/orders?id=7#top',
      loginHint: 'eve@fabrikam.example',
      prompt: 'create',
      scope: 'openid profile',
      utm_source: 'mail',
    })
    const kept =
      '/auth/login?returnTo=%2Forders%3Fid%3D7%23top&loginHint=eve%40fabrikam.example&scope=openid+profile+offline_access'
    const reply = await login(query)
    expectScreen(world, reply, 'login/invalid_parameter')
    expect(wayOn(reply)).toBe(kept)
    const twin = expectTwin(
      world,
      await login(query, { accept: 'application/json', 'sec-fetch-dest': undefined }),
      'login/invalid_parameter',
    )
    expect(twin.loginUrl).toBe(kept)
    const line = world.logs.findLast(({ facts }) => facts.outcome === 'login/invalid_parameter')
    expect(line?.facts).toMatchObject({ detail: 'prompt', ignoredParameters: 1 })
    expect(JSON.stringify(line)).not.toMatch(/fabrikam|orders|mail/)
    expect((await newVisitor(world.origin).ask(world.origin + kept)).status).toBe(302)
  })

  test('and a script is told the whole way that it tried to take', async () => {
    const twin = expectTwin(
      world,
      await login('returnTo=/orders&prompt=none', BY_SCRIPT),
      'login/not_a_navigation',
    )
    expect(twin.loginUrl).toBe('/auth/login?returnTo=%2Forders&prompt=none')
  })
})

describe('a sign-in that a third party initiates (OpenID Connect Core section 4)', () => {
  const { issuer } = world.desk.entra
  const initiation = {
    iss: issuer,
    login_hint: 'ada@contoso.example',
    target_link_uri: `${world.origin}/orders?id=7`,
  }

  function post(form: Readonly<Record<string, string>>, headers = {}, query = ''): Promise<Reply> {
    const from = 'https://portal.fabrikam.example'
    return newVisitor(world.origin).ask(loginUrl + query, {
      method: 'POST',
      form: new URLSearchParams(form),
      from,
      headers,
    })
  }

  test('by a link: the hint goes to Entra, and the person to the page', async () => {
    const reply = await login(parameters(initiation))
    expect(reply.status).toBe(302)
    expect(new URL(location(reply)).searchParams.get('login_hint')).toBe('ada@contoso.example')
    const visitor = newVisitor(world.origin)
    const signedIn = await visitor.signIn(`/auth/login?${parameters(initiation)}`)
    expect([signedIn.status, location(signedIn)]).toEqual([303, '/orders?id=7'])
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('by a form: the browser comes back by a link of ours, with the cookies that another site’s form does not bring', async () => {
    const reply = await post({ ...initiation, lti_deployment_id: '1' })
    expect([reply.status, reply.setCookies]).toEqual([303, []])
    expect(location(reply)).toBe('/auth/login?returnTo=%2Forders%3Fid%3D7&loginHint=ada%40contoso.example')
    expect(logged(reply)?.facts).toMatchObject({ outcome: 'ok', ignoredParameters: 1 })
    expect((await login(location(reply).split('?')[1] ?? '')).status).toBe(302)
  })

  test('by a form whose address has parameters of its own', async () => {
    const reply = await post({ iss: issuer }, {}, '?domainHint=contoso.example')
    expect(location(reply)).toBe('/auth/login?domainHint=contoso.example')
    expectScreen(world, await post({ login_hint: 'bo' }, {}, '?loginHint=ada'), 'login/invalid_parameter')
  })

  test('by a form of any spelling of its type', async () => {
    for (const charset of ['; charset=UTF-8', ';charset=utf-8', ' ; charset="utf-8"'])
      expect(
        (await post(initiation, { 'content-type': `application/x-www-form-urlencoded${charset}` })).status,
      ).toBe(303)
    expectScreen(
      world,
      await post(initiation, { 'content-type': 'text/plain' }),
      'http/unsupported_media_type',
    )
  })

  test.each([
    ['another issuer', { iss: 'https://issuer.invalid/v2.0' }],
    ['our issuer and a slash', { iss: `${issuer}/` }],
    ['a page of another site', { target_link_uri: 'https://evil.example/orders' }],
    ['a page that begins sign-in again', { target_link_uri: `${world.origin}/auth/login?returnTo=/` }],
  ])('but not for %s, by link or form', async (_what, wrong) => {
    const before = await tracesOf(world)
    for (const reply of [
      await login(parameters({ ...initiation, ...wrong })),
      await post({ ...initiation, ...wrong }),
    ]) {
      expectScreen(world, reply, 'login/invalid_parameter')
      expect([reply.setCookies, reply.headers.get('location')]).toEqual([[], null])
      expect(wayOn(reply)).toContain('loginHint=ada%40contoso.example')
    }
    await expectNothingHappened(world, before)
  })

  test.each([{ 'sec-fetch-dest': 'iframe' }, { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }])(
    'but not by a form in %o: the person has to see it',
    async (headers) => {
      const reply = await post(initiation, headers)
      expectScreen(world, reply, 'login/not_a_navigation')
      expect([reply.setCookies, reply.headers.get('location')]).toEqual([[], null])
    },
  )
})

describe('an authorization request is never longer than Entra takes', () => {
  const long = {
    returnTo: `/${'a'.repeat(1_000)}`,
    loginHint: 'ä'.repeat(200),
    domainHint: 'contoso.example',
  }

  test('the longest place to return to fits, alone', async () => {
    const reply = await login(parameters({ returnTo: `/${'a'.repeat(2_047)}` }))
    expect(reply.status).toBe(302)
    expect(location(reply).length).toBeLessThanOrEqual(LONGEST_ENTRA_URL)
  })

  test('whatever is wished for, within its own limits', async () => {
    const claims = JSON.stringify({
      access_token: { acrs: { essential: true, values: ['c'.repeat(1_900)] } },
    })
    const wishes = { ...long, prompt: 'login', scope: 'openid profile', claims }
    const outcomes = new Set<number>()
    for (const length of [10, 500, 1_000, 1_900]) {
      const reply = await login(
        parameters({ ...wishes, claims: claims.replace(/c+"\]/, `${'c'.repeat(length)}"]`) }),
      )
      outcomes.add(reply.status)
      if (reply.status === 302) expect(location(reply).length).toBeLessThanOrEqual(LONGEST_ENTRA_URL)
      else expectScreen(world, reply, 'login/invalid_parameter')
    }
    expect([...outcomes]).toEqual([302, 400])
  })

  test('the log names the longest part, and the button keeps the others and works', async () => {
    const before = await tracesOf(world)
    const claims = JSON.stringify({ id_token: { ['ü'.repeat(300)]: null } })
    const reply = await login(parameters({ ...long, claims }))
    expectScreen(world, reply, 'login/invalid_parameter')
    expect(reply.setCookies).toEqual([])
    expect(logged(reply)?.facts.detail).toMatch(/^claims too long: \d{4,5} characters in all$/)
    expect(wayOn(reply)).toBe(`/auth/login?${parameters(long)}`)
    await expectNothingHappened(world, before)
    expect((await newVisitor(world.origin).ask(world.origin + wayOn(reply))).status).toBe(302)
  })

  test('a form or a look at a link that asks for too much is refused as the link is', async () => {
    const form = new URLSearchParams({
      ...long,
      claims: JSON.stringify({ id_token: { ['ü'.repeat(300)]: null } }),
    })
    const before = await tracesOf(world)
    const posted = await newVisitor(world.origin).ask(loginUrl, { method: 'POST', form })
    expectScreen(world, posted, 'login/invalid_parameter')
    const head = await newVisitor(world.origin).ask(`${loginUrl}?${form}`, { method: 'HEAD' })
    expect([head.status, head.text]).toEqual([400, ''])
    await expectNothingHappened(world, before)
  })

  test('the way back to a link of ours is one that hosts take, even where every character takes three', async () => {
    const form = new URLSearchParams({ target_link_uri: `/a${'/'.repeat(2_046)}` })
    const reply = await newVisitor(world.origin).ask(loginUrl, { method: 'POST', form })
    expect(reply.status).toBe(303)
    // RFC 9110 section 4.1; the platform's host stops at 8,192.
    expect(location(reply).length).toBeLessThan(8_000)
    expect((await login(location(reply).split('?')[1] ?? '')).status).toBe(302)
  })

  test('a hint travels once, in the query: the state remembers what the answer has to show', async () => {
    const claims = '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const hints = { loginHint: 'a'.repeat(400), domainHint: 'contoso.example' }
    const asked = { prompt: 'login', scope: 'openid profile offline_access', claims }
    const [without, withHints] = [
      await login(parameters(asked)),
      await login(parameters({ ...asked, ...hints })),
    ]
    const added = location(withHints).length - location(without).length
    expect(added).toBe(parameters({ login_hint: hints.loginHint, domain_hint: hints.domainHint }).length + 1)
    expect(sealedIn(withHints)).toEqual(asked)
  })
})

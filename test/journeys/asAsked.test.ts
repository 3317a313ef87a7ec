/** What a person can take out of the address on the way to Entra, and what is made of the answer (OpenID Connect Core 3.1.3.7 rules 12, 13). */
import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, readSession, wayOn } from '../support/screens.ts'
import { expectNoSession, tracesOf } from '../support/traces.ts'
import {
  ADA,
  BO,
  type CallbackForm,
  location,
  newVisitor,
  type Reply,
  type Visitor,
} from '../support/visitor.ts'

const MINUTE_MS = 60_000
const world = await openJourney({ isFrozen: true })
const { entra, registration } = world.desk
const C1 = { essential: true, value: 'c1' }
const claims = (request: object): string => JSON.stringify(request)

const loginPath = (wishes: Readonly<Record<string, string>>): string =>
  `/auth/login?${new URLSearchParams({ returnTo: '/orders', ...wishes })}`

/** Somebody who signed in at Entra two minutes ago, and has no session here any more. */
async function known(choice = ADA): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn('/auth/login', choice)
  visitor.appCookies.clear()
  world.advance(2 * MINUTE_MS)
  return visitor
}

/** The answer of Entra to a request that lost some of its parameters in the address bar. */
async function stripped(visitor: Visitor, path: string, lost: readonly string[]): Promise<CallbackForm> {
  const url = new URL(location(await visitor.ask(`${world.origin}${path}`)))
  for (const name of lost) url.searchParams.delete(name)
  return visitor.atEntra(url.href)
}

async function expectNotAsAsked(visitor: Visitor, form: CallbackForm, rule: string): Promise<Reply> {
  const before = await tracesOf(world)
  const reply = await visitor.post(form)
  expectScreen(world, reply, 'callback/not_as_asked')
  expect(world.logs.findLast(({ event }) => event === 'request')?.facts.detail).toBe(rule)
  await expectNoSession(world, before)
  expect(await isSignedIn(world, visitor)).toBe(false)
  return reply
}

async function expectIn(visitor: Visitor, reply: Reply): Promise<Readonly<Record<string, unknown>>> {
  expect([reply.status, location(reply)]).toEqual([303, '/orders'])
  return readSession(world, visitor)
}

describe('what was asked and taken out of the address makes no session', () => {
  test.each([
    ['prompt=login', { prompt: 'login' }, ['prompt', 'claims'], 'auth_time'],
    ['prompt=login, by itself', { prompt: 'login' }, ['prompt'], 'auth_time'],
    ['max_age', { maxAge: '30' }, ['max_age', 'claims'], 'auth_time'],
    ['max_age=0', { maxAge: '0' }, ['max_age'], 'auth_time'],
    ['an acrs of the ID token', { claims: claims({ id_token: { acrs: C1 } }) }, ['claims'], 'acrs'],
    ['an acrs of the access token', { claims: claims({ access_token: { acrs: C1 } }) }, ['claims'], 'acrs'],
    [
      'one of several',
      { claims: claims({ id_token: { acrs: { essential: true, values: ['c1', 'c2'] } } }) },
      ['claims'],
      'acrs',
    ],
    [
      'everything',
      { prompt: 'login', claims: claims({ id_token: { acrs: C1 } }) },
      ['prompt', 'claims'],
      'auth_time',
    ],
  ])('%s', async (_what, wishes, lost, rule) => {
    const visitor = await known()
    const form = await stripped(visitor, loginPath(wishes), lost)
    await expectNotAsAsked(visitor, form, rule)
  })

  test('prompt=login where the registration does not have auth_time in every token', async () => {
    entra.registerApplication({ ...registration, optionalIdTokenClaims: [] })
    const visitor = await known()
    const form = await stripped(visitor, loginPath({ prompt: 'login' }), ['prompt', 'claims'])
    await expectNotAsAsked(visitor, form, 'auth_time')
    entra.registerApplication(registration)
  })

  test('acrs, changed to what is easier', async () => {
    const visitor = await known()
    const url = new URL(
      location(await visitor.ask(world.origin + loginPath({ claims: claims({ id_token: { acrs: C1 } }) }))),
    )
    url.searchParams.set('claims', claims({ id_token: { acrs: { ...C1, value: 'c2' } } }))
    await expectNotAsAsked(visitor, await visitor.atEntra(url.href), 'acrs')
  })

  test('the button asks once more for what was asked, and then it is given', async () => {
    const visitor = await known()
    const wishes = { prompt: 'login', claims: claims({ id_token: { acrs: C1 } }) }
    const form = await stripped(visitor, loginPath(wishes), ['prompt', 'claims'])
    const way = wayOn(await expectNotAsAsked(visitor, form, 'auth_time'))
    expect(way).toBe(loginPath(wishes))
    const session = await expectIn(visitor, await visitor.signIn(way))
    expect(session).toMatchObject({
      authTime: new Date(world.now()).toISOString().replace(/\d{3}Z/, '000Z'),
      acrs: ['c1'],
    })
  })

  test('where Entra pays no heed to max_age, the button asks by a prompt that it keeps to', async () => {
    const visitor = await known()
    const form = await stripped(visitor, loginPath({ maxAge: '30' }), ['max_age'])
    const way = wayOn(await expectNotAsAsked(visitor, form, 'auth_time'))
    expect(new URL(`${world.origin}${way}`).searchParams.get('prompt')).toBe('login')
    await expectIn(visitor, await visitor.signIn(way))
  })
})

describe('what was asked and is given makes one, and /auth/session shows it', () => {
  const seconds = (ms: number): string => new Date(Math.floor(ms / 1_000) * 1_000).toISOString()

  test('nothing: when the person last authenticated, which was before', async () => {
    const visitor = await known()
    const authenticatedMs = world.now() - 2 * MINUTE_MS
    const session = await expectIn(visitor, await visitor.signIn(loginPath({})))
    expect(session).toMatchObject({ authTime: seconds(authenticatedMs), acrs: [] })
  })

  test('prompt=login: a fresh authentication', async () => {
    const visitor = await known()
    const session = await expectIn(visitor, await visitor.signIn(loginPath({ prompt: 'login' })))
    expect(session).toMatchObject({ authTime: seconds(world.now()) })
  })

  test('max_age: none is asked for where the last one will do', async () => {
    const visitor = await known()
    const session = await expectIn(visitor, await visitor.signIn(loginPath({ maxAge: '180' })))
    expect(session).toMatchObject({ authTime: seconds(world.now() - 2 * MINUTE_MS) })
    visitor.appCookies.clear()
    const anew = await expectIn(visitor, await visitor.signIn(loginPath({ maxAge: '100' })))
    expect(anew).toMatchObject({ authTime: seconds(world.now()) })
  })

  test('an authentication that took its time is fresh all the same', async () => {
    const visitor = await known()
    const started = await visitor.ask(world.origin + loginPath({ prompt: 'login' }))
    world.advance(10 * MINUTE_MS)
    const form = await visitor.atEntra(location(started))
    world.advance(4 * MINUTE_MS)
    await expectIn(visitor, await visitor.post(form))
  })

  test.each([['id_token'], ['access_token']])('acrs of the %s', async (token) => {
    const visitor = await known(BO)
    const path = loginPath({ claims: claims({ [token]: { acrs: C1 } }) })
    expect(await expectIn(visitor, await visitor.signIn(path, BO))).toMatchObject({ acrs: ['c1'] })
  })
})

describe('a claims challenge at the redemption (T7)', () => {
  const CHALLENGE = claims({ access_token: { acrs: C1 } })

  test('goes into the next sign-in, which satisfies it', async () => {
    entra.registerApplication({ ...registration, requiresAuthenticationContext: 'c1' })
    const visitor = await known()
    const reply = await visitor.signIn(loginPath({}))
    expectScreen(world, reply, 'entra/interaction_required')
    const way = wayOn(reply) ?? ''
    expect(Object.fromEntries(new URL(`${world.origin}${way}`).searchParams)).toEqual({
      returnTo: '/orders',
      claims: CHALLENGE,
    })
    expect(await expectIn(visitor, await visitor.signIn(way))).toMatchObject({ acrs: ['c1'] })
    entra.registerApplication(registration)
  })

  test.each([
    ['no JSON', 'claims'],
    ['no object', '["c1"]'],
    ['longer than a link may be', claims({ access_token: { a: 'a'.repeat(2_048) } })],
  ])('that is %s is left out of the link', async (_what, refuseClaims) => {
    Object.assign(entra.switches.token, { refuse: 50076, refuseClaims })
    const reply = await newVisitor(world.origin).signIn(loginPath({}))
    expectScreen(world, reply, 'entra/interaction_required')
    expect(wayOn(reply)).toBe(loginPath({}))
  })
})

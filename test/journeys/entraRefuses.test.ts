/** Authorization responses that are errors (RFC 6749 4.1.2.1): each has its screen, costs no token request, and leads somewhere. */
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, expectTwin, isSignedIn, readSession, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { ADA, BO, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const DANA = { person: '3a4c6d85-bd6f-4f3b-8db9-8eac3b5a7d04' }
const ELI = { person: '495b7e96-ce7a-4a4c-9eca-9fbd4c6b8e05' }

const world = await openJourney()
const { switches } = world.desk.entra

/** A sign-in that Entra answers with an error; `code` is what becomes of it here. */
async function refused(
  visitor: Visitor,
  code: ErrorCode,
  choice = ADA as Readonly<Record<string, string>>,
  path = LOGIN,
): Promise<Reply> {
  const form = await visitor.toCallback(path, choice)
  expect(form.fields.has('code')).toBe(false)
  const before = await tracesOf(world)
  const reply = await visitor.post(form)
  expectScreen(world, reply, code)
  await expectNothingHappened(world, before)
  return reply
}

describe('the person turns back (U9, P5)', () => {
  test('cancelling is no fault: the page says so and offers the way in again', async () => {
    const visitor = newVisitor(world.origin)
    const reply = await refused(visitor, 'entra/cancelled', { refuse: 'cancel' })
    expect([reply.status, wayOn(reply)]).toEqual([200, LOGIN])
    expect(reply.text).toContain('sign in whenever you like')
    const again = await visitor.signIn(wayOn(reply))
    expect([again.status, location(again)]).toEqual([303, '/orders'])
  })

  test('whoever was signed in still is, reads nothing else, and has a way back to where they were', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn('/auth/login')
    expect(await isSignedIn(world, visitor)).toBe(true)
    const form = await visitor.toCallback(`${LOGIN}&prompt=login`, { refuse: 'cancel' })
    const reply = await visitor.post(form)
    expectScreen(world, reply, 'entra/cancelled')
    expect(reply.text).not.toMatch(/not signed in/i)
    expect(reply.text).toContain('If you were signed in before, you still are')
    expect(reply.text).toContain('<a class="button" href="/orders">Back to where you were</a>')
    expect(reply.text).toContain('>Sign in</a>')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('declining to consent is cancelling too', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn('/auth/login')
    visitor.appCookies.clear()
    await refused(visitor, 'entra/cancelled', { refuse: 'cancel' }, `${LOGIN}&prompt=consent`)
  })

  test('a script reads it as JSON', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN, { refuse: 'cancel' })
    const headers = { accept: 'application/json', 'sec-fetch-dest': 'empty' }
    const reply = await visitor.ask(form.action, {
      method: 'POST',
      form: form.fields,
      from: form.from,
      headers,
    })
    expect(expectTwin(world, reply, 'entra/cancelled')).toMatchObject({ loginUrl: LOGIN })
  })
})

describe('the organisation says no (U9, P4)', () => {
  test.each([
    { what: 'Conditional Access blocks', choice: { refuse: 'blocked' } },
    { what: 'a blocked account', choice: DANA },
    { what: 'nobody consented', choice: { refuse: 'consent' } },
    { what: 'an administrator must consent', choice: ELI },
  ])('$what: no access, and the way on is another account', async ({ choice }) => {
    const visitor = newVisitor(world.origin)
    const reply = await refused(visitor, 'entra/no_access', choice)
    expect(wayOn(reply)).toBe(`${LOGIN}&prompt=select_account`)
    const again = await visitor.signIn(wayOn(reply), BO)
    expect(location(again)).toBe('/orders')
    expect(await readSession(world, visitor)).toMatchObject({ user: { name: 'Bo Adeyemi' } })
  })
})

describe('a silent sign-in that cannot be silent (T7)', () => {
  test('prompt=none while nobody is signed in at Entra: one more step, by hand', async () => {
    const visitor = newVisitor(world.origin)
    const reply = await refused(visitor, 'entra/interaction_required', ADA, `${LOGIN}&prompt=none`)
    expect([reply.status, wayOn(reply)]).toEqual([401, LOGIN])
    expect(location(await visitor.signIn(wayOn(reply)))).toBe('/orders')
  })

  test('prompt=none while two people are signed in at Entra', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn('/auth/login', ADA)
    await visitor.signIn('/auth/login?prompt=login', BO)
    visitor.appCookies.clear()
    await refused(visitor, 'entra/interaction_required', ADA, `${LOGIN}&prompt=none`)
  })
})

describe('every error has its row, whatever Entra says in words', () => {
  test.each<[name: string, error: string, code: ErrorCode, way: string | undefined]>([
    ['access_denied', 'access_denied', 'entra/no_access', `${LOGIN}&prompt=select_account`],
    ['login_required', 'login_required', 'entra/interaction_required', LOGIN],
    ['interaction_required', 'interaction_required', 'entra/interaction_required', LOGIN],
    ['consent_required', 'consent_required', 'entra/no_access', `${LOGIN}&prompt=select_account`],
    ['server_error', 'server_error', 'entra/unavailable', LOGIN],
    ['temporarily_unavailable', 'temporarily_unavailable', 'entra/unavailable', LOGIN],
    ['invalid_request', 'invalid_request', 'entra/sign_in_refused', LOGIN],
    ['unauthorized_client', 'unauthorized_client', 'entra/sign_in_refused', LOGIN],
    ['invalid_scope', 'invalid_scope', 'entra/sign_in_refused', LOGIN],
    ['one that nobody has heard of', 'something_new', 'entra/sign_in_refused', LOGIN],
    ['a member of every object', 'constructor', 'entra/sign_in_refused', LOGIN],
    ['markup', '<script>alert(1)</script>', 'entra/sign_in_refused', LOGIN],
  ])('%s', async (_name, error, code, way) => {
    const description = 'AADSTS50011: <b>ada@contoso.example</b> at C:\\inetpub\n at main.ts:1:1'
    switches.authorize.error = { error, description }
    const visitor = newVisitor(world.origin)
    const reply = await refused(visitor, code)
    expect(wayOn(reply)).toBe(way)
    expect(reply.text).not.toContain('AADSTS')
    expect(reply.text).not.toContain('<b>')
    const line = world.logs.findLast(({ event }) => event === 'request')
    expect(String(line?.facts.detail)).toMatch(/ AADSTS50011$/)
  })

  test('a busy Entra is said to be busy, for how long, and everything is kept', async () => {
    switches.authorize.error = { error: 'temporarily_unavailable' }
    const visitor = newVisitor(world.origin)
    const reply = await refused(visitor, 'entra/unavailable')
    expect(reply.headers.get('retry-after')).toBe('10')
    expect(location(await visitor.signIn(wayOn(reply)))).toBe('/orders')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

/** Who is sent to Entra again and again, and who only opens many tabs (U10). */
import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { type CallbackForm, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const world = await openJourney({ isFrozen: true })
const { entra } = world.desk

const login = (visitor: Visitor, path = LOGIN, headers = {}): Promise<Reply> =>
  visitor.ask(`${world.origin}${path}`, { from: world.origin, headers })

const isAtEntra = (reply: Reply): boolean => location(reply).startsWith(`${entra.origin}/`)

/** Three sign-ins at once after each other, as a front end sends somebody round. */
async function threeRounds(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  for (let i = 0; i < 3; i += 1) expect(location(await visitor.signIn(LOGIN))).toBe('/orders')
  return visitor
}

describe('a front end that sends people to sign in again and again', () => {
  test('is stopped before the fourth time within a minute, by a page that says so', async () => {
    const visitor = await threeRounds()
    const before = await tracesOf(world)
    const reply = await login(visitor)
    expectScreen(world, reply, 'login/loop')
    expect(reply.setCookies).toEqual([])
    expect(wayOn(reply)).toBe('/auth/login?returnTo=%2Forders&prompt=select_account')
    await expectNothingHappened(world, before)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('is stopped whatever destinations it names, and by a link without one', async () => {
    const visitor = newVisitor(world.origin)
    for (const tab of [1, 2, 3]) await visitor.signIn(`/auth/login?returnTo=%2Ftab${tab}`)
    expectScreen(world, await login(visitor, '/auth/login'), 'login/loop')
    expectScreen(world, await login(visitor, '/auth/login?prompt=none'), 'login/loop')
  })

  test('is stopped where an API demands a step up over and over, and so is a sign-in for consent', async () => {
    const claims = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c1' } } })
    const scope = `openid profile api://${world.desk.clientId}/access_as_user`
    for (const wish of [{ claims }, { scope }]) {
      const path = `${LOGIN}&${new URLSearchParams(wish)}`
      const visitor = newVisitor(world.origin)
      for (let i = 0; i < 3; i += 1) expect(location(await visitor.signIn(path))).toBe('/orders')
      expectScreen(world, await login(visitor, path), 'login/loop')
      expect(await isSignedIn(world, visitor)).toBe(true)
    }
  })

  test('goes on once a minute has passed since the first of the three', async () => {
    const visitor = await threeRounds()
    world.advance(59_999)
    expectScreen(world, await login(visitor), 'login/loop')
    world.advance(1)
    expect(isAtEntra(await login(visitor))).toBe(true)
  })

  test('is not what a person does who signs out in between', async () => {
    const visitor = newVisitor(world.origin)
    for (let i = 0; i < 5; i += 1) {
      expect(location(await visitor.signIn(LOGIN))).toBe('/orders')
      await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
    }
  })

  test.each([
    ['by hand, as the browser says', LOGIN, { 'sec-fetch-user': '?1' }],
    ['to authenticate anew', `${LOGIN}&prompt=login`, {}],
    ['to choose an account, as the button of that page has it', `${LOGIN}&prompt=select_account`, {}],
    ['to consent', `${LOGIN}&prompt=consent`, {}],
  ])('is not what a person does who asks %s', async (_what, path, headers) => {
    const visitor = await threeRounds()
    expect(isAtEntra(await login(visitor, path, headers))).toBe(true)
  })

  test('no browser is stopped for what another one did', async () => {
    await threeRounds()
    expect(isAtEntra(await login(newVisitor(world.origin)))).toBe(true)
  })
})

describe('restarts count as well', () => {
  test('sign-ins that each took two trips are stopped before the fourth trip', async () => {
    const visitor = newVisitor(world.origin)
    let trips = 0
    let reply = await login(visitor)
    // Entra fails at each first redemption, and the front end sends the person back at once.
    while (reply.status < 400 && trips < 10) {
      trips += 1
      if (trips % 2 === 1) entra.switches.faults.token = { kind: 'status', status: 503, times: 1 }
      reply = await visitor.post(await visitor.atEntra(location(reply)))
      if (reply.status === 303 && location(reply) === '/orders') reply = await login(visitor)
    }
    expectScreen(world, reply, 'login/loop')
    expect(trips).toBe(3)
  })

  test('a browser that keeps no cookies is told so after one silent new start', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    visitor.appCookies.clear()
    const restarted = await visitor.post(form)
    expect(isAtEntra(restarted)).toBe(true)
    const again = await visitor.atEntra(location(restarted))
    visitor.appCookies.clear()
    const before = await tracesOf(world)
    const reply = await visitor.post(again)
    expectScreen(world, reply, 'callback/transaction_lost')
    expect([reply.setCookies, wayOn(reply)]).toEqual([[], '/auth/login'])
    await expectNothingHappened(world, before)
  })

  test.each([
    ['a refusal', { code: undefined, error: 'access_denied' }],
    ['a refusal beside a code', { error: 'access_denied' }],
    ['nothing', { code: undefined }],
  ])('a lost sign-in that brings %s is not started anew', async (_what, changes) => {
    const visitor = newVisitor(world.origin)
    const { fields, ...form } = await visitor.toCallback(LOGIN)
    for (const [name, value] of Object.entries(changes))
      value === undefined ? fields.delete(name) : fields.set(name, value)
    visitor.appCookies.clear()
    expectScreen(world, await visitor.post({ ...form, fields }), 'callback/transaction_lost')
  })
})

describe('many tabs are no loop', () => {
  test('twenty links opened at once all end where they lead, however fast', async () => {
    const visitor = newVisitor(world.origin)
    const forms: CallbackForm[] = []
    for (let i = 1; i <= 20; i += 1) forms.push(await visitor.toCallback(`/auth/login?returnTo=%2Ftab${i}`))
    const ends: string[] = []
    for (const form of forms) ends.push(location(await visitor.post(form)))
    expect(ends).toEqual(forms.map((_form, i) => `/tab${i + 1}`))
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('sign-ins that nobody finished do not count', async () => {
    const visitor = newVisitor(world.origin)
    for (let i = 0; i < 10; i += 1) expect(isAtEntra(await login(visitor))).toBe(true)
  })
})

import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, expectTwin, isSignedIn, wayOn } from '../support/screens.ts'
import { stallsOf } from '../support/stallsOf.ts'
import { expectNothingHappened, tokenRequests, tracesOf } from '../support/traces.ts'
import { BO, type CallbackForm, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const LOGIN = '/auth/login?returnTo=%2Forders'
const world = await openJourney({ isFrozen: true })
const { entra, tables } = world.desk

function transactionCookies({ appCookies }: Visitor): string[] {
  return [...appCookies.keys()].filter((name) => name.includes('-tx-'))
}

function isRestart(reply: Reply): boolean {
  return reply.status === 303 && location(reply).startsWith(`${entra.origin}/`)
}

/** The cookies as they were before an answer that the browser never got. */
function cutOff({ appCookies }: Visitor, before: Visitor['appCookies']): void {
  appCookies.clear()
  for (const [name, cookie] of before) appCookies.set(name, cookie)
}

describe('a quarter of an hour for a sign-in (U5)', () => {
  test.each([
    { what: 'a second before the end is taken', ms: 15 * MINUTE_MS - 1_000, isInTime: true },
    { what: 'a millisecond before the end is taken', ms: 15 * MINUTE_MS - 1, isInTime: true },
    { what: 'at the end is one too late', ms: 15 * MINUTE_MS, isInTime: false },
    { what: 'a second after the end too', ms: 15 * MINUTE_MS + 1_000, isInTime: false },
    { what: 'at the end of its cookie’s hour too', ms: 60 * MINUTE_MS - 1, isInTime: false },
  ])('an answer $what', async ({ ms, isInTime }) => {
    const visitor = newVisitor(world.origin)
    const started = await visitor.ask(`${world.origin}${LOGIN}`)
    world.advance(ms)
    const form = await visitor.atEntra(location(started))
    const before = await tracesOf(world)
    const reply = await visitor.post(form)
    if (isInTime) {
      expect([reply.status, location(reply)]).toEqual([303, '/orders'])
    } else {
      expect(isRestart(reply)).toBe(true)
      await expectNothingHappened(world, before)
      const again = await visitor.post(await visitor.atEntra(location(reply)))
      expect([again.status, location(again)]).toEqual([303, '/orders'])
    }
  })

  test('a second answer that comes too late is told so: nobody is sent round for ever', async () => {
    const visitor = newVisitor(world.origin)
    const started = await visitor.ask(`${world.origin}${LOGIN}`)
    world.advance(16 * MINUTE_MS)
    const restarted = await visitor.post(await visitor.atEntra(location(started)))
    expect(isRestart(restarted)).toBe(true)
    world.advance(16 * MINUTE_MS)
    const form = await visitor.atEntra(location(restarted))
    const before = await tracesOf(world)
    const reply = await visitor.post(form)
    expectScreen(world, reply, 'callback/expired')
    expect(wayOn(reply)).toBe(LOGIN)
    await expectNothingHappened(world, before)
  })

  test('a script is not sent round: it reads that the sign-in took too long', async () => {
    const visitor = newVisitor(world.origin)
    const started = await visitor.ask(`${world.origin}${LOGIN}`)
    world.advance(16 * MINUTE_MS)
    const { action, fields, from } = await visitor.atEntra(location(started))
    const headers = { accept: 'application/json', 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' }
    const reply = await visitor.ask(action, { method: 'POST', form: fields, from, headers })
    expect(expectTwin(world, reply, 'callback/expired')).toMatchObject({ loginUrl: LOGIN })
  })

  test('Entra itself gives a code ten minutes: after that the person starts again', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    world.advance(11 * MINUTE_MS)
    const reply = await visitor.post(form)
    expectScreen(world, reply, 'entra/grant_rejected')
    expect(wayOn(reply)).toBe(LOGIN)
  })
})

describe('the same answer twice (U4, T5)', () => {
  test('whoever is signed in by it goes where they were going, and nothing else happens', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    await visitor.post(form)
    const before = await tracesOf(world)
    for (const from of [form.from, world.origin]) {
      const reply = await visitor.post({ ...form, from })
      expect([reply.status, location(reply), reply.setCookies]).toEqual([303, '/orders', []])
    }
    await expectNothingHappened(world, before)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('once its cookie has run out, Entra is asked once more, and after that the screen', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    await visitor.post(form)
    world.advance(60 * MINUTE_MS)
    const before = await tracesOf(world)
    const restarted = await visitor.post(form)
    expect(isRestart(restarted)).toBe(true)
    const again = await visitor.atEntra(location(restarted))
    for (const name of transactionCookies(visitor)) visitor.appCookies.delete(name)
    expectScreen(world, await visitor.post(again), 'callback/transaction_lost')
    await expectNothingHappened(world, before)
  })

  test('a cookie marked as done by hand brings its own browser where it asked to go, and nobody in', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const [[name, cookie] = ['', { value: '', sameSite: '' }]] = [...visitor.appCookies]
    visitor.appCookies.set(name, { ...cookie, value: `done-${world.now()}-${cookie.value}` })
    const before = await tracesOf(world)
    const reply = await visitor.post(form)
    expect([reply.status, location(reply), reply.setCookies]).toEqual([303, '/orders', []])
    await expectNothingHappened(world, before)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('an answer of ours that was cut off costs one silent new start, and after that the screen', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const cookies = new Map(visitor.appCookies)
    await visitor.post(form)
    cutOff(visitor, cookies)

    const before = await tracesOf(world)
    const first = await visitor.post(form)
    expect(isRestart(first)).toBe(true)
    await expectNothingHappened(world, before)

    const second = await visitor.atEntra(location(first))
    const kept = new Map(visitor.appCookies)
    await visitor.post(second)
    cutOff(visitor, kept)
    const reply = await visitor.post(second)
    expectScreen(world, reply, 'callback/replayed')
    expect(wayOn(reply)).toBe(LOGIN)
  })

  test('the new start ends signed in, where the person was going, however often the old answer was posted', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN, BO)
    const cookies = new Map(visitor.appCookies)
    await visitor.post(form)
    cutOff(visitor, cookies)
    expect(isRestart(await visitor.post(form))).toBe(true)
    const again = await visitor.post(form)
    expect(isRestart(again)).toBe(true)
    const reply = await visitor.post(await visitor.atEntra(location(again)))
    expect([reply.status, location(reply)]).toEqual([303, '/orders'])
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('a script that posts an answer again is told so, also where it says so by Accept alone', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    form.fields.set('code', 'abc')
    const headers = { accept: 'application/json', 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined }
    const { action, fields, from } = form
    const post = () => visitor.ask(action, { method: 'POST', form: fields, from, headers })
    expectTwin(world, await post(), 'entra/grant_rejected')
    expectTwin(world, await post(), 'callback/replayed')
    expectTwin(world, await post(), 'callback/replayed')
  })

  test('an answer that was refused stays refused, with the same screen', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN, { refuse: 'cancel' })
    expectScreen(world, await visitor.post(form), 'entra/cancelled')
    expectScreen(world, await visitor.post(form), 'entra/cancelled')
  })
})

describe('the same answer at the same time (ASVS 15.4.2)', () => {
  test('two posts of one form: one token request, one session', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const before = await tracesOf(world)
    const replies = await Promise.all([visitor.post(form), visitor.post(form)])
    expect(tokenRequests(world)).toBe(before.tokenRequests + 1)
    expect(await world.rows.sessionIds()).toHaveLength(before.sessionIds.length + 1)
    expect(replies.filter((reply) => location(reply) === '/orders')).toHaveLength(1)
    expect(replies.filter(isRestart)).toHaveLength(1)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('ten posts of one form: one token request, one session', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const before = await tracesOf(world)
    const replies = await Promise.all(Array.from({ length: 10 }, () => visitor.post(form)))
    expect(tokenRequests(world)).toBe(before.tokenRequests + 1)
    expect(await world.rows.sessionIds()).toHaveLength(before.sessionIds.length + 1)
    expect(replies.filter((reply) => location(reply) === '/orders')).toHaveLength(1)
  })

  test('two instances: the one that comes late to the table redeems nothing', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback(LOGIN)
    const before = await tracesOf(world)
    const stalls = stallsOf(tables)
    tables.faults.next(1, { kind: 'stall' }, 'insert')
    const held = visitor.post(form)
    await expect.poll(() => stallsOf(tables)).toBe(stalls + 1)
    world.replaceInstance()
    const winner = await visitor.post(form)
    expect(location(winner)).toBe('/orders')
    tables.faults.clear()
    expect(isRestart(await held)).toBe(true)
    expect(tokenRequests(world)).toBe(before.tokenRequests + 1)
    expect(await world.rows.sessionIds()).toHaveLength(before.sessionIds.length + 1)
  })
})

describe('several sign-ins of one browser (U7)', () => {
  test('two tabs both end where they were going, and the last one owns the cookie', async () => {
    const visitor = newVisitor(world.origin)
    const first = await visitor.toCallback('/auth/login?returnTo=%2Ffirst')
    const second = await visitor.toCallback('/auth/login?returnTo=%2Fsecond')
    expect(location(await visitor.post(second))).toBe('/second')
    const owner = visitor.appCookies.get('__Host-signet')?.value
    expect(location(await visitor.post(first))).toBe('/first')
    expect(visitor.appCookies.get('__Host-signet')?.value).not.toBe(owner)
    expect(await isSignedIn(world, visitor)).toBe(true)
    const values = transactionCookies(visitor).map((name) => visitor.appCookies.get(name)?.value)
    expect(values).toEqual([expect.stringMatching(/^done-/), expect.stringMatching(/^done-/)])
  })

  test('what is done makes room first', async () => {
    const visitor = newVisitor(world.origin)
    const inFlight: CallbackForm[] = []
    for (let i = 1; i <= 3; i += 1) inFlight.push(await visitor.toCallback(`/auth/login?returnTo=%2Ftab${i}`))
    for (let i = 1; i <= 20; i += 1) {
      await visitor.signIn(LOGIN)
      world.advance(MINUTE_MS / 3)
    }
    const outcomes: string[] = []
    for (const form of inFlight) outcomes.push(location(await visitor.post(form)))
    expect(outcomes).toEqual(['/tab1', '/tab2', '/tab3'])
  })

  test('no two of them share state, nonce or challenge', async () => {
    const visitor = newVisitor(world.origin)
    const urls = [LOGIN, LOGIN, LOGIN].map((path) => visitor.ask(`${world.origin}${path}`))
    const queries = (await Promise.all(urls)).map((reply) => new URL(location(reply)).searchParams)
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(queries.map((query) => query.get(name))).size, name).toBe(3)
    }
  })

  test('twenty may be under way and each ends where it was going; one more drops the oldest (oauth2-proxy #2615)', async () => {
    const visitor = newVisitor(world.origin)
    const forms: CallbackForm[] = []
    for (let i = 1; i <= 21; i += 1) {
      forms.push(await visitor.toCallback(`/auth/login?returnTo=%2Ftab${i}`))
      expect(transactionCookies(visitor)).toHaveLength(Math.min(i, 20))
    }
    const [dropped = expect.fail(), ...kept] = forms
    for (const [i, form] of kept.entries()) expect(location(await visitor.post(form))).toBe(`/tab${i + 2}`)
    world.advance(MINUTE_MS)
    const reply = await visitor.post(dropped)
    expect(isRestart(reply)).toBe(true)
    expect(location(await visitor.post(await visitor.atEntra(location(reply))))).toBe('/')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('a browser that brings a hundred of them gets all but nineteen removed', async () => {
    const visitor = newVisitor(world.origin)
    for (let i = 0; i < 100; i += 1) {
      const name = `__Host-signet-tx-${String(i).padStart(12, 'a')}`
      visitor.appCookies.set(name, { value: 'a'.repeat(43), sameSite: 'None' })
    }
    const reply = await visitor.ask(`${world.origin}${LOGIN}`)
    expect(reply.status).toBe(302)
    expect(transactionCookies(visitor)).toHaveLength(20)
    const started = transactionCookies(visitor).at(-1) ?? ''
    expect(visitor.appCookies.get(started)?.value).not.toBe('a'.repeat(43))
  })
})

import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectTwin, isSignedIn, readSession } from '../support/screens.ts'
import { newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const IDLE_MS = 60 * MINUTE_MS

const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  expect((await visitor.signIn()).status).toBe(303)
  return visitor
}

/** What the front end sends when the person says that they are still here. */
async function stillHere(
  visitor: Visitor,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Reply> {
  const sent = { ...BY_SCRIPT, 'x-csrf': '1', ...headers }
  return visitor.ask(`${world.origin}/auth/session`, { method: 'POST', from: world.origin, headers: sent })
}

/** The home page, opened as a person does. */
async function visitHome(visitor: Visitor): Promise<boolean> {
  const { text } = await visitor.ask(`${world.origin}/`)
  return text.includes('You are signed in')
}

function uses(): number {
  return world.desk.tables.requests.filter(({ operation }) => operation === 'merge').length
}

describe('a look and a use (ASVS 7.3.1)', () => {
  test('a page that polls /auth/session does not keep a session alive, by whatever method it looks', async () => {
    const visitor = await signedIn()
    const before = uses()
    for (let minute = 5; minute < 60; minute += 5) {
      world.advance(5 * MINUTE_MS)
      expect(await readSession(world, visitor)).toMatchObject({
        authenticated: true,
        idleSecondsLeft: (60 - minute) * 60,
        secondsLeft: (480 - minute) * 60,
      })
      const head = await visitor.ask(`${world.origin}/auth/session`, { method: 'HEAD', headers: BY_SCRIPT })
      expect([head.status, head.text]).toEqual([200, ''])
    }
    expect(uses()).toBe(before)
    world.advance(5 * MINUTE_MS)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('POST /auth/session says that the person is still here, and answers the same with the new limits', async () => {
    const visitor = await signedIn()
    world.advance(59 * MINUTE_MS)
    const seen = await readSession(world, visitor)
    expect(seen).toMatchObject({ idleSecondsLeft: 60 })
    const reply = await stillHere(visitor)
    expect([reply.status, reply.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ])
    const idleExpiresAt = new Date(world.now() + IDLE_MS).toISOString()
    expect(JSON.parse(reply.text)).toEqual({ ...seen, idleSecondsLeft: 3_600, idleExpiresAt })
    world.advance(IDLE_MS - 1)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('it counts at once, however short a time ago the last use was', async () => {
    const visitor = await signedIn()
    world.advance(1_000)
    expect(JSON.parse((await stillHere(visitor)).text)).toMatchObject({ idleSecondsLeft: 3_600 })
    expect(await readSession(world, visitor)).toMatchObject({ idleSecondsLeft: 3_600 })
  })

  test('it moves the absolute limit by nothing', async () => {
    const visitor = await signedIn()
    for (let i = 1; i < 16; i += 1) {
      world.advance(30 * MINUTE_MS)
      await stillHere(visitor)
    }
    expect(await readSession(world, visitor)).toMatchObject({ idleSecondsLeft: 1_800, secondsLeft: 1_800 })
    world.advance(30 * MINUTE_MS)
    expect(JSON.parse((await stillHere(visitor)).text)).toEqual({
      authenticated: false,
      loginUrl: '/auth/login',
    })
  })

  test('where nobody is signed in it says so, and wakes nothing that has ended', async () => {
    expect(JSON.parse((await stillHere(newVisitor(world.origin))).text)).toMatchObject({
      authenticated: false,
    })
    const visitor = await signedIn()
    world.advance(IDLE_MS)
    expect(JSON.parse((await stillHere(visitor)).text)).toMatchObject({ authenticated: false })
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
  })

  test('seconds are whole ones that are left for certain', async () => {
    const visitor = await signedIn()
    world.advance(1)
    expect(await readSession(world, visitor)).toMatchObject({ idleSecondsLeft: 3_599, secondsLeft: 28_799 })
  })

  test.each<[what: string, headers: Readonly<Record<string, string | undefined>>, code?: ErrorCode]>([
    ['a form', { 'x-csrf': undefined }, 'http/csrf_header_required'],
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site', origin: 'http://other.localhost' }],
    [
      'another origin without Fetch Metadata',
      { 'sec-fetch-site': undefined, origin: 'https://evil.example' },
    ],
  ])('%s cannot say it for the person', async (_what, headers, code = 'http/cross_site') => {
    const visitor = await signedIn()
    const before = uses()
    world.advance(30 * MINUTE_MS)
    expectTwin(world, await stillHere(visitor, headers), code)
    expect(uses()).toBe(before)
    expect(await readSession(world, visitor)).toMatchObject({ idleSecondsLeft: 1_800 })
  })

  test('a table that cannot note it now is no reason to refuse, and the answer is the truth', async () => {
    const visitor = await signedIn()
    world.advance(30 * MINUTE_MS)
    world.desk.tables.faults.always({ kind: 'unavailable' }, 'merge')
    const reply = await stillHere(visitor)
    expect([reply.status, JSON.parse(reply.text).idleSecondsLeft]).toEqual([200, 1_800])
    world.desk.tables.faults.clear()
    expect(JSON.parse((await stillHere(visitor)).text).idleSecondsLeft).toBe(3_600)
  })

  test('to open the start page is a use; to fetch, prefetch or probe it is a look', async () => {
    const visitor = await signedIn()
    world.advance(30 * MINUTE_MS)
    const before = uses()
    await visitor.ask(`${world.origin}/`, { headers: BY_SCRIPT })
    await visitor.ask(`${world.origin}/`, { headers: { 'sec-purpose': 'prefetch' } })
    await visitor.ask(`${world.origin}/`, { headers: { 'sec-fetch-dest': 'iframe' } })
    await visitor.ask(`${world.origin}/`, { method: 'HEAD' })
    expect(uses()).toBe(before)
    expect(await visitHome(visitor)).toBe(true)
    expect(uses()).toBe(before + 1)
    expect(await readSession(world, visitor)).toMatchObject({ idleSecondsLeft: 3_600 })
  })
})

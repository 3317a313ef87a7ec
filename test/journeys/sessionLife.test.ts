import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { sweepEnded } from '../../lib/session/sweep.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectTwin, isSignedIn, readSession } from '../support/screens.ts'
import { ADA, BO, location, newVisitor, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const IDLE_MS = 60 * MINUTE_MS
const ABSOLUTE_MS = 480 * MINUTE_MS
/** How late a due row can be looked at. */
const SLOT_MS = 15 * MINUTE_MS

const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })

async function signedIn(choice = ADA): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  const reply = await visitor.signIn('/auth/login', choice)
  expect([reply.status, location(reply)]).toEqual([303, '/'])
  return visitor
}

function sessionCookieOf(visitor: Visitor): string {
  return visitor.appCookies.get('__Host-signet')?.value ?? ''
}

/** A visitor who brings nothing but a saved cookie. */
function withCookie(value: string): Visitor {
  const visitor = newVisitor(world.origin)
  visitor.appCookies.set('__Host-signet', { value, sameSite: 'Lax' })
  return visitor
}

/** The home page, opened as a person does. */
async function visitHome(visitor: Visitor): Promise<boolean> {
  const { text } = await visitor.ask(`${world.origin}/`)
  return text.includes('You are signed in')
}

function uses(): number {
  return world.desk.tables.requests.filter(({ operation }) => operation === 'merge').length
}

describe('what the front end reads at /auth/session', () => {
  test('nobody is told where to sign in', async () => {
    expect(await readSession(world, newVisitor(world.origin))).toEqual({
      authenticated: false,
      loginUrl: '/auth/login',
    })
  })

  test('a signed-in person is told who they are, until when, and how the sign-in was proven', async () => {
    const visitor = await signedIn()
    const at = (ms: number): string => new Date(world.now() + ms).toISOString()
    expect(await readSession(world, visitor)).toEqual({
      authenticated: true,
      user: {
        tenantId: world.desk.entra.tenantId,
        objectId: ADA.person,
        name: 'Ada Lindqvist',
        username: 'ada@contoso.example',
      },
      roles: [],
      apis: ['orders', 'reports'].map((name) => ({ name, state: 'unknown' })),
      signedInAt: at(0),
      authTime: new Date(Math.floor(world.now() / 1_000) * 1_000).toISOString(),
      acrs: [],
      idleExpiresAt: at(IDLE_MS),
      idleSecondsLeft: IDLE_MS / 1_000,
      expiresAt: at(ABSOLUTE_MS),
      secondsLeft: ABSOLUTE_MS / 1_000,
      clientProof: {
        method: 'vault',
        keyId: world.desk.vault.certificate().kid,
        thumbprint: createHash('sha256').update(world.desk.vault.certificate().der).digest('base64url'),
        claim: 'azpacr',
        value: '2',
      },
      deviceBound: false,
      logout: { method: 'POST', url: '/auth/logout' },
    })
  })

  test('the documentation has every member, and no other', async () => {
    const [, rows = ''] = readFileSync('docs/sign-in.md', 'utf8').split('\n| member | what it says |\n')
    const documented = [...(rows.split('\n\n')[0] ?? '').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
    const answers = [newVisitor(world.origin), await signedIn()].map((visitor) => readSession(world, visitor))
    const members = new Set((await Promise.all(answers)).flatMap((answer) => Object.keys(answer)))
    expect([...members].toSorted()).toEqual(documented.toSorted())
  })

  test.each(['cross-site', 'same-site'])('a %s page may not read it', async (site) => {
    const visitor = await signedIn()
    const headers = { ...BY_SCRIPT, 'sec-fetch-site': site }
    const reply = await visitor.ask(`${world.origin}/auth/session`, { headers })
    expectTwin(world, reply, 'http/cross_site')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

describe('the limits of a session (ASVS 7.3.1, 7.3.2)', () => {
  test('it ends when it was not used for an hour, and not a millisecond sooner', async () => {
    const visitor = await signedIn()
    const cookie = sessionCookieOf(visitor)
    world.advance(IDLE_MS - 1)
    expect(await visitHome(visitor)).toBe(true)
    world.advance(IDLE_MS)
    expect(await isSignedIn(world, visitor)).toBe(false)
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
    expect(await isSignedIn(world, withCookie(cookie))).toBe(false)
  })

  test('it ends eight hours after sign-in however busy it is, and not a millisecond sooner', async () => {
    const visitor = await signedIn()
    const { expiresAt } = await readSession(world, visitor)
    const step = ABSOLUTE_MS / 16
    for (let i = 1; i <= 15; i += 1) {
      world.advance(step)
      expect(await visitHome(visitor)).toBe(true)
      expect(await readSession(world, visitor)).toMatchObject({ authenticated: true, expiresAt })
    }
    world.advance(step - 1)
    expect(await readSession(world, visitor)).toMatchObject({ authenticated: true, idleExpiresAt: expiresAt })
    world.advance(1)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('a session that ended leaves no row behind once its cookie shows up', async () => {
    const before = await world.rows.all()
    const visitor = await signedIn()
    world.advance(IDLE_MS)
    expect(await isSignedIn(world, visitor)).toBe(false)
    const left = (await world.rows.all()).filter(
      ({ partitionKey, rowKey }) =>
        !before.some((row) => row.partitionKey === partitionKey && row.rowKey === rowKey),
    )
    expect(left.map(({ partitionKey }) => partitionKey.slice(0, 4))).toEqual(['due-'])
  })

  test('a use is written down at most once per tenth of the idle limit', async () => {
    const visitor = await signedIn()
    const before = uses()
    world.advance(IDLE_MS / 10 - 1)
    await visitHome(visitor)
    expect(uses()).toBe(before)
    world.advance(1)
    await visitHome(visitor)
    expect(uses()).toBe(before + 1)
    await visitHome(visitor)
    world.advance(IDLE_MS / 10 - 1)
    await visitHome(visitor)
    expect(uses()).toBe(before + 1)
  })
})

describe('one session per sign-in (ASVS 7.2.4, U6)', () => {
  test('signing in again gives a new session and ends the one that was there', async () => {
    const visitor = await signedIn()
    const old = sessionCookieOf(visitor)
    const before = await world.rows.sessionIds()
    await visitor.signIn()
    expect(sessionCookieOf(visitor)).not.toBe(old)
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect(await isSignedIn(world, withCookie(old))).toBe(false)
    expect(await world.rows.sessionIds()).toHaveLength(before.length)
  })

  test('signing in as somebody else leaves nothing of the first one', async () => {
    const visitor = await signedIn(ADA)
    const old = sessionCookieOf(visitor)
    await visitor.signIn('/auth/login?prompt=select_account', BO)
    expect(await readSession(world, visitor)).toMatchObject({ user: { name: 'Bo Adeyemi' } })
    expect(await isSignedIn(world, withCookie(old))).toBe(false)
  })

  test('a sign-in that fails leaves the session that was there', async () => {
    const visitor = await signedIn(ADA)
    await visitor.signIn('/auth/login?prompt=login', { refuse: 'cancel' })
    expect(await readSession(world, visitor)).toMatchObject({ user: { name: 'Ada Lindqvist' } })
  })

  test('a cookie that was there before the sign-in is never adopted', async () => {
    const planted = 'planted-by-somebody-else-0123456789-abcdefg'
    const visitor = withCookie(planted)
    await visitor.signIn()
    expect(sessionCookieOf(visitor)).not.toBe(planted)
    expect(await isSignedIn(world, withCookie(planted))).toBe(false)
  })

  test('a cookie saved before sign-out opens nothing afterwards (CVE-2025-46344)', async () => {
    const visitor = await signedIn()
    const saved = sessionCookieOf(visitor)
    const reply = await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
    expect(reply.status).toBe(303)
    expect(await isSignedIn(world, withCookie(saved))).toBe(false)
  })
})

describe('the sweep', () => {
  test('it removes ended sessions with their index rows and spent markers, and leaves what lives', async () => {
    await signedIn(ADA)
    await signedIn(BO)
    world.advance(IDLE_MS + SLOT_MS)
    await sweepEnded(world.app())
    expect(await world.rows.all()).toEqual([])

    const idle = await signedIn(ADA)
    world.advance(IDLE_MS - 1)
    const busy = await signedIn(BO)
    const living = await world.rows.all()
    await sweepEnded(world.app())
    expect(await world.rows.all()).toEqual(living)
    world.advance(SLOT_MS)
    await sweepEnded(world.app())
    const left = await world.rows.all()
    expect(await isSignedIn(world, busy)).toBe(true)
    expect(await isSignedIn(world, idle)).toBe(false)
    const kinds = left.map(({ partitionKey, rowKey }) =>
      rowKey.length < 10 ? rowKey : partitionKey.split(/[-.]/)[0],
    )
    expect(kinds.sort()).toEqual(['due', 'grant', 'session', 'sid', 'user'])
  })

  test('it says how much it removed, and a table that is down is no fault of its own', async () => {
    world.desk.tables.faults.always({ kind: 'unavailable' }, 'query')
    await sweepEnded(world.app())
    world.desk.tables.faults.clear()
    await sweepEnded(world.app())
    expect(world.logs.slice(-2)).toMatchObject([
      { event: 'sweep.failed', facts: { outcome: 'session/store_unavailable' } },
      { event: 'sweep', facts: { looked: expect.any(Number), failed: 0, isComplete: true } },
    ])
  })
})

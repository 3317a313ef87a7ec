/** Who gets in and stays in: roles at sign-in, and what Entra says of the person later on. */
import { beforeEach, describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, isSignedIn, readSession, wayOn } from '../support/screens.ts'
import { ADA, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })
const { entra, tables } = world.desk

/** The roles in every ID token from now on. */
function grant(roles: readonly string[] | undefined): void {
  entra.switches.idToken.override = { roles }
}

beforeEach(() => {
  grant(undefined)
  world.replaceInstance()
})

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  expect((await visitor.signIn()).status).toBe(303)
  return visitor
}

/** What the front end sends when the person says that they are still here. */
const stillHere = (visitor: Visitor): Promise<Reply> =>
  visitor.ask(`${world.origin}/auth/session`, {
    method: 'POST',
    from: world.origin,
    headers: { ...BY_SCRIPT, 'x-csrf': '1' },
  })
const answerOf = async (visitor: Visitor): Promise<Readonly<Record<string, unknown>>> =>
  JSON.parse((await stillHere(visitor)).text)
const refreshes = (): number =>
  entra.log.filter(({ kind, details }) => kind === 'token' && details.grantType === 'refresh_token').length

describe('SIGN_IN_ROLES', () => {
  beforeEach(() => world.replaceInstance({ SIGN_IN_ROLES: 'Staff Auditor' }))

  test.each([
    ['no roles', undefined],
    ['an empty list', []],
    ['other roles', ['Visitor', 'Staff Auditor']],
    ['a role in other letters', ['staff']],
  ])(
    'keeps out whoever has %s: a page says so, no session is written and no cookie set',
    async (_what, roles) => {
      grant(roles)
      const before = await world.rows.sessionIds()
      const visitor = newVisitor(world.origin)
      const reply = await visitor.signIn('/auth/login?returnTo=%2Forders')

      expectScreen(world, reply, 'entra/no_access')
      expect(wayOn(reply)).toBe('/auth/login?returnTo=%2Forders&prompt=select_account')
      expect(reply.setCookies).toEqual([])
      expect(await world.rows.sessionIds()).toEqual(before)
    },
  )

  test.each([[['Auditor']], [['Visitor', 'Staff']]])('lets in whoever has one of them: %o', async (roles) => {
    grant(roles)
    expect(await readSession(world, await signedIn())).toMatchObject({ authenticated: true, roles })
  })

  test('keeps out somebody else at a browser without ending the session that is there', async () => {
    grant(['Staff'])
    const visitor = await signedIn()
    grant(['Visitor'])
    expectScreen(world, await visitor.signIn(), 'entra/no_access')

    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('ends the session of somebody who has none of them any more, as soon as Entra says so', async () => {
    grant(['Staff'])
    const visitor = await signedIn()
    grant(['Visitor'])
    world.advance(MINUTE_MS)

    expect(await answerOf(visitor)).toEqual({ authenticated: false, loginUrl: '/auth/login' })
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
    expect(world.logs.at(-2)).toMatchObject({ event: 'session.ended', facts: { by: 'role' } })
  })
})

describe('POST /auth/session', () => {
  test('has Entra confirm the person once a minute at most, whoever serves; a look never does', async () => {
    const visitor = await signedIn()
    const before = refreshes()
    await stillHere(visitor)
    expect(refreshes()).toBe(before)
    world.advance(MINUTE_MS)
    for (let i = 0; i < 3; i += 1) {
      await readSession(world, visitor)
      expect(refreshes()).toBe(before + Math.min(i, 1))
      await stillHere(visitor)
      world.replaceInstance()
      expect(refreshes()).toBe(before + 1)
    }
  })

  test('shows the roles that the person has now, and the session keeps them', async () => {
    grant(['Staff'])
    const visitor = await signedIn()
    grant(['Auditor'])
    world.advance(MINUTE_MS)
    expect(await readSession(world, visitor)).toMatchObject({ roles: ['Staff'] })
    expect(await answerOf(visitor)).toMatchObject({ authenticated: true, roles: ['Auditor'] })
    world.replaceInstance()
    expect(await readSession(world, visitor)).toMatchObject({ roles: ['Auditor'], idleSecondsLeft: 3_600 })
  })

  test('finds out that an account was disabled, and ends its session', async () => {
    const visitor = await signedIn()
    const other = newVisitor(world.origin)
    await other.signIn()
    world.advance(MINUTE_MS)
    entra.setDisabled(ADA.person, true)
    const reply = await stillHere(visitor)
    entra.setDisabled(ADA.person, false)

    expect(JSON.parse(reply.text)).toEqual({ authenticated: false, loginUrl: '/auth/login' })
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
    expect(await isSignedIn(world, other)).toBe(true)
  })

  test('names the way to Entra where it wants the person once more, and the session lives on', async () => {
    const visitor = await signedIn()
    world.advance(MINUTE_MS)
    const claims = '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}'
    Object.assign(entra.switches.token, { refuse: 50076, refuseClaims: claims })
    const answer = await answerOf(visitor)
    entra.switches.reset()

    expect(answer).toMatchObject({ authenticated: true })
    expect(new URL(String(answer.loginUrl), world.origin).searchParams.get('claims')).toBe(claims)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test.each([
    ['Entra is away', () => Object.assign(entra.switches.faults, { token: { kind: 'status', status: 503 } })],
    ['the lease cannot be written', () => tables.faults.always({ kind: 'unavailable' }, 'merge')],
  ])('leaves everybody signed in while %s, and names nothing to do', async (_what, breakIt) => {
    const visitor = await signedIn()
    world.advance(MINUTE_MS)
    breakIt()
    const answer = await answerOf(visitor)
    entra.switches.reset()
    tables.faults.clear()

    expect(answer).toMatchObject({ authenticated: true })
    expect(answer).not.toHaveProperty('loginUrl')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('that a sign-out overtakes says that nobody is signed in, and brings nothing back', async () => {
    const visitor = await signedIn()
    world.advance(MINUTE_MS)
    tables.faults.next(1, { kind: 'stall' }, 'merge')
    const posted = stillHere(visitor)
    await expect.poll(() => tables.requests.at(-1)?.operation).toBe('merge')
    const signedOut = await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
    expect(signedOut.status).toBe(303)
    tables.faults.clear()

    expect(JSON.parse((await posted).text)).toEqual({ authenticated: false, loginUrl: '/auth/login' })
    expect(await isSignedIn(world, visitor)).toBe(false)
  })
})

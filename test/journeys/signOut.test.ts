import { describe, expect, test } from 'vitest'
import { inGeneral } from '../support/inGeneral.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn, wayOn } from '../support/screens.ts'
import { location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const { tables, entra } = world.desk
const own = world.origin

/** Somebody signed in, and Entra's id of that session. */
async function signedIn(): Promise<{ visitor: Visitor; sid: string }> {
  const visitor = newVisitor(world.origin)
  const form = await visitor.toCallback()
  await visitor.post(form)
  expect(await isSignedIn(world, visitor)).toBe(true)
  return { visitor, sid: form.fields.get('session_state') ?? '' }
}

function signOut(
  visitor: Visitor,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Reply> {
  return visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin, headers })
}

function frontChannel(query: string, method = 'GET'): Promise<Reply> {
  // What reaches a frame of ours within a page of Entra: no cookie at all.
  const headers = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' }
  return newVisitor(world.origin).ask(`${world.origin}/auth/frontchannel-logout?${query}`, {
    method,
    headers,
  })
}

describe('signing out here and at Entra (RP-Initiated Logout 1.0)', () => {
  test('the row is gone before the browser is sent to Entra, by exactly this redirect', async () => {
    const { visitor } = await signedIn()
    const before = await world.rows.sessionIds()
    const reply = await signOut(visitor)
    expect(reply.status).toBe(303)
    expect(await world.rows.sessionIds()).toHaveLength(before.length - 1)
    const { href, searchParams } = new URL(location(reply))
    const hint = searchParams.get('logout_hint') ?? ''
    expect(hint).toMatch(/^O\.[\w-]{20,}$/)
    const general = inGeneral(world, decodeURIComponent(href)).replace(hint, '{hint}')
    await expect(`${general}\n`).toMatchFileSnapshot('../golden/end-session-url.txt')
    const cookies = reply.setCookies.map((line) => line.replace(/-tx-[\w-]{12}=/, '-tx-{h}='))
    await expect(`${cookies.join('\n')}\n`).toMatchFileSnapshot('../golden/sign-out-cookies.txt')
  })

  test.each([
    { what: 'keeps a state', state: 'echo' },
    { what: 'changes a state', state: 'other' },
    { what: 'drops a state', state: 'absent' },
  ] as const)('an Entra that $what: the way through Entra ends on the signed-out page', async ({ state }) => {
    entra.switches.logout.state = state
    const { visitor, sid } = await signedIn()
    const atEntra = await visitor.ask(location(await signOut(visitor)))
    expect(atEntra.text).toContain(`/auth/frontchannel-logout?sid=${sid}`)
    const back = /content="\d+;url=([^"]+)"/.exec(atEntra.text)?.[1] ?? ''
    const page = await visitor.ask(`${back}?state=whatever&error=<b>`, { from: entra.origin })
    expect(page.status).toBe(200)
    expect(page.text).toContain('signed out')
    expect(page.text).not.toContain('<b>')
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('whoever has no session here any more is signed out at Entra all the same', async () => {
    const atEntra = `${entra.origin}/${entra.tenantId}/oauth2/v2.0/logout?${new URLSearchParams({
      client_id: world.desk.clientId,
      post_logout_redirect_uri: `${own}/auth/signed-out`,
    })}`
    const stranger = await signOut(newVisitor(own))
    expect([stranger.status, location(stranger)]).toEqual([303, atEntra])

    // Signed out in another window, and the cookie kept by a browser that was restored.
    const { visitor } = await signedIn()
    const saved = visitor.appCookies.get('__Host-signet')
    await signOut(visitor)
    if (saved !== undefined) visitor.appCookies.set('__Host-signet', saved)
    const again = await signOut(visitor, { 'sec-fetch-site': undefined, origin: 'null' })
    expect([again.status, location(again)]).toEqual([303, atEntra])
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
  })

  test('a session that ran out leaves nothing behind: no row, no cookie, no session at Entra', async () => {
    const { visitor } = await signedIn()
    const silent = await visitor.ask(location(await visitor.ask(`${own}/auth/login`)))
    expect(silent.text).toContain(`action="${own}/auth/callback"`)
    const before = await world.rows.sessionIds()
    world.advance(61 * 60_000)
    const reply = await signOut(visitor)
    expect(await world.rows.sessionIds()).toHaveLength(before.length - 1)
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
    const atEntra = await visitor.ask(location(reply))
    expect(atEntra.text).toContain('/auth/frontchannel-logout?sid=')
    const back = /content="\d+;url=([^"]+)"/.exec(atEntra.text)?.[1] ?? ''
    expect((await visitor.ask(back, { from: entra.origin })).text).toContain('signed out')
    // Entra has to ask who it is.
    const next = await visitor.ask(location(await visitor.ask(`${own}/auth/login`)))
    expect(next.text).not.toContain(`action="${own}/auth/callback"`)
  })
})

describe('signing out while the table is down (S6)', () => {
  test.each(['read', 'batch'] as const)(
    'a table that fails at %s: the person is told, and still signed in',
    async (operation) => {
      const { visitor } = await signedIn()
      tables.faults.always({ kind: 'unavailable' }, operation)
      const reply = await signOut(visitor)
      expectScreen(world, reply, 'session/store_unavailable')
      expect(reply.setCookies).toEqual([])
      expect(reply.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(wayOn(reply)).toBe('/')

      const twin = expectTwin(world, await signOut(visitor, BY_SCRIPT), 'session/store_unavailable')
      expect(twin).not.toHaveProperty('loginUrl')

      tables.faults.clear()
      expect(await isSignedIn(world, visitor)).toBe(true)
      expect((await signOut(visitor)).status).toBe(303)
      expect(await isSignedIn(world, visitor)).toBe(false)
    },
  )

  test('a table that removes the row and loses the answer has signed the person out', async () => {
    const { visitor } = await signedIn()
    tables.faults.next(1, { kind: 'lose' }, 'batch')
    expect((await signOut(visitor)).status).toBe(303)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('a table that refuses us is our fault, and the person is still signed in', async () => {
    const { visitor } = await signedIn()
    tables.faults.always({ kind: 'forbid' }, 'batch')
    const reply = await signOut(visitor)
    expectScreen(world, reply, 'session/store_refused')
    expect(reply.setCookies).toEqual([])
    tables.faults.clear()
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

describe('front-channel sign-out (U11, Front-Channel Logout 1.0)', () => {
  test('the sid alone ends the session, in a frame and without a cookie', async () => {
    const { visitor, sid } = await signedIn()
    const { visitor: other } = await signedIn()
    const reply = await frontChannel(new URLSearchParams({ sid }).toString())
    expect([reply.status, reply.text, reply.setCookies]).toEqual([200, '', []])
    expect(await isSignedIn(world, visitor)).toBe(false)
    expect(await isSignedIn(world, other)).toBe(true)
  })

  test('HEAD answers as GET does, and ends nothing', async () => {
    const { visitor, sid } = await signedIn()
    expect((await frontChannel(`sid=${sid}`, 'HEAD')).status).toBe(200)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('what Entra frames after our own sign-out finds nothing left, and all is well', async () => {
    const { visitor, sid } = await signedIn()
    await signOut(visitor)
    const seen = world.logs.length
    expect((await frontChannel(`sid=${sid}`)).status).toBe(200)
    expect(world.logs.slice(seen).map(({ event }) => event)).toEqual(['request'])
  })

  test('one sid ends every session of that browser, and an iss of ours is welcome', async () => {
    const { visitor, sid } = await signedIn()
    const saved = visitor.appCookies.get('__Host-signet')?.value ?? ''
    // A second browser window that shares Entra's session but not our cookie.
    visitor.appCookies.clear()
    await visitor.signIn()
    await frontChannel(new URLSearchParams({ sid, iss: entra.issuer }).toString())
    expect(await isSignedIn(world, visitor)).toBe(false)
    visitor.appCookies.set('__Host-signet', { value: saved, sameSite: 'Lax' })
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test.each([
    { what: 'an unknown sid', query: () => 'sid=00000000-0000-4000-8000-000000000000' },
    { what: 'no sid', query: () => '' },
    { what: 'an empty sid', query: () => 'sid=' },
    { what: 'two sids', query: (sid: string) => `sid=${sid}&sid=${sid}` },
    { what: 'a foreign iss', query: (sid: string) => `sid=${sid}&iss=https%3A%2F%2Fissuer.invalid%2Fv2.0` },
    { what: 'an oversize sid', query: (sid: string) => `sid=${sid}${'a'.repeat(200)}` },
    {
      what: 'a sid that would break out of the filter',
      query: (sid: string) => `sid=${sid}'%20or%20'1'%20eq%20'1`,
    },
  ])('$what: 200, and nothing is deleted', async ({ query }) => {
    const { visitor, sid } = await signedIn()
    const before = await world.rows.sessionIds()
    expect((await frontChannel(query(sid))).status).toBe(200)
    expect(await world.rows.sessionIds()).toEqual(before)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  /** Holds up the rows of session and grant, which come in one transaction; resolves once they and the index rows are on their way. */
  async function holdSessionRow(callback: () => Promise<Reply>): Promise<{ readonly reply: Promise<Reply> }> {
    const seen = tables.requests.length
    tables.faults.next(1, { kind: 'stall' }, 'batch')
    const reply = callback()
    const since = () => tables.requests.slice(seen)
    await expect.poll(() => since().filter(({ operation }) => operation === 'insert')).toHaveLength(3)
    await expect.poll(() => since().some(({ fault }) => fault === 'stall')).toBe(true)
    return { reply }
  }

  test('between index and session row of a sign-in: no session is left alive, and the person is told', async () => {
    const visitor = newVisitor(world.origin)
    const form = await visitor.toCallback('/auth/login?returnTo=%2Forders')
    const known = new Set((await world.rows.all()).map(({ rowKey }) => rowKey))
    const { reply: callback } = await holdSessionRow(() => visitor.post(form))
    const sid = form.fields.get('session_state') ?? ''
    expect((await frontChannel(`sid=${sid}`)).status).toBe(200)
    tables.faults.clear()
    const reply = await callback
    expectScreen(world, reply, 'session/required')
    expect(wayOn(reply)).toBe('/auth/login?returnTo=%2Forders')
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
    const left = (await world.rows.all()).filter(({ rowKey }) => !known.has(rowKey))
    expect(left.map(({ partitionKey }) => partitionKey.slice(0, 4))).toEqual(['due-'])
  })

  test.each(['query', 'read', 'insert', 'delete'] as const)(
    'held up at its own %s while a sign-in ends: no session is left alive',
    async (operation) => {
      const visitor = newVisitor(world.origin)
      const form = await visitor.toCallback()
      const sid = form.fields.get('session_state') ?? ''
      const before = await world.rows.sessionIds()
      const stalls = tables.requests.filter(({ fault }) => fault === 'stall').length
      const { reply: callback } = await holdSessionRow(() => visitor.post(form))
      tables.faults.next(1, { kind: 'stall' }, operation)
      const told = frontChannel(`sid=${sid}`)
      const isHeld = (): boolean =>
        tables.requests.filter(({ fault }) => fault === 'stall').length >= stalls + 2
      await expect.poll(isHeld).toBe(true)
      tables.faults.clear()
      await Promise.all([callback, told])
      expect((await told).status).toBe(200)
      expect(await isSignedIn(world, visitor)).toBe(false)
      expect(await world.rows.sessionIds()).toEqual(before)
    },
  )

  test('cut off half-way: the next call finds what is left and ends it', async () => {
    const { visitor, sid } = await signedIn()
    tables.faults.next(3, { kind: 'drop' }, 'batch')
    expect((await frontChannel(`sid=${sid}`)).status).toBe(503)
    tables.faults.clear()
    expect((await frontChannel(`sid=${sid}`)).status).toBe(200)
    expect(await isSignedIn(world, visitor)).toBe(false)
  })

  test('a table that is down is not passed off as done', async () => {
    const { visitor, sid } = await signedIn()
    tables.faults.always({ kind: 'unavailable' }, 'query')
    expect((await frontChannel(`sid=${sid}`)).status).toBe(503)
    tables.faults.clear()
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

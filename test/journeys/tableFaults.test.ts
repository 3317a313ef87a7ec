/** A session table that is away, refuses or loses answers: never taken for "signed out", and never a second session. */
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import type { Fault } from '../../local/faults.ts'
import { openJourney } from '../support/openJourney.ts'
import { readiness } from '../support/readiness.ts'
import { BY_SCRIPT, expectScreen, expectTwin, isSignedIn, wayOn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { stallsOf } from '../support/stallsOf.ts'
import { expectNothingHappened, tokenRequests, tracesOf } from '../support/traces.ts'
import { type CallbackForm, location, newVisitor, type Reply, type Visitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const TABLE_DEADLINE_MS = 4_000
const world = await openJourney()
const { tables, entra } = world.desk

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  expect(await isSignedIn(world, visitor)).toBe(true)
  return visitor
}

async function underway(): Promise<{ visitor: Visitor; form: CallbackForm }> {
  const visitor = newVisitor(world.origin)
  return { visitor, form: await visitor.toCallback(LOGIN) }
}

/** How many sessions there are more than before. */
async function sessionsSince(before: readonly string[]): Promise<number> {
  return (await world.rows.sessionIds()).length - before.length
}

/** A reply that sends the browser to Entra once more. */
function isRestart(reply: Reply): boolean {
  return reply.status === 303 && location(reply).startsWith(`${entra.origin}/`)
}

async function afterRestart(visitor: Visitor, reply: Reply): Promise<Reply> {
  expect(isRestart(reply)).toBe(true)
  return visitor.post(await visitor.atEntra(location(reply)))
}

describe('reading a session (S3)', () => {
  test.each<[what: string, fault: Fault, code: ErrorCode]>([
    ['unavailable', { kind: 'unavailable' }, 'session/store_unavailable'],
    ['broken', { kind: 'broken' }, 'session/store_unavailable'],
    ['throttled', { kind: 'throttle' }, 'session/store_unavailable'],
    ['cut off', { kind: 'drop' }, 'session/store_unavailable'],
    ['no right', { kind: 'forbid' }, 'session/store_refused'],
  ])('%s: nobody is signed out', async (_what, fault, code) => {
    const visitor = await signedIn()
    tables.faults.always(fault)
    const page = await visitor.ask(`${world.origin}/`)
    expectScreen(world, page, code)
    expect(page.text).not.toMatch(/sign.in/i)
    expect(page.text).toContain('You have not been signed out')
    expect(page.setCookies).toEqual([])
    const json = await visitor.ask(`${world.origin}/auth/session`, { headers: BY_SCRIPT })
    const twin = expectTwin(world, json, code)
    expect(twin).not.toHaveProperty('authenticated')
    expect(twin).not.toHaveProperty('loginUrl')
    expect(json.setCookies).toEqual([])
    if (code === 'session/store_unavailable') {
      expect([page.headers.get('retry-after'), wayOn(page)]).toEqual(['10', '/'])
      expect(twin).toMatchObject({ retryAfterSec: 10 })
    }
    tables.faults.clear()
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('no answer: four seconds are waited, not more', async () => {
    const asked = shortenDeadline(TABLE_DEADLINE_MS)
    const visitor = await signedIn()
    tables.faults.always({ kind: 'stall' })
    expectScreen(world, await visitor.ask(`${world.origin}/`), 'session/store_unavailable')
    expect(asked).toContain(TABLE_DEADLINE_MS)
    tables.faults.clear()
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('nobody listens', async () => {
    const visitor = await signedIn()
    await tables.down()
    const reply = await visitor.ask(`${world.origin}/`)
    await tables.up()
    expectScreen(world, reply, 'session/store_unavailable')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('a fault that passes at once is seen by nobody', async () => {
    const visitor = await signedIn()
    tables.faults.next(2, { kind: 'unavailable' }, 'read')
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('whoever has no cookie needs no table', async () => {
    tables.faults.always({ kind: 'drop' })
    const stranger = newVisitor(world.origin)
    expect((await stranger.ask(`${world.origin}/`)).text).toContain('Sign in')
    expect(await isSignedIn(world, stranger)).toBe(false)
    expect((await stranger.ask(`${world.origin}/auth/login`)).status).toBe(302)
  })

  test('a row that does not open is nobody’s session: it is removed, and so is the cookie (S5)', async () => {
    const before = await world.rows.all()
    const visitor = await signedIn()
    const rows = (await world.rows.all()).filter(
      (row) => !before.some(({ partitionKey }) => partitionKey === row.partitionKey),
    )
    const row = rows.find(({ rowKey }) => rowKey === 'session')
    const sealed = Uint8Array.from(row?.sealed0 instanceof Uint8Array ? row.sealed0 : [])
    sealed[40] = (sealed[40] ?? 0) ^ 1
    const { partitionKey = '', rowKey = '' } = row ?? {}
    await world.rows.table.updateEntity({ partitionKey, rowKey, sealed0: sealed }, 'Merge')

    expect(await isSignedIn(world, visitor)).toBe(false)
    expect(visitor.appCookies.has('__Host-signet')).toBe(false)
    const left = (await world.rows.all()).filter(
      (each) => each.partitionKey === partitionKey || each.rowKey === partitionKey,
    )
    expect(left).toEqual([])
  })

  test('a use that cannot be written down is served all the same, and the next one written', async () => {
    const visitor = await signedIn()
    world.advance(10 * 60_000)
    tables.faults.always({ kind: 'unavailable' }, 'merge')
    expect((await visitor.ask(`${world.origin}/`)).text).toContain('You are signed in')
    const [note, request] = world.logs.slice(-2)
    expect(note?.event).toBe('session.use_not_noted')
    expect(note?.facts).toEqual({
      correlationId: request?.facts.correlationId,
      fault: 'session/store_unavailable',
    })
    tables.faults.clear()
    world.advance(55 * 60_000 - 10 * 60_000)
    expect((await visitor.ask(`${world.origin}/`)).text).toContain('You are signed in')
    world.advance(55 * 60_000)
    expect(await isSignedIn(world, visitor)).toBe(true)
  })

  test('a use that cannot be written down because the row has gone meanwhile brings nothing back (S2)', async () => {
    const visitor = await signedIn()
    const before = await world.rows.sessionIds()
    world.advance(10 * 60_000)
    const stalls = stallsOf(tables)
    tables.faults.next(1, { kind: 'stall' }, 'merge')
    const visiting = visitor.ask(`${world.origin}/`)
    await expect.poll(() => stallsOf(tables)).toBe(stalls + 1)
    const signOut = await visitor.ask(`${world.origin}/auth/logout`, {
      method: 'POST',
      from: world.origin,
      headers: BY_SCRIPT,
    })
    expect(signOut.status).toBe(303)
    tables.faults.clear()
    await visiting
    expect(await isSignedIn(world, visitor)).toBe(false)
    expect(await world.rows.sessionIds()).toHaveLength(before.length - 1)
  })
})

describe('spending a transaction', () => {
  test.each<[what: string, fault: Fault, code: ErrorCode, way: string]>([
    ['unavailable', { kind: 'unavailable' }, 'session/store_unavailable', LOGIN],
    ['cut off', { kind: 'drop' }, 'session/store_unavailable', LOGIN],
    ['no right', { kind: 'forbid' }, 'session/store_refused', '/'],
  ])(
    '%s: nothing is redeemed, who has no session reads of none, and the same answer still signs in',
    async (_what, fault, code, way) => {
      const { visitor, form } = await underway()
      tables.faults.always(fault, 'insert')
      const before = await tracesOf(world)
      const reply = await visitor.post(form)
      expectScreen(world, reply, code)
      expect(reply.text).toContain('You are not signed in yet.')
      expect(reply.text).not.toContain('signed out')
      expect([wayOn(reply), reply.setCookies]).toEqual([way, []])
      await expectNothingHappened(world, before)
      tables.faults.clear()
      expect(location(await visitor.post(form))).toBe('/orders')
    },
  )

  test('done, but the answer lost: the row says whose it is, and the sign-in goes on', async () => {
    const { visitor, form } = await underway()
    const before = await tracesOf(world)
    tables.faults.next(1, { kind: 'lose' }, 'insert')
    expect(location(await visitor.post(form))).toBe('/orders')
    expect(tokenRequests(world)).toBe(before.tokenRequests + 1)
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect(await sessionsSince(before.sessionIds)).toBe(1)
  })
})

describe('writing the session (S1, S4, I2)', () => {
  /** Lets the transaction be spent, and what follows meet the fault: the index rows, and the session with its grant. */
  function afterTheMarker(count: number, fault: Fault): void {
    tables.faults.next(1, { kind: 'slow', ms: 0 }, 'insert')
    tables.faults.next(count, fault, 'insert')
    tables.faults.next(count, fault, 'batch')
  }

  test('unavailable for longer than we try: busy, no cookie, and the button leads in', async () => {
    const { visitor, form } = await underway()
    const before = await tracesOf(world)
    afterTheMarker(50, { kind: 'unavailable' })
    const reply = await visitor.post(form)
    expectScreen(world, reply, 'session/store_unavailable')
    expect([wayOn(reply), reply.setCookies]).toEqual([LOGIN, []])
    expect(await sessionsSince(before.sessionIds)).toBe(0)
    tables.faults.clear()
    expect(location(await visitor.signIn(wayOn(reply)))).toBe('/orders')
    expect(await sessionsSince(before.sessionIds)).toBe(1)
  })

  test('unavailable, and the person reloads instead: one silent new start, one session', async () => {
    const { visitor, form } = await underway()
    const before = await tracesOf(world)
    afterTheMarker(50, { kind: 'unavailable' })
    expectScreen(world, await visitor.post(form), 'session/store_unavailable')
    tables.faults.clear()
    expect(location(await afterRestart(visitor, await visitor.post(form)))).toBe('/orders')
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect(await sessionsSince(before.sessionIds)).toBe(1)
  })

  test.each([
    ['an index row', 0, 'insert'],
    ['the other index row', 1, 'insert'],
    ['the session and its grant', 0, 'batch'],
  ] as const)(
    'the answer to %s is lost: exactly one session, and it opens',
    async (_what, nth, operation) => {
      const { visitor, form } = await underway()
      const before = await tracesOf(world)
      tables.faults.next(1, { kind: 'slow', ms: 0 }, 'insert')
      tables.faults.next(nth, { kind: 'slow', ms: 0 }, operation)
      tables.faults.next(1, { kind: 'lose' }, operation)
      expect(location(await visitor.post(form))).toBe('/orders')
      expect(await isSignedIn(world, visitor)).toBe(true)
      expect(await sessionsSince(before.sessionIds)).toBe(1)
      expect(tokenRequests(world)).toBe(before.tokenRequests + 1)
    },
  )

  test('no right to write: our fault, and no cookie', async () => {
    const { visitor, form } = await underway()
    afterTheMarker(50, { kind: 'forbid' })
    const reply = await visitor.post(form)
    expectScreen(world, reply, 'session/store_refused')
    expect([wayOn(reply), reply.setCookies]).toEqual(['/', []])
  })

  test('an old session that cannot be ended does not stop the new one', async () => {
    const visitor = await signedIn()
    // The first is the new session’s own.
    tables.faults.next(1, { kind: 'slow', ms: 0 }, 'batch')
    tables.faults.always({ kind: 'unavailable' }, 'batch')
    expect(location(await visitor.signIn(LOGIN))).toBe('/orders')
    tables.faults.clear()
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect(world.logs.find(({ event }) => event === 'session.previous_left')?.facts.fault).toBe(
      'session/store_unavailable',
    )
  })
})

describe('a table that is not there', () => {
  test('is our fault at every step, and nobody is signed out by it', async () => {
    const visitor = await signedIn()
    const { visitor: other, form } = await underway()
    await world.rows.table.deleteTable()

    const page = await visitor.ask(`${world.origin}/`)
    expectScreen(world, page, 'session/store_refused')
    expect(page.setCookies).toEqual([])
    const callback = await other.post(form)
    expectScreen(world, callback, 'session/store_refused')
    const signOut = await visitor.ask(`${world.origin}/auth/logout`, { method: 'POST', from: world.origin })
    expectScreen(world, signOut, 'session/store_refused')
    expect(signOut.setCookies).toEqual([])
    expect(await readiness(world)).toMatchObject({
      status: 503,
      logged: { sessions: expect.stringMatching(/^session\/store_refused: /) },
    })

    await world.rows.table.createTable()
    expect(location(await other.post(form))).toBe('/orders')
    expect(await isSignedIn(world, other)).toBe(true)
  })
})

import { expect, it } from 'vitest'
import { newBinding } from '../../../lib/device/boundSession.ts'
import { findSession, type Visit } from '../../../lib/http/currentSession.ts'
import type { Ticket } from '../../../lib/session/ticket.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { ALICE, cookieOf, openFakeApp, removed, troubled } from '../../support/openFakeApp.ts'
import { sessionOf } from '../../support/sessionOf.ts'
import { CORRELATION_ID, signetRequestOf } from '../../support/signetRequestOf.ts'

const MINUTE_MS = 60_000
const KEY = { kty: 'EC', crv: 'P-256', x: 'x-of-the-key', y: 'y-of-the-key' } as const
const VISITS: readonly Visit[] = ['look', 'use', 'presence', 'leave']
const GONE = [removed('__Host-signet')]

/** The use that the row of the session notes. */
function notedUse({ table }: ReturnType<typeof openFakeApp>): number | undefined {
  const row = table.rows().find(({ rowKey }) => rowKey === 'session') as { usedAt?: Date } | undefined
  return row?.usedAt?.getTime()
}

async function bind(fake: ReturnType<typeof openFakeApp>, ticket: Ticket, atMs = START_MS) {
  const stored = await fake.app.sessions.read(ticket)
  const { value, binding } = newBinding(KEY, atMs, fake.effects.random)
  await fake.app.sessions.bind(ticket, stored?.etag ?? '', binding)
  return value
}

it.each(VISITS)('nobody comes with no cookie: to %s asks no table and sets no cookie', async (visit) => {
  const { app, table } = openFakeApp()

  expect(await findSession(app, signetRequestOf(), visit)).toEqual({ cookies: [] })
  expect(table.calls.size).toBe(0)
})

it.each(['', 'short', 'A'.repeat(44)])(
  'a cookie that is no ticket (%j) is taken away without a look into the table',
  async (secret) => {
    const { app, table } = openFakeApp()

    expect(await findSession(app, signetRequestOf({ headers: cookieOf({ secret }) }), 'use')).toEqual({
      cookies: GONE,
    })
    expect(table.calls.size).toBe(0)
  },
)

it('a ticket to no session takes away both cookies of a session, where they came', async () => {
  const { app, table, logged } = openFakeApp()
  const ticket = { secret: 'A'.repeat(43) }
  const both = cookieOf(ticket, '__Host-signet-device=abc')

  expect(await findSession(app, signetRequestOf({ headers: cookieOf(ticket) }), 'use')).toEqual({
    cookies: GONE,
  })
  expect(await findSession(app, signetRequestOf({ headers: both }), 'use')).toEqual({
    cookies: [...GONE, removed('__Host-signet-device')],
  })
  expect(table.size()).toBe(0)
  expect(logged()).toEqual([])
})

it.each(VISITS)('a live session is found, whole, by whoever comes to %s', async (visit) => {
  const fake = openFakeApp()
  const ticket = await fake.signIn()

  const found = await findSession(fake.app, signetRequestOf({ headers: cookieOf(ticket) }), visit)

  expect(found).toEqual({
    current: {
      ticket,
      session: sessionOf(),
      usedAtMs: START_MS,
      idleEndsAtMs: START_MS + fake.app.config.sessions.idleMs,
      isBound: false,
      mayBind: true,
    },
    cookies: [],
  })
  expect(fake.logged()).toEqual([])
})

it.each([
  // A tenth of the idle limit, an hour, is due to be noted.
  ['look', 30, 0],
  ['leave', 30, 0],
  ['use', 5, 0],
  ['use', 30, 30],
  ['presence', 5, 5],
  ['presence', 30, 30],
] as const)(
  'to %s after %i minutes leaves the last use noted at minute %i, and the idle end follows it',
  async (visit, after, noted) => {
    const fake = openFakeApp({ settings: { SESSION_IDLE_MINUTES: '60' } })
    const ticket = await fake.signIn()
    fake.effects.advance(after * MINUTE_MS)

    const { current } = await findSession(fake.app, signetRequestOf({ headers: cookieOf(ticket) }), visit)

    expect(notedUse(fake)).toBe(START_MS + noted * MINUTE_MS)
    expect(current?.idleEndsAtMs).toBe(START_MS + (60 + noted) * MINUTE_MS)
    expect(fake.table.calls.get('update')).toBe(noted === 0 ? undefined : 1)
  },
)

it('a use that cannot be noted is let through, with the end that the last one gave, and told to the log', async () => {
  let isDown = false
  const fake = openFakeApp({
    settings: { SESSION_IDLE_MINUTES: '60' },
    weather: troubled(() => isDown, 'update'),
  })
  const ticket = await fake.signIn()
  fake.effects.advance(30 * MINUTE_MS)
  isDown = true

  const { current, cookies } = await findSession(
    fake.app,
    signetRequestOf({ headers: cookieOf(ticket) }),
    'use',
  )

  expect(current?.idleEndsAtMs).toBe(START_MS + 60 * MINUTE_MS)
  expect(cookies).toEqual([])
  expect(fake.logged()).toEqual([
    ['warn', 'session.use_not_noted', { correlationId: CORRELATION_ID, fault: 'session/store_unavailable' }],
  ])
})

it('a session that ends while its use is noted is over, and its cookie goes', async () => {
  const fake = openFakeApp()
  const ticket = await fake.signIn()
  const app = { ...fake.app, sessions: { ...fake.app.sessions, touch: async () => false } }

  expect(await findSession(app, signetRequestOf({ headers: cookieOf(ticket) }), 'presence')).toEqual({
    cookies: GONE,
  })
})

it('a session past its limit is ended in the table, told to the log once, and its cookie goes', async () => {
  const fake = openFakeApp({ settings: { SESSION_IDLE_MINUTES: '60' } })
  const ticket = await fake.signIn()
  fake.effects.advance(60 * MINUTE_MS)
  const request = signetRequestOf({ headers: cookieOf(ticket) })

  expect(await findSession(fake.app, request, 'look')).toEqual({ cookies: GONE })
  expect(await findSession(fake.app, request, 'look')).toEqual({ cookies: GONE })
  expect(fake.table.size()).toBe(0)
  expect(fake.logged()).toEqual([
    ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'limit' }],
  ])
})

it('a table that does not answer is a fault, and nobody is taken for signed out', async () => {
  let isDown = false
  const fake = openFakeApp({ weather: troubled(() => isDown, 'read') })
  const ticket = await fake.signIn()
  isDown = true

  const fault = await faultOf(() =>
    findSession(fake.app, signetRequestOf({ headers: cookieOf(ticket) }), 'look'),
  )
  expect(fault.code).toBe('session/store_unavailable')
})

it('a bound session says so, and is not offered to bind again', async () => {
  const fake = openFakeApp()
  const ticket = await fake.signIn()
  const headers = cookieOf(ticket, `__Host-signet-device=${await bind(fake, ticket)}`)

  const { current } = await findSession(fake.app, signetRequestOf({ headers }), 'look')

  expect(current).toMatchObject({ isBound: true, mayBind: false })
})

it('a binding whose answer got lost may be made again, after ten seconds and not before', async () => {
  const fake = openFakeApp()
  const ticket = await fake.signIn()
  await bind(fake, ticket)
  const request = signetRequestOf({ headers: cookieOf(ticket) })

  expect((await findSession(fake.app, request, 'look')).current).toMatchObject({
    isBound: true,
    mayBind: false,
  })
  fake.effects.advance(10_000)
  expect((await findSession(fake.app, request, 'look')).current).toMatchObject({
    isBound: true,
    mayBind: true,
  })
})

it('with bindings switched off a session is neither bound nor offered to be', async () => {
  const fake = openFakeApp({ settings: { SESSION_DEVICE_BINDING: 'off' } })
  const ticket = await fake.signIn()
  const request = signetRequestOf({ headers: cookieOf(ticket) })
  expect((await findSession(fake.app, request, 'look')).current).toMatchObject({
    isBound: false,
    mayBind: false,
  })
  await bind(fake, ticket)
  fake.effects.advance(30_000)

  expect((await findSession(fake.app, request, 'look')).current).toMatchObject({
    isBound: false,
    mayBind: false,
  })
})

it('a bound session without its device is found by nobody but who leaves', async () => {
  const fake = openFakeApp()
  const ticket = await fake.signIn()
  await bind(fake, ticket)
  fake.effects.advance(2 * MINUTE_MS)
  const request = signetRequestOf({ headers: cookieOf(ticket) })

  for (const visit of ['look', 'use', 'presence'] as const)
    expect((await faultOf(() => findSession(fake.app, request, visit))).code).toBe(
      'session/device_proof_required',
    )
  expect(notedUse(fake)).toBe(START_MS)
  expect((await findSession(fake.app, request, 'leave')).current).toMatchObject({
    ticket,
    isBound: true,
    mayBind: false,
  })
})

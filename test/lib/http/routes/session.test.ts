import { expect, it } from 'vitest'
import { AppError } from '../../../../lib/errors/appError.ts'
import { session } from '../../../../lib/http/routes/session.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { cookieOf, openFakeApp, removed, troubled } from '../../../support/openFakeApp.ts'
import { sessionOf } from '../../../support/sessionOf.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const BY_SCRIPT = { 'x-csrf': '1', 'sec-fetch-site': 'same-origin' }
const SIGNED_OUT = { kind: 'json', value: { authenticated: false, loginUrl: '/auth/login' } }
const iso = (afterMs: number): string => new Date(START_MS + afterMs).toISOString()
const MINUTE_MS = 60_000

/** What the front end is told of Alice. */
const ALICES = {
  authenticated: true,
  user: {
    tenantId: sessionOf().identity.tid,
    objectId: sessionOf().identity.oid,
    name: 'Alice Example',
    username: 'alice@contoso.com',
  },
  roles: [],
  apis: [],
  signedInAt: iso(0),
  acrs: [],
  idleExpiresAt: iso(60 * MINUTE_MS),
  idleSecondsLeft: 3_600,
  expiresAt: iso(480 * MINUTE_MS),
  secondsLeft: 28_800,
  clientProof: { method: 'vault', keyId: sessionOf().proof.keyId, thumbprint: undefined },
  deviceBound: false,
  logout: { method: 'POST', url: '/auth/logout' },
}
const settings = { SESSION_IDLE_MINUTES: '60' }
type Confirm = NonNullable<NonNullable<Parameters<typeof openFakeApp>[0]>['answers']>['userTokens']
const answeredBy = (confirm: NonNullable<Confirm>['confirm']): Parameters<typeof openFakeApp>[0] => ({
  settings,
  answers: { userTokens: { ...(confirm === undefined ? {} : { confirm }) } },
})

it.each(['GET', 'HEAD', 'POST'])(
  '%s of nobody says so and where sign-in is, and asks nobody',
  async (method) => {
    const { app, table, calls } = openFakeApp()

    expect(await session(app, signetRequestOf({ method, headers: BY_SCRIPT }))).toEqual({
      status: 200,
      body: SIGNED_OUT,
      cookies: [],
    })
    expect([table.calls.size, calls]).toEqual([0, []])
  },
)

it('GET with a cookie that opens nothing takes it away', async () => {
  const { app } = openFakeApp()
  const headers = cookieOf({ secret: 'A'.repeat(43) })

  expect(await session(app, signetRequestOf({ headers }))).toEqual({
    status: 200,
    body: SIGNED_OUT,
    cookies: [removed('__Host-signet')],
  })
})

it('GET tells everything that a front end may know, offers to bind the session, and writes nothing', async () => {
  const fake = openFakeApp({ settings })
  const ticket = await fake.signIn()
  const before = fake.table.rows()

  const reply = await session(fake.app, signetRequestOf({ headers: cookieOf(ticket) }))

  expect(reply).toEqual({
    status: 200,
    body: { kind: 'json', value: ALICES },
    cookies: [],
    headers: {
      'secure-session-registration': expect.stringMatching(
        /^\(ES256 RS256\);path="\/auth\/device";challenge="[\w-]+"$/,
      ),
    },
  })
  expect(fake.table.rows()).toEqual(before)
  expect(fake.calls).toEqual([])
})

it('what a sign-in proved is told where it did: roles, time and context of authentication, the certificate', async () => {
  const fake = openFakeApp({ settings: { ...settings, SESSION_DEVICE_BINDING: 'off' } })
  const certificate = {
    name: 'signing',
    version: '1',
    thumbprintS256: 'of-sha-256',
    thumbprintSha1: 'of-sha-1',
  }
  const ticket = await fake.signIn({
    identity: { ...sessionOf().identity, roles: ['Reader'], authTimeMs: START_MS - 1_000, acrs: ['c1'] },
    proof: { method: 'vault', keyId: 'the-key', certificate },
    clientAuthentication: { claim: 'azpacr', value: '2' },
  })
  // A part of a second that has gone is not left any more.
  fake.effects.advance(1)

  expect(await session(fake.app, signetRequestOf({ headers: cookieOf(ticket) }))).toEqual({
    status: 200,
    cookies: [],
    headers: {},
    body: {
      kind: 'json',
      value: {
        ...ALICES,
        roles: ['Reader'],
        authTime: iso(-1_000),
        acrs: ['c1'],
        idleSecondsLeft: 3_599,
        secondsLeft: 28_799,
        clientProof: {
          method: 'vault',
          keyId: 'the-key',
          thumbprint: 'of-sha-256',
          claim: 'azpacr',
          value: '2',
        },
      },
    },
  })
})

it('POST notes that the person is here at once, has Entra confirm it, and tells what Entra said', async () => {
  const promoted = { ...sessionOf(), identity: { ...sessionOf().identity, roles: ['Reader'] } }
  const fake = openFakeApp(answeredBy(async () => ({ session: promoted, hasGrant: true })))
  const ticket = await fake.signIn()
  fake.effects.advance(MINUTE_MS)

  const reply = await session(
    fake.app,
    signetRequestOf({ method: 'POST', headers: { ...BY_SCRIPT, ...cookieOf(ticket) } }),
  )

  expect(reply).toMatchObject({ status: 200, cookies: [] })
  expect(reply.body).toEqual({
    kind: 'json',
    value: {
      ...ALICES,
      roles: ['Reader'],
      idleExpiresAt: iso(61 * MINUTE_MS),
      secondsLeft: 28_740,
    },
  })
  expect(fake.calls.map(([name]) => name)).toEqual(['userTokens.confirm'])
  expect(fake.calls[0]?.[1]).toMatchObject({ ticket, session: sessionOf() })
})

it.each([
  ['entra/interaction_required', {}, '/auth/login'],
  ['entra/no_access', {}, '/auth/login'],
  [
    'entra/interaction_required',
    { claims: '{ "access_token": {} }' },
    '/auth/login?claims=%7B%22access_token%22%3A%7B%7D%7D',
  ],
  ['entra/unavailable', { claims: '{}' }, undefined],
] as const)(
  'POST whose confirmation ends in %s %o leaves the session and names the way on: %s',
  async (code, context, loginUrl) => {
    const fault = new AppError(code, context)
    const fake = openFakeApp(answeredBy(async () => ({ session: sessionOf(), hasGrant: true, fault })))
    const ticket = await fake.signIn()

    const { body, cookies } = await session(
      fake.app,
      signetRequestOf({ method: 'POST', headers: { ...BY_SCRIPT, ...cookieOf(ticket) } }),
    )

    expect(body).toStrictEqual({
      kind: 'json',
      value: { ...ALICES, ...(loginUrl === undefined ? {} : { loginUrl }) },
    })
    expect(cookies).toEqual([])
  },
)

it.each([
  ['has ended meanwhile', true],
  ['lives without a grant', false],
] as const)('POST of a session that %s is answered by what the table says', async (_what, isGone) => {
  const fake = openFakeApp(
    answeredBy(async ({ ticket }) => {
      if (isGone) await fake.app.sessions.end(ticket.id)
      return { session: sessionOf(), hasGrant: false }
    }),
  )
  const ticket = await fake.signIn()

  const { body, cookies } = await session(
    fake.app,
    signetRequestOf({ method: 'POST', headers: { ...BY_SCRIPT, ...cookieOf(ticket) } }),
  )

  expect(body).toEqual(isGone ? SIGNED_OUT : { kind: 'json', value: ALICES })
  expect(cookies).toEqual(isGone ? [removed('__Host-signet')] : [])
})

it('POST whose session Entra ended says that nobody is signed in, and takes the cookie away', async () => {
  const fake = openFakeApp(
    answeredBy(async () => {
      throw new AppError('session/required')
    }),
  )
  const ticket = await fake.signIn()

  expect(
    await session(
      fake.app,
      signetRequestOf({ method: 'POST', headers: { ...BY_SCRIPT, ...cookieOf(ticket) } }),
    ),
  ).toEqual({ status: 200, body: SIGNED_OUT, cookies: [removed('__Host-signet')] })
})

it('POST whose confirmation fails otherwise is that fault, and the session stays', async () => {
  const fake = openFakeApp(
    answeredBy(async () => {
      throw new AppError('session/store_unavailable')
    }),
  )
  const ticket = await fake.signIn()
  const rows = fake.table.size()

  const fault = await faultOf(() =>
    session(fake.app, signetRequestOf({ method: 'POST', headers: { ...BY_SCRIPT, ...cookieOf(ticket) } })),
  )
  expect(fault.code).toBe('session/store_unavailable')
  expect(fake.table.size()).toBe(rows)
})

it.each([
  ['GET', { 'sec-fetch-site': 'cross-site' }, 'http/cross_site'],
  ['POST', { 'sec-fetch-site': 'same-origin' }, 'http/csrf_header_required'],
  [
    'POST',
    { 'x-csrf': '1', 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    'http/cross_site',
  ],
] as const)('%s by somebody else (%o) is refused before anybody is asked', async (method, headers, code) => {
  const fake = openFakeApp({ weather: troubled(() => true, 'read') })
  const fault = await faultOf(() =>
    session(
      fake.app,
      signetRequestOf({ method, headers: { ...headers, ...cookieOf({ secret: 'A'.repeat(43) }) } }),
    ),
  )
  expect(fault.code).toBe(code)
  expect([fake.table.calls.size, fake.calls]).toEqual([0, []])
})

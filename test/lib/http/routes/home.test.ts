import { expect, it } from 'vitest'
import type { Reply } from '../../../../lib/http/reply.ts'
import { home } from '../../../../lib/http/routes/home.ts'
import { signedOut } from '../../../../lib/http/routes/signedOut.ts'
import { newTicket } from '../../../../lib/session/ticket.ts'
import { textOf } from '../../../http/signedInView.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { cookieOf, openFakeApp, removed, troubled } from '../../../support/openFakeApp.ts'
import { SCRIPT, WINDOW } from '../../../support/openSignIn.ts'
import { grantOf, sessionOf } from '../../../support/sessionOf.ts'
import { signetRequestOf } from '../../../support/signetRequestOf.ts'

const MINUTE_MS = 60_000
const settings = { SESSION_IDLE_MINUTES: '60' }

function htmlOf({ body }: Reply): string {
  if (body?.kind !== 'page') throw new Error('no page')
  return body.page.html
}

/** The facts of the page: what is said of each. */
function factsOf(reply: Reply): Readonly<Record<string, string>> {
  const facts = [...htmlOf(reply).matchAll(/<dt>([^<]+)<\/dt><dd>(.*?)<\/dd>/g)]
  return Object.fromEntries(facts.map(([, name = '', value = '']) => [name, textOf(value)]))
}

it.each([
  ['/', {}, '/auth/login'],
  ['/auth', {}, '/auth/login'],
  ['/auth', { FRONT_END_URL: 'https://static.example' }, '/auth/login?returnTo=%2Fauth'],
  ['/', { FRONT_END_URL: 'https://static.example' }, '/auth/login'],
  ['/app/auth', { BASE_PATH: '/app' }, '/app/auth/login?returnTo=%2Fapp%2Fauth'],
])(
  'nobody is shown a way in that leads back to where they began: at %s with %j by %s',
  async (target, more, href) => {
    const { app, table } = openFakeApp({ settings: more })
    const reply = await home(app, signetRequestOf({ target, headers: WINDOW }))

    expect([reply.status, reply.cookies]).toEqual([200, []])
    expect(htmlOf(reply)).toContain(`<a class="button" href="${href}">Sign in</a>`)
    expect(table.calls.size).toBe(0)
  },
)

it.each([
  [{}, 'Signed in the vault'],
  [
    { CREDENTIAL: 'managed-identity', AZURE_CLIENT_ID: 'bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee' },
    'Vouched for by Azure',
  ],
])('nobody is told how the app proves itself: with %j it is %s', async (more, title) => {
  const { app } = openFakeApp({ settings: more })

  expect(htmlOf(await home(app, signetRequestOf()))).toContain(`<h2>${title}</h2>`)
})

it('a cookie that opens nothing is taken away', async () => {
  const { app } = openFakeApp()
  const reply = await home(app, signetRequestOf({ headers: cookieOf({ secret: 'A'.repeat(43) }) }))

  expect(reply.cookies).toEqual([removed('__Host-signet')])
})

it('a table that does not answer is not taken for nobody', async () => {
  const { app } = openFakeApp({ weather: troubled(() => true, 'read') })
  const request = signetRequestOf({ headers: cookieOf({ secret: 'A'.repeat(43) }) })

  expect((await faultOf(() => home(app, request))).code).toBe('session/store_unavailable')
})

it('a person is told who they are, how long that lasts, and where they are signed in besides', async () => {
  const fake = openFakeApp({ settings })
  const ticket = await fake.signIn({
    identity: { ...sessionOf().identity, roles: ['Reader', 'Admin'] },
    clientAuthentication: { claim: 'azpacr', value: '2' },
  })
  await fake.signIn({ device: 'Safari on iPhone', createdAtMs: START_MS + 1 })
  fake.effects.advance(MINUTE_MS)
  const reply = await home(fake.app, signetRequestOf({ target: '/auth', headers: cookieOf(ticket) }))
  const html = htmlOf(reply)

  expect([reply.status, reply.cookies]).toEqual([200, []])
  expect(factsOf(reply)).toMatchObject({
    Name: 'Alice Example',
    Username: 'alice@contoso.com',
    Tenant: sessionOf().identity.tid,
    Roles: 'Reader, Admin',
    Since: '2026-01-15 12:00:00 UTC',
    Until: '2026-01-15 13:00:00 UTC without further use',
    Left: '59 minutes without further use, 7 hours 59 minutes at most',
    Device: 'This session is not bound to a device.',
  })
  expect(html).toContain('Safari on iPhone')
  expect(html).toContain('action="/auth/logout"')
  expect(html).toContain('<dt><code>azpacr</code></dt><dd><code>2</code>')
  expect(html).toContain('<link rel="icon" href="/auth/icon">')
  expect(reply.body?.kind === 'page' && reply.body.page.contentSecurityPolicy).toContain(
    `form-action 'self' ${fake.app.config.entra.origin}`,
  )
  expect(fake.calls).toEqual([])
})

it('the session that the page is of is the one marked so, and can be told from the others', async () => {
  const fake = openFakeApp({ settings })
  const ticket = await fake.signIn()
  const other = await fake.signIn({ device: 'Safari on iPhone', createdAtMs: START_MS + 1 })
  const html = htmlOf(await home(fake.app, signetRequestOf({ headers: cookieOf(ticket) })))

  expect(html.indexOf('This one')).toBeGreaterThan(html.indexOf(`session-${ticket.id}`))
  expect(html.indexOf('This one')).toBeLessThan(html.indexOf(`session-${other.id}`))
  expect(html).not.toContain(`name="id" value="${ticket.id}"`)
  expect(html).toContain(`name="id" value="${other.id}"`)
})

it('who has no name is called by what they have, and who has no role has none', async () => {
  const { name: _name, ...unnamed } = sessionOf().identity
  const { username: _username, ...unknown } = unnamed
  const factsFor = async (identity: typeof unknown) => {
    const fake = openFakeApp({ settings: { ...settings, SESSION_DEVICE_BINDING: 'off' } })
    const headers = cookieOf(await fake.signIn({ identity }))
    const reply = await home(fake.app, signetRequestOf({ headers }))
    expect(htmlOf(reply)).not.toContain('/auth/icon')
    return factsOf(reply)
  }

  expect(await factsFor(unnamed)).toMatchObject({
    Name: 'alice@contoso.com',
    Username: 'alice@contoso.com',
    Roles: 'None',
  })
  expect(await factsFor(unknown)).toMatchObject({ Name: unknown.oid, Username: unknown.oid })
})

it('APIs are shown with what each needs', async () => {
  const fake = openFakeApp({
    settings: {
      ...settings,
      DOWNSTREAM_APIS: JSON.stringify({
        orders: { url: 'https://orders.example', as: 'user', scope: 'api://orders/read' },
      }),
    },
    answers: {
      userTokens: {
        standingOf: async () => ({ held: new Set(['api://orders/read']), withoutConsent: new Set() }),
      },
    },
  })
  const html = htmlOf(await home(fake.app, signetRequestOf({ headers: cookieOf(await fake.signIn()) })))

  expect(html).toContain('orders')
})

it.each([
  ['GET', WINDOW, true],
  ['HEAD', WINDOW, false],
  ['GET', SCRIPT, false],
  ['GET', { ...WINDOW, 'sec-purpose': 'prefetch' }, false],
] as const)(
  'to open it is a use of the session, to fetch it a look: %s %j is a use: %s',
  async (method, headers, isUse) => {
    const fake = openFakeApp({ settings })
    const ticket = newTicket(fake.effects.random)
    await fake.app.sessions.insert(ticket, sessionOf(), grantOf())
    fake.effects.advance(30 * MINUTE_MS)
    const reply = await home(
      fake.app,
      signetRequestOf({ method, headers: { ...headers, ...cookieOf(ticket) } }),
    )

    expect(factsOf(reply).Left).toMatch(isUse ? /^1 hour without/ : /^30 minutes without/)
    expect((await fake.app.sessions.read(ticket))?.usedAtMs).toBe(START_MS + (isUse ? 30 * MINUTE_MS : 0))
  },
)

it('after sign-out anybody sees that they are signed out, and a way in', async () => {
  const { app, table } = openFakeApp({ settings: { BASE_PATH: '/app' } })
  const reply = await signedOut(app, signetRequestOf())

  expect([reply.status, reply.cookies, table.calls.size]).toEqual([200, [], 0])
  expect(htmlOf(reply)).toContain('You are signed out')
  expect(htmlOf(reply)).toContain('href="/app/auth/login"')
})

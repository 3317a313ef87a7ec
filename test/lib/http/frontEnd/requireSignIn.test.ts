import { describe, expect, it } from 'vitest'
import type { FrontEnd } from '../../../../lib/config/frontEnd.ts'
import { admit } from '../../../../lib/http/frontEnd/requireSignIn.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { cookieOf, openFakeApp, removed, troubled } from '../../../support/openFakeApp.ts'
import { CORRELATION_ID, signetRequestOf } from '../../../support/signetRequestOf.ts'

const frontEndOf = (openPaths?: readonly string[]): FrontEnd => ({
  url: 'https://static.example',
  contentSecurityPolicy: '',
  maxBytes: 1,
  ...(openPaths === undefined ? {} : { openPaths }),
})
const WINDOW = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
const AHEAD = { ...WINDOW, 'sec-purpose': 'prefetch' }
const SCRIPT = { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }
const target = '/orders?tab=2'

/** The refusal of a request that is no visit of a person. */
const refusal = (loginUrl: string, cookies: readonly object[] = []) => ({
  status: 401,
  headers: {},
  cookies,
  outcome: 'session/required',
  body: {
    kind: 'json',
    value: {
      code: 'session/required',
      message: expect.stringMatching(/\S/),
      correlationId: CORRELATION_ID,
      loginUrl,
    },
  },
})

describe('an open path', () => {
  it.each([
    [undefined, '/anything', true],
    [[], '/', false],
    [['/'], '/', true],
    [['/'], '/orders', false],
    [['/'], '//orders', false],
    [['/welcome'], '/welcome', true],
    [['/welcome'], '/welcome/', true],
    [['/welcome'], '/welcome/more', true],
    [['/welcome'], '/welcomes', false],
    [['/welcome'], '/Welcome', false],
    [['/welcome'], '/wel%63ome/a', true],
    [['/welcome'], '/', false],
    [['/other', '/welcome'], '/welcome', true],
    [['/welcome'], '/%', false],
  ] as const)('among %j: %s is open is %s, and an open one asks no table', async (open, path, isOpen) => {
    const { app, table } = openFakeApp()
    const headers = cookieOf({ secret: 'A'.repeat(43) })
    const admission = await admit(app, frontEndOf(open), signetRequestOf({ target: path, headers }))

    expect(admission === 'open').toBe(isOpen)
    expect(table.calls.size > 0).toBe(!isOpen)
  })
})

describe('a page that needs a person', () => {
  it('sends a window that nobody is signed in at to sign-in, on the way back to the page', async () => {
    const { app } = openFakeApp()

    expect(await admit(app, frontEndOf([]), signetRequestOf({ target, headers: WINDOW }))).toEqual({
      status: 302,
      headers: { location: '/auth/login?returnTo=%2Forders%3Ftab%3D2' },
      cookies: [],
    })
  })

  it('sends it to sign-in without a way back where the address is none that leads back', async () => {
    const { app } = openFakeApp()
    const long = `/${'a'.repeat(5_000)}`

    expect(
      await admit(app, frontEndOf([]), signetRequestOf({ target: long, headers: WINDOW })),
    ).toMatchObject({
      status: 302,
      headers: { location: '/auth/login' },
    })
  })

  it.each([
    ['HEAD', WINDOW, '/auth/login?returnTo=%2Forders%3Ftab%3D2'],
    ['GET', AHEAD, '/auth/login?returnTo=%2Forders%3Ftab%3D2'],
    ['GET', SCRIPT, '/auth/login'],
    ['HEAD', SCRIPT, '/auth/login'],
  ] as const)('tells a %s with %o where sign-in is, and begins none', async (method, headers, loginUrl) => {
    const { app, calls, table } = openFakeApp()

    expect(await admit(app, frontEndOf([]), signetRequestOf({ target, method, headers }))).toEqual(
      refusal(loginUrl),
    )
    expect([calls, table.size()]).toEqual([[], 0])
  })

  it('never answers a script with a page, whatever it accepts', async () => {
    const { app } = openFakeApp()
    const headers = { ...SCRIPT, accept: 'text/html' }

    expect(await admit(app, frontEndOf([]), signetRequestOf({ target, headers }))).toEqual(
      refusal('/auth/login'),
    )
  })

  it.each([
    ['GET', WINDOW],
    ['GET', SCRIPT],
  ] as const)('takes away the cookie of a session that has ended (%s, %o)', async (method, others) => {
    const { app } = openFakeApp()
    const headers = { ...others, ...cookieOf({ secret: 'A'.repeat(43) }) }

    expect(await admit(app, frontEndOf([]), signetRequestOf({ target, method, headers }))).toMatchObject({
      cookies: [removed('__Host-signet')],
    })
  })

  it.each([
    ['GET', WINDOW, 30],
    ['HEAD', WINDOW, 0],
    ['GET', AHEAD, 0],
    ['GET', SCRIPT, 0],
  ] as const)(
    'lets a person have it, and only the visit of a window is a use: %s %o',
    async (method, others, minute) => {
      const fake = openFakeApp({ settings: { SESSION_IDLE_MINUTES: '60' } })
      const ticket = await fake.signIn()
      fake.effects.advance(30 * 60_000)
      const headers = { ...others, ...cookieOf(ticket) }

      expect(await admit(fake.app, frontEndOf([]), signetRequestOf({ target, method, headers }))).toBe(
        'person',
      )
      expect((await fake.app.sessions.read(ticket))?.usedAtMs).toBe(START_MS + minute * 60_000)
    },
  )

  it('takes nobody for signed out where the table does not answer', async () => {
    const { app } = openFakeApp({ weather: troubled(() => true, 'read') })
    const headers = { ...WINDOW, ...cookieOf({ secret: 'A'.repeat(43) }) }
    const fault = await faultOf(() => admit(app, frontEndOf([]), signetRequestOf({ target, headers })))

    expect(fault.code).toBe('session/store_unavailable')
  })
})

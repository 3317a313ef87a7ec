import { describe, expect, it } from 'vitest'
import { newBinding } from '../../../../lib/device/boundSession.ts'
import { frontchannelLogout } from '../../../../lib/http/routes/frontchannelLogout.ts'
import { logout } from '../../../../lib/http/routes/logout.ts'
import { answeredValue, newTransaction } from '../../../../lib/session/transaction.ts'
import { OTHER_TENANT, TENANT } from '../../../support/configOf.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { ALICE, cookieOf, openFakeApp, removed, troubled } from '../../../support/openFakeApp.ts'
import { sessionOf } from '../../../support/sessionOf.ts'
import { CORRELATION_ID, signetRequestOf } from '../../../support/signetRequestOf.ts'

const GONE = [removed('__Host-signet'), removed('__Host-signet-device')]
const OURS = { 'sec-fetch-site': 'same-origin' }

describe('sign-out', () => {
  it('ends the session here, then at Entra by the hint that Entra gave, and takes the cookies away', async () => {
    const { app, table, signIn, logged, calls } = openFakeApp()
    const ticket = await signIn()
    const reply = await logout(
      app,
      signetRequestOf({ method: 'POST', headers: { ...OURS, ...cookieOf(ticket) } }),
    )
    const { origin, pathname, searchParams } = new URL(reply.headers?.location ?? '')

    expect({ ...reply, headers: {} }).toEqual({ status: 303, headers: {}, cookies: GONE })
    expect([origin, pathname]).toEqual([app.config.entra.origin, `/${TENANT}/oauth2/v2.0/logout`])
    expect(searchParams.get('logout_hint')).toBe('opaque-hint')
    expect(table.size()).toBe(0)
    expect(logged()).toEqual([
      ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'sign-out' }],
    ])
    expect(calls).toEqual([])
  })

  it('without a session here leads to Entra all the same, with no hint, and says nothing of an end', async () => {
    const { app, logged } = openFakeApp()
    const { status, headers, cookies } = await logout(app, signetRequestOf({ method: 'POST', headers: OURS }))

    expect([status, cookies]).toEqual([303, GONE])
    expect(new URL(headers?.location ?? '').searchParams.has('logout_hint')).toBe(false)
    expect(logged()).toEqual([])
  })

  it('takes away the cookies of sign-ins that were answered, and leaves those under way', async () => {
    const { app, effects } = openFakeApp()
    const [answered, underway] = [newTransaction(effects.random), newTransaction(effects.random)]
    const value = answeredValue(answered, { kind: 'done', atMs: START_MS })
    const cookie = `__Host-signet-tx-${underway.handle}=${underway.secret}; __Host-signet-tx-${answered.handle}=${value}`

    const { cookies } = await logout(app, signetRequestOf({ method: 'POST', headers: { ...OURS, cookie } }))
    expect(cookies).toEqual([...GONE, removed(`__Host-signet-tx-${answered.handle}`, 'None')])
  })

  it('asks nobody for the device: a browser that lost its key can leave', async () => {
    const { app, table, effects, signIn } = openFakeApp()
    const ticket = await signIn()
    const key = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' } as const
    const { binding } = newBinding(key, START_MS, effects.random)
    await app.sessions.bind(ticket, (await app.sessions.read(ticket))?.etag ?? '', binding)
    effects.advance(10 * 60_000)

    await logout(app, signetRequestOf({ method: 'POST', headers: { ...OURS, ...cookieOf(ticket) } }))
    expect(table.size()).toBe(0)
  })

  it('tells nobody that they are signed out while the row is still there', async () => {
    let isDown = false
    const { app, table, signIn } = openFakeApp({ weather: troubled(() => isDown, 'remove') })
    const ticket = await signIn()
    isDown = true
    const request = signetRequestOf({ method: 'POST', headers: { ...OURS, ...cookieOf(ticket) } })

    expect((await faultOf(() => logout(app, request))).code).toBe('session/store_unavailable')
    expect(table.size()).toBeGreaterThan(0)
  })

  it('by another site is refused, and the session lives', async () => {
    const { app, table, signIn } = openFakeApp()
    const ticket = await signIn()
    const before = table.rows()
    const headers = { 'sec-fetch-site': 'cross-site', ...cookieOf(ticket) }

    expect((await faultOf(() => logout(app, signetRequestOf({ method: 'POST', headers })))).code).toBe(
      'http/cross_site',
    )
    expect(table.rows()).toEqual(before)
  })
})

describe('the front-channel sign-out', () => {
  const FRAME = { status: 200, body: { kind: 'frame', frameAncestor: 'https://login.microsoftonline.com' } }
  const PATH = '/auth/frontchannel-logout'
  const ISSUER = `https://login.microsoftonline.com/${TENANT}/v2.0`

  async function open() {
    const fake = openFakeApp()
    const ticket = await fake.signIn()
    const other = await fake.signIn({ identity: { ...sessionOf().identity, sid: 'another' } })
    const long = 'l'.repeat(128)
    const ofLong = await fake.signIn({ identity: { ...sessionOf().identity, sid: long } })
    const isThere = async (one: typeof ticket) => (await fake.app.sessions.read(one)) !== undefined
    return {
      ...fake,
      living: async () => [await isThere(ticket), await isThere(other), await isThere(ofLong)],
    }
  }

  it.each(['?sid=session-at-entra', `?sid=session-at-entra&iss=${encodeURIComponent(ISSUER)}`])(
    '%s ends the sessions of that Entra session and no other',
    async (query) => {
      const { app, living, logged } = await open()

      expect(await frontchannelLogout(app, signetRequestOf({ target: `${PATH}${query}` }))).toEqual(FRAME)
      expect(await living()).toEqual([false, true, true])
      expect(logged()).toEqual([
        ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'entra' }],
      ])
    },
  )

  it('takes a sid of 128 characters', async () => {
    const { app, living } = await open()
    await frontchannelLogout(app, signetRequestOf({ target: `${PATH}?sid=${'l'.repeat(128)}` }))

    expect(await living()).toEqual([true, true, false])
  })

  it.each([
    ['GET', ''],
    ['GET', '?sid='],
    ['GET', '?sid=unknown'],
    ['HEAD', '?sid=session-at-entra'],
    ['POST', '?sid=session-at-entra'],
    ['GET', '?sid=session-at-entra&sid=another'],
    ['GET', '?sid=session-at-entra&iss='],
    ['GET', `?sid=session-at-entra&iss=${encodeURIComponent(ISSUER.replace(TENANT, OTHER_TENANT))}`],
    ['GET', `?sid=${'l'.repeat(129)}`],
  ])('%s %s answers the same, and ends nothing', async (method, query) => {
    const { app, living, logged, calls } = await open()

    expect(await frontchannelLogout(app, signetRequestOf({ method, target: `${PATH}${query}` }))).toEqual(
      FRAME,
    )
    expect(await living()).toEqual([true, true, true])
    expect([logged(), calls]).toEqual([[], []])
  })

  it.each(['', '?sid=', `?sid=${'l'.repeat(129)}`])('%s costs no look into the table', async (query) => {
    const { app, table } = openFakeApp()
    await frontchannelLogout(app, signetRequestOf({ target: `${PATH}${query}` }))

    expect(table.calls.size).toBe(0)
  })

  it('is a fault where the table does not answer: what did not end is not said to have ended', async () => {
    const { app } = openFakeApp({ weather: troubled(() => true, 'list') })
    const request = signetRequestOf({ target: `${PATH}?sid=session-at-entra` })

    expect((await faultOf(() => frontchannelLogout(app, request))).code).toBe('session/store_unavailable')
  })
})

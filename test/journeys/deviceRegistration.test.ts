/** A browser binds its session: from the offer to the registration, by a stand-in that follows the draft. */
import { describe, expect, test } from 'vitest'
import { newBindingVisitor, newDeviceKeys } from '../support/bindingVisitor.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin, loggedOutcome } from '../support/screens.ts'
import { BO, newVisitor } from '../support/visitor.ts'

const OFFER = 'secure-session-registration'
const world = await openJourney({ isFrozen: true })
const { url, look, signedIn, bound, events, callsOf } = deviceWorld(world)

describe('the offer to bind a session', () => {
  test('rides on what a page or script of ours loads, and never on the callback’s answer or the page after it', async () => {
    const visitor = newVisitor(world.origin)
    const callback = await visitor.signIn()
    const page = await visitor.ask(url('/'))
    const icon = /<link rel="icon" href="([^"]+)">/.exec(page.text)?.[1] ?? ''
    const offered = [
      callback,
      page,
      await visitor.ask(url(icon), { from: world.origin }),
      await look(visitor),
    ]

    expect(offered.map(({ headers }) => headers.get(OFFER))).toEqual([
      null,
      null,
      expect.stringMatching(/^\(ES256 RS256\);path="\/auth\/device";challenge="[\w-]{40,80}"$/),
      expect.stringMatching(/^\(ES256 RS256\);path="\/auth\/device";challenge="[\w-]{40,80}"$/),
    ])
  })

  test('is made to nobody who is not signed in', async () => {
    const visitor = newVisitor(world.origin)
    for (const path of ['/', '/auth/session', '/auth/icon', '/auth/login', '/auth/signed-out'])
      expect((await visitor.ask(url(path))).headers.has(OFFER)).toBe(false)
  })

  test('is not made again once the session is bound, nor does a page refer to the icon that makes it', async () => {
    const visitor = await bound()
    const page = await visitor.ask(url('/'))

    expect((await look(visitor)).headers.has(OFFER)).toBe(false)
    expect(page.text).not.toContain('/auth/icon')
    expect(page.text).toContain('Bound to this device')
  })

  test('costs no call of the table, and nothing of a browser that does not take it', async () => {
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    const offering = await callsOf(() => look(visitor))
    const icon = await callsOf(() => visitor.ask(url('/auth/icon'), { from: world.origin }))
    world.replaceInstance({ SESSION_DEVICE_BINDING: 'off' })
    await look(visitor)
    const off = await callsOf(() => look(visitor))
    world.replaceInstance()

    expect([offering, icon]).toEqual([off, []])
  })
})

describe('a registration', () => {
  test.each(['ES256', 'RS256'] as const)(
    'with %s gets the bound cookie, the next challenge and the instructions',
    async (alg) => {
      const visitor = newBindingVisitor(world.origin, alg)
      await visitor.signIn()
      visitor.takesOffers = false
      const reply = await visitor.register(await look(visitor))
      const { id } = visitor.known()

      expect(reply.status).toBe(200)
      expect(reply.setCookies).toEqual([
        expect.stringMatching(
          /^__Host-signet-device=[\w-]{43}; Max-Age=570; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
        ),
      ])
      expect(reply.headers.get('secure-session-challenge')).toMatch(/^"[\w-]{40,80}";id="[\w-]{43}"$/)
      expect(JSON.parse(reply.text)).toEqual({
        session_identifier: id,
        refresh_url: '/auth/device/refresh',
        scope: {
          origin: world.origin,
          include_site: false,
          scope_specification: [
            '/auth/login',
            '/auth/callback',
            '/auth/device',
            '/auth/frontchannel-logout',
            '/auth/signed-out',
            '/health',
          ].map((path) => ({ type: 'exclude', domain: '*', path })),
        },
        credentials: [
          {
            type: 'cookie',
            name: '__Host-signet-device',
            attributes: 'Path=/; Secure; HttpOnly; SameSite=Lax',
          },
        ],
      })
      expect(events('device.registered').at(-1)?.facts).toMatchObject({
        person: expect.stringMatching(/^user-/),
        afterMs: 0,
      })
    },
  )

  test('is heard once: a second key is refused, and the first one goes on', async () => {
    const visitor = await signedIn()
    visitor.takesOffers = false
    const offer = await look(visitor)
    await visitor.register(offer)
    const second = await visitor.bare(url('/auth/device'), { method: 'POST', from: world.origin })
    const [session] = visitor.sessions.values()
    const again = await visitor.register(offer, await newDeviceKeys())

    expect([second.status, again.status]).toEqual([400, 400])
    expect(loggedOutcome(world, again)).toBe('device/registration_refused')
    expect((await visitor.refresh(session)).status).toBe(200)
  })

  test('of two at the same time one is taken, and the other key opens nothing', async () => {
    const visitor = await signedIn()
    visitor.takesOffers = false
    const offers = await Promise.all([look(visitor), look(visitor)])
    const replies = await Promise.all(offers.map((offer) => visitor.register(offer)))

    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400])
    expect(visitor.sessions.size).toBe(1)
    expect((await visitor.refresh()).status).toBe(200)
  })

  test('whose answer got lost can be made again, with the session still there', async () => {
    const visitor = await signedIn()
    visitor.takesOffers = false
    await visitor.register(await look(visitor))
    // The process ended before the answer was out: the browser knows nothing.
    visitor.sessions.clear()
    visitor.appCookies.delete('__Host-signet-device')
    world.replaceInstance()
    const soon = await look(visitor)
    expect([soon.status, soon.headers.has(OFFER)]).toEqual([200, false])
    world.advance(10_000)
    const offer = await look(visitor)
    expect((await visitor.register(offer)).status).toBe(200)
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({ deviceBound: true })
  })

  test('is another session’s for nobody: the challenge of one is not that of another', async () => {
    const [ada, bo] = [await signedIn(), await signedIn(BO)]
    ada.takesOffers = false
    bo.takesOffers = false
    const foreign = await bo.register(await look(ada))

    expect([foreign.status, loggedOutcome(world, foreign)]).toEqual([400, 'device/registration_refused'])
    expect(foreign.setCookies).toEqual([])
    expect((await look(bo)).headers.has(OFFER)).toBe(true)
  })

  test.each([
    ['without a session', {}, 'session/required'],
    [
      'by another site',
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      'http/cross_site',
    ],
    ['by a sibling', { 'sec-fetch-site': 'same-site', origin: 'https://sibling.example' }, 'http/cross_site'],
  ] as const)('%s is refused, and nothing is written', async (_what, headers, code) => {
    const visitor = newVisitor(world.origin)
    const before = world.desk.tables.requests.length
    const reply = await visitor.ask(url('/auth/device'), {
      method: 'POST',
      from: world.origin,
      headers: { accept: '*/*', 'sec-fetch-dest': 'empty', ...headers },
    })

    expectTwin(world, reply, code)
    expect(reply.setCookies).toEqual([])
    expect(world.desk.tables.requests.slice(before)).toEqual([])
  })
})

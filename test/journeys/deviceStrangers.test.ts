/** What strangers can do to a bound session without its cookie: nothing, not even end it. */
import { describe, expect, test } from 'vitest'
import { newBindingVisitor, newDeviceKeys, signProof } from '../support/bindingVisitor.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin } from '../support/screens.ts'
import { ADA, BO } from '../support/visitor.ts'

const OFFER = 'secure-session-registration'
const world = await openJourney({ isFrozen: true })
const { url, look, signedIn, bound } = deviceWorld(world)

describe('a page of somebody else', () => {
  test.each([
    ['of another site, as a link', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling host, as an image', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    ['that is none: an address that was typed', { 'sec-fetch-site': 'none' }],
  ])('(%s) has the browser offered nothing', async (_what, headers) => {
    const visitor = await signedIn()
    const reply = await visitor.bare(url('/auth/icon'), { headers })
    expect([reply.status, reply.headers.has(OFFER)]).toEqual([200, false])
  })

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another site, without an origin', { 'sec-fetch-site': 'cross-site', origin: 'null' }],
    ['a sibling', { 'sec-fetch-site': 'same-site', origin: 'https://sibling.example' }],
    ['a browser without Fetch Metadata', { 'sec-fetch-site': undefined, origin: 'https://evil.example' }],
  ])(
    'of %s asks for no refresh, with whatever cookies: it reaches no row and counts for nothing',
    async (_w, headers) => {
      const visitor = await bound()
      const session = visitor.known()
      const forged = await signProof({ ...session, keys: await newDeviceKeys() })
      const before = world.desk.tables.requests.length
      for (let i = 0; i < 4; i += 1)
        expectTwin(world, await visitor.askRefresh(session, forged, { headers }), 'http/cross_site')
      expect(world.desk.tables.requests).toHaveLength(before)
      expect((await visitor.refresh()).status).toBe(200)
    },
  )
})

describe('somebody without the session cookie', () => {
  test('ends nobody’s session by wrong signatures, though they know its identifier', async () => {
    const visitor = await bound(ADA)
    const session = visitor.known()
    const [nobody, bo] = [newBindingVisitor(world.origin), await bound(BO)]
    const guesser = newBindingVisitor(world.origin)
    guesser.appCookies.set('__Host-signet', { value: 'A'.repeat(43), sameSite: 'Lax' })
    const forged = await signProof({ ...session, keys: await newDeviceKeys() })
    for (let i = 0; i < 4; i += 1) {
      expect((await nobody.askRefresh(session, forged)).status).toBe(401)
      expect((await guesser.askRefresh(session, forged)).status).toBe(401)
      expect((await bo.askRefresh(session, forged)).status).toBe(404)
    }
    expect((await visitor.refresh()).status).toBe(200)
    expect((await look(bo)).status).toBe(200)
    expect((await bo.refresh()).status).toBe(200)
  })
})

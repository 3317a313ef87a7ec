/** A session that is bound to its device: what it asks of a request, and for how long a copy of its cookies opens it. */
import { afterEach, describe, expect, test } from 'vitest'
import { COOKIE_MS, OVERLAP_MS } from '../../lib/device/boundCookie.ts'
import { SETTLING_MS } from '../../lib/device/boundSession.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin } from '../support/screens.ts'
import { BO, newVisitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })
const { url, look, signedIn, bound, thiefOf, events } = deviceWorld(world)

describe('a bound session', () => {
  test('opens to nobody without the bound cookie, ends for nobody, and goes on for the one who has it', async () => {
    const visitor = await bound()
    const thief = thiefOf(visitor, ['__Host-signet'])

    const twin = expectTwin(world, await look(thief), 'session/device_proof_required')
    expect(twin).toMatchObject({ loginUrl: '/auth/login' })
    expectScreen(world, await thief.ask(url('/')), 'session/device_proof_required')
    const listed = await thief.ask(url('/auth/sessions'), { from: world.origin, headers: BY_SCRIPT })
    expectTwin(world, listed, 'session/device_proof_required')
    const renewal = { ...BY_SCRIPT, 'x-csrf': '1' }
    const renewed = await thief.ask(url('/auth/session'), {
      method: 'POST',
      from: world.origin,
      headers: renewal,
    })
    expectTwin(world, renewed, 'session/device_proof_required')
    expect((await look(visitor)).status).toBe(200)
  })

  test('lets a copy of both cookies live ten minutes and not a millisecond longer, while the first browser goes on', async () => {
    const visitor = await bound()
    const thief = thiefOf(visitor)
    world.advance(COOKIE_MS - 1)
    expect((await look(thief)).status).toBe(200)
    world.advance(1)
    expectTwin(world, await look(thief), 'session/device_proof_required')
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({ authenticated: true })
    expectTwin(world, await look(thief), 'session/device_proof_required')
  })

  test('is renewed before a request where its cookie ran out, which waits for it, in one round trip', async () => {
    const visitor = await bound()
    const before = visitor.exchanges.length
    world.advance(COOKIE_MS)
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({ deviceBound: true })
    expect(visitor.exchanges.slice(before)).toEqual(['/auth/device/refresh 200'])
  })

  test('takes the value before beside the next one for a minute, so that what was under way arrives', async () => {
    const visitor = await bound()
    const early = thiefOf(visitor)
    await visitor.refresh()
    world.advance(OVERLAP_MS - 1)
    expect((await look(early)).status).toBe(200)
    world.advance(1)
    expectTwin(world, await look(early), 'session/device_proof_required')
    expect((await look(visitor)).status).toBe(200)
  })

  test('asks from the first show of its cookie on, and a minute after the registration at the latest', async () => {
    const visitor = await signedIn()
    await look(visitor)
    const underWay = thiefOf(visitor, ['__Host-signet'])
    world.advance(SETTLING_MS - 1)
    expect((await look(underWay)).status).toBe(200)
    world.advance(1)
    expectTwin(world, await look(underWay), 'session/device_proof_required')
    expect((await look(visitor)).status).toBe(200)
  })

  test('goes on at an instance that never saw it', async () => {
    const visitor = await bound()
    world.replaceInstance()
    expect((await look(visitor)).status).toBe(200)
    world.replaceInstance()
    world.advance(COOKIE_MS)
    expect((await look(visitor)).status).toBe(200)
    world.replaceInstance()
    world.advance(COOKIE_MS)
    expect((await look(visitor)).status).toBe(200)
  })

  test('lists itself as bound among the person’s sessions, beside one that is not', async () => {
    await newVisitor(world.origin).signIn('/auth/login', BO)
    world.advance(1_000)
    const visitor = await bound(BO)
    const reply = await visitor.ask(url('/auth/sessions'), { from: world.origin, headers: BY_SCRIPT })

    const { sessions } = JSON.parse(reply.text)
    const [before, own] = sessions.slice(-2)
    expect([before.deviceBound, own.deviceBound]).toEqual([false, true])
  })

  test('idles all the same: a refresh is no use of it', async () => {
    const visitor = await bound()
    for (let i = 0; i < 6; i += 1) {
      world.advance(9 * MINUTE_MS)
      expect((await visitor.refresh()).status).toBe(200)
    }
    world.advance(6 * MINUTE_MS)
    expect((await visitor.refresh()).status).toBe(401)
    expect(visitor.sessions.size).toBe(0)
  })

  test('waits for nothing on the way to sign-in, to the callback and out', async () => {
    const visitor = await bound()
    visitor.appCookies.delete('__Host-signet-device')
    const before = visitor.exchanges.length
    for (const path of ['/auth/login', '/auth/signed-out', '/auth/frontchannel-logout', '/health/live'])
      expect((await visitor.ask(url(path))).status).toBeLessThan(400)
    expect(visitor.exchanges.slice(before)).toEqual([])
  })

  test('tries again by itself after a link from another site, once, and arrives', async () => {
    const visitor = await bound()
    world.advance(COOKIE_MS)
    const linked = await visitor.ask(url('/?from=mail'), { from: 'http://mail.example' })
    expectScreen(world, linked, 'session/device_proof_required')
    expect(linked.text).toContain('<meta http-equiv="refresh" content="0">')
    expect(linked.text).toContain('<a class="button" href="/?from=mail">Try again</a>')
    expect(linked.text).toContain('<a href="/auth/login?returnTo=%2F%3Ffrom%3Dmail">Sign in</a>')
    const before = visitor.exchanges.length
    const again = await visitor.ask(url('/?from=mail'), { from: world.origin })
    expect([again.status, visitor.exchanges.length - before]).toEqual([200, 1])
  })

  test('does not go round in circles: the second try, and what is no page, stay as they are', async () => {
    const thief = thiefOf(await bound(), ['__Host-signet'])
    const second = await thief.ask(url('/'), { from: world.origin })
    expectScreen(world, second, 'session/device_proof_required')
    expect(second.text).not.toContain('http-equiv="refresh"')
    const byHand = await thief.ask(url('/'), { from: world.origin, headers: { 'sec-fetch-user': '?1' } })
    expect(byHand.text).toContain('http-equiv="refresh"')
  })

  test('of a browser over its quota is answered alike, counted apart, and not ended', async () => {
    const visitor = await bound()
    const keyless = thiefOf(visitor, ['__Host-signet'])
    const says = { 'secure-session-skipped': `quota_exceeded;session_identifier="${visitor.known().id}"` }
    const before = events('device.skipped').length
    const reply = await keyless.ask(url('/'), { headers: says })
    expectScreen(world, reply, 'session/device_proof_required')
    expect(reply.text).toContain('<meta http-equiv="refresh" content="2">')
    expect(events('device.skipped').slice(before)).toMatchObject([{ facts: { why: 'quota_exceeded' } }])
    expect(world.logs.at(-1)?.facts).toMatchObject({ skipped: 'quota_exceeded' })
    await keyless.ask(url('/'), { headers: { 'secure-session-skipped': 'made up by anybody' } })
    expect(events('device.skipped')).toHaveLength(before + 1)
    expect((await look(visitor)).status).toBe(200)
  })
})

describe('SESSION_DEVICE_BINDING', () => {
  afterEach(() => world.replaceInstance())

  test('require: who has not registered a minute after sign-in is told which browsers can, and the session ends', async () => {
    world.replaceInstance({ SESSION_DEVICE_BINDING: 'require' })
    const visitor = newVisitor(world.origin)
    await visitor.signIn()
    const sessions = await world.rows.sessionIds()
    world.advance(MINUTE_MS - 1)
    expect((await look(visitor)).status).toBe(200)
    world.advance(1)
    const screen = await visitor.ask(url('/'))
    expectScreen(world, screen, 'session/device_required')
    expect(screen.text).toContain('Chrome')
    expect(events('session.ended').at(-1)?.facts).toMatchObject({ by: 'no-key' })
    expect(await world.rows.sessionIds()).toHaveLength(sessions.length - 1)
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({ authenticated: false })
  })

  test('require: who has registered goes on', async () => {
    world.replaceInstance({ SESSION_DEVICE_BINDING: 'require' })
    const visitor = await bound()
    world.advance(5 * MINUTE_MS)
    expect((await look(visitor)).status).toBe(200)
  })

  test('off: nothing is offered or asked, and who is bound goes on renewing, so that the way back is open', async () => {
    const visitor = await bound()
    const copy = thiefOf(visitor, ['__Host-signet'])
    world.replaceInstance({ SESSION_DEVICE_BINDING: 'off' })
    expect(JSON.parse((await look(copy)).text)).toMatchObject({ authenticated: true, deviceBound: false })
    expect((await visitor.refresh()).status).toBe(200)
    const other = await signedIn()
    const offered = [
      await look(other),
      await other.ask(url('/auth/icon'), { from: world.origin }),
      await other.ask(url('/')),
    ]
    for (const { headers, text } of offered) {
      expect(headers.has('secure-session-registration')).toBe(false)
      expect(text).not.toContain('/auth/icon')
    }
    const registered = await other.ask(url('/auth/device'), { method: 'POST', from: world.origin })
    expectScreen(world, registered, 'http/not_found')
    world.replaceInstance()
    expectTwin(world, await look(copy), 'session/device_proof_required')
    expect((await look(visitor)).status).toBe(200)
  })
})

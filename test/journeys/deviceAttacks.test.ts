/** What a thief of cookies tries at a bound session, and gets: nothing, and the one who holds the key goes on. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { OVERLAP_MS } from '../../lib/device/boundCookie.ts'
import {
  type BindingVisitor,
  challengeIn,
  newBindingVisitor,
  newDeviceKeys,
  signProof,
} from '../support/bindingVisitor.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import { BY_SCRIPT, expectScreen, expectTwin, loggedOutcome } from '../support/screens.ts'
import { ADA, BO, newVisitor, type Reply } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const PROOF = 'secure-session-response'
const DEVICE_COOKIE = '__Host-signet-device'
const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })
const { url, look, signedIn, bound, thiefOf, events } = deviceWorld(world)

const registerBy = async (visitor: BindingVisitor, challenge: string): Promise<Reply> => {
  const keys = await newDeviceKeys()
  const proof = await signProof({ keys, challenge, header: { jwk: keys.jwk } })
  const headers = { accept: '*/*', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty', [PROOF]: proof }
  return visitor.bare(url('/auth/device'), { method: 'POST', from: world.origin, headers })
}

describe('a thief with the session cookie', () => {
  test('ends the session by the third wrong signature, as they could by signing out, and opens nothing', async () => {
    const visitor = await bound()
    const forged = await signProof({ ...visitor.known(), keys: await newDeviceKeys() })
    for (let i = 0; i < 3; i += 1) {
      const reply = await visitor.askRefresh(visitor.known(), forged)
      expect([reply.status, reply.setCookies]).toEqual([400, []])
    }
    expect(events('session.ended').at(-1)?.facts).toMatchObject({ by: 'wrong-key' })
    expect((await visitor.refresh()).status).toBe(401)
  })

  test('binds no session whose time to be bound is over, where one has to be', async () => {
    world.replaceInstance({ SESSION_DEVICE_BINDING: 'require' })
    const owner = newVisitor(world.origin)
    await owner.signIn()
    const thief = newBindingVisitor(world.origin)
    thief.takesOffers = false
    for (const [name, cookie] of owner.appCookies) thief.appCookies.set(name, cookie)
    const offer = await look(thief)
    world.advance(MINUTE_MS)
    const reply = await registerBy(thief, challengeIn(offer))

    expectTwin(world, reply, 'session/device_required')
    expect(reply.setCookies).toEqual([])
    expect(events('session.ended').at(-1)?.facts).toMatchObject({ by: 'no-key' })
    expect(JSON.parse((await look(thief)).text)).toMatchObject({ authenticated: false })
    world.replaceInstance()
  })

  test.each([
    ['in small letters', (value: string) => `__host-signet-device=${value}`],
    ['in other letters', (value: string) => `__Host-Signet-Device=${value}`],
    ['behind a no-break space', (value: string) => `\u00a0${DEVICE_COOKIE}=${value}`],
    ['in quotes', (value: string) => `${DEVICE_COOKIE}="${value}"`],
    [
      'beside another value',
      (value: string) => `${DEVICE_COOKIE}=${value}; ${DEVICE_COOKIE}=${value.slice(1)}A`,
    ],
    ['with the name of a transaction', (value: string) => `__Host-signet-tx-AAAAAAAAAAAA=${value}`],
    ['empty', () => `${DEVICE_COOKIE}=`],
    ['as the session cookie', (value: string) => `__Host-signet=${value}`],
  ])('gets nothing for a bound cookie %s', async (_what, spelt) => {
    const visitor = await bound()
    const [session, device] = ['__Host-signet', DEVICE_COOKIE].map(
      (name) => visitor.appCookies.get(name)?.value,
    )
    const cookie = `__Host-signet=${session}; ${spelt(device ?? '')}`
    const reply = await newVisitor(world.origin).ask(url('/auth/session'), {
      from: world.origin,
      headers: { ...BY_SCRIPT, cookie: Buffer.from(cookie, 'utf8').toString('latin1') },
    })
    const { code, authenticated } = JSON.parse(reply.text)
    expect(code ?? authenticated).toBe(
      spelt('').startsWith('__Host-signet=') ? false : 'session/device_proof_required',
    )
    expect((await look(visitor)).status).toBe(200)
  })

  test('gets nothing by an answer that they saw: neither the registration’s nor a refresh’s is good twice', async () => {
    const visitor = await signedIn()
    visitor.takesOffers = false
    const keys = await newDeviceKeys()
    const challenge = challengeIn(await look(visitor))
    const registration = await signProof({ keys, challenge, header: { jwk: keys.jwk } })
    const send = (path: string, proof: string, id = ''): Promise<Reply> =>
      thiefOf(visitor, ['__Host-signet']).ask(url(path), {
        method: 'POST',
        from: world.origin,
        headers: { accept: '*/*', 'sec-secure-session-id': id, [PROOF]: proof },
      })
    const first = await visitor.bare(url('/auth/device'), {
      method: 'POST',
      from: world.origin,
      headers: { accept: '*/*', [PROOF]: registration },
    })
    expect(first.status).toBe(200)
    const { session_identifier: id } = JSON.parse(first.text)
    const replayed = await send('/auth/device', registration)
    const misused = await send('/auth/device/refresh', registration, id)

    expect([replayed.status, loggedOutcome(world, replayed)]).toEqual([400, 'device/registration_refused'])
    expect([misused.status, loggedOutcome(world, misused)]).toEqual([403, 'device/challenge_stale'])
    expect([replayed.setCookies, misused.setCookies]).toEqual([[], []])
    expect((await look(visitor)).status).toBe(200)
  })

  test('registers no key over the challenge of a refresh, of this session or of another', async () => {
    const [ada, bo] = [await bound(ADA), await signedIn(BO)]
    bo.takesOffers = false
    await bo.register(await look(bo))
    const own = bo.known().challenge ?? ''
    bo.sessions.clear()
    bo.appCookies.delete(DEVICE_COOKIE)
    world.advance(10_000)
    for (const challenge of [own, ada.known().challenge ?? ''])
      expectTwin(world, await registerBy(bo, challenge), 'device/registration_refused')
    expect((await registerBy(bo, challengeIn(await look(bo)))).status).toBe(200)
  })

  test('is not taken for the owner of the key by a MAC that is made with its public half', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const [, payload = ''] = (await signProof(session)).split('.')
    const head = Buffer.from('{"alg":"HS256","typ":"dbsc+jwt"}').toString('base64url')
    const secret = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(JSON.stringify(session.keys.jwk)),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    const mac = await crypto.subtle.sign('HMAC', secret, new TextEncoder().encode(`${head}.${payload}`))
    const proof = `${head}.${payload}.${Buffer.from(mac).toString('base64url')}`
    const reply = await visitor.askRefresh(session, proof)
    expectTwin(world, reply, 'device/proof_refused')
    expect(events('device.refused').at(-1)?.facts).toMatchObject({ flaw: 'algorithm' })
  })

  test('gets no page that reloads for ever in a browser that does not say where its requests come from', async () => {
    const thief = thiefOf(await bound(), ['__Host-signet'])
    const plain = { 'sec-fetch-site': undefined, 'sec-fetch-mode': undefined, 'sec-fetch-dest': undefined }
    const screen = await thief.ask(url('/'), { headers: plain })
    expectScreen(world, screen, 'session/device_proof_required')
    expect(screen.text).not.toContain('http-equiv="refresh"')
  })
})

describe('a bound cookie that opens nothing any more', () => {
  const GONE = `${DEVICE_COOKIE}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax`

  test('is taken away with the answer, so that the browser asks for the next one and is not shut out until it runs out', async () => {
    const visitor = await bound()
    const early = visitor.appCookies.get(DEVICE_COOKIE) ?? { value: '', sameSite: 'Lax' }
    await visitor.refresh()
    // The answers came in the other order: the browser holds the earlier value.
    visitor.appCookies.set(DEVICE_COOKIE, early)
    world.advance(OVERLAP_MS)
    const reply = await look(visitor)
    expect(JSON.parse(reply.text).code).toBe('session/device_proof_required')
    expect(reply.setCookies).toEqual([GONE])
    expect((await look(visitor)).status).toBe(200)
  })

  test('is left alone where none came', async () => {
    const keyless = thiefOf(await bound(), ['__Host-signet'])
    expect((await look(keyless)).setCookies).toEqual([])
  })

  test('of an earlier sign-in in this browser opens nothing of the new session, and is in nobody’s way', async () => {
    const visitor = await bound(ADA)
    const old = visitor.appCookies.get(DEVICE_COOKIE) ?? { value: '', sameSite: 'Lax' }
    await visitor.signIn('/auth/login?prompt=select_account', BO)
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({ user: { objectId: BO.person } })
    await look(visitor)
    expect(visitor.appCookies.get(DEVICE_COOKIE)?.value).not.toBe(old.value)
    const mixed = thiefOf(visitor, ['__Host-signet'])
    mixed.appCookies.set(DEVICE_COOKIE, old)
    expect(JSON.parse((await look(mixed)).text).code).toBe('session/device_proof_required')
  })
})

test('no answer about a binding may be kept, and none says again what the request said of itself', async () => {
  const visitor = await bound()
  const session = visitor.known()
  const said = `x"><script>alert(1)</script>`
  const headers = { 'secure-session-skipped': `quota_exceeded;session_identifier="${said}"` }
  const replies = [
    await visitor.refresh(),
    await visitor.askRefresh(session),
    await visitor.askRefresh({ ...session, id: said }),
    await visitor.askRefresh(session, said),
    await registerBy(visitor, said),
    await visitor.bare(url('/auth/icon'), { from: world.origin }),
    await visitor.bare(url('/auth/session'), { from: world.origin }),
    await thiefOf(visitor, ['__Host-signet']).ask(url(`/?${encodeURIComponent(said)}`), { headers }),
  ]
  expect(replies.map(({ status }) => status)).toEqual([200, 403, 404, 400, 400, 200, 200, 401])
  for (const reply of replies) {
    expect(reply.headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify([...reply.headers, reply.text])).not.toContain('<script>alert')
  }
  expect(JSON.stringify(world.logs.slice(-20))).not.toContain('<script>')
})

describe('what happens at the same time', () => {
  test('a renewal of the cookie and one of the session: both are answered, and the next ones too', async () => {
    const visitor = await bound()
    const presence = { method: 'POST', from: world.origin, headers: BY_SCRIPT }
    const replies = await Promise.all([
      visitor.refresh(),
      visitor.bare(url('/auth/session'), { ...presence, headers: { ...BY_SCRIPT, 'x-csrf': '1' } }),
    ])
    expect(replies.map(({ status }) => status)).toEqual([200, 200])
    expect((await look(visitor)).status).toBe(200)
    expect((await visitor.refresh()).status).toBe(200)
  })

  test('the end of every session of everybody leaves no binding to renew, and none to begin', async () => {
    const [visitor, unbound] = [await bound(ADA), await signedIn(BO)]
    unbound.takesOffers = false
    const [session, offer] = [visitor.known(), await look(unbound)]
    const proof = await signProof(session)
    world.advance(1)
    const endedBefore = new Date(world.now())
    await world.rows.table.upsertEntity({ partitionKey: 'epoch', rowKey: 'all', endedBefore })
    world.replaceInstance()

    const replies = [await visitor.askRefresh(session, proof), await unbound.register(offer)]
    for (const reply of replies) {
      expect([reply.status, reply.setCookies]).toEqual([401, []])
      expect(loggedOutcome(world, reply)).toBe('session/required')
    }
    expect(await world.rows.sessionIds()).not.toContain(session.id)
  })
})

test('the query for bound sessions reads the lines that were written here, and their fields', () => {
  const query = readFileSync('infra/queries/bound-sessions.kql', 'utf8')
  const named = [...query.matchAll(/Event == "([\w.]+)"/g)].map(([, event = '']) => event)
  const fields = [...query.matchAll(/\bLine\.(\w+)/g)].map(([, field]) => field)
  const written = world.logs.flatMap(({ facts }) => Object.keys(facts))
  const ends = new Set(events('session.ended').map(({ facts }) => facts.by))
  const outcomes = new Set(world.logs.map(({ facts }) => facts.outcome))

  expect(named.filter((name) => events(name).length === 0)).toEqual([])
  expect(new Set(named).size).toBe(7)
  expect(['event', ...written]).toEqual(expect.arrayContaining(fields))
  expect([...query.matchAll(/Line\.outcome == "([^"]+)"/g)].map(([, code]) => outcomes.has(code))).toEqual([
    true,
  ])
  expect([...ends]).toEqual(
    expect.arrayContaining(/Line\.by in \("(.+)"\)/.exec(query)?.[1]?.split('", "') ?? ['?']),
  )
})

/** The bound cookie renewed: good proofs, late ones, and those that are not of the key, by a stand-in browser that follows the draft. */
import { describe, expect, test } from 'vitest'
import {
  type BindingVisitor,
  challengeIn,
  type DeviceKeys,
  newDeviceKeys,
  signProof,
} from '../support/bindingVisitor.ts'
import { deviceWorld } from '../support/deviceWorld.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectTwin, loggedOutcome } from '../support/screens.ts'
import { ADA, BO, location, type Reply } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const FLAWED = 'device/proof_refused'
const world = await openJourney({ isFrozen: true, desk: { identityTokenLifetimeSec: 10 * 86_400 } })
const { url, look, bound, thiefOf, events, callsOf } = deviceWorld(world)

/** A proof as this browser would sign the challenge that it has. */
const proofOf = ({ known }: BindingVisitor): Promise<string> => signProof(known())

/** The same with something else about it. */
const crooked = (visitor: BindingVisitor, what: Partial<Parameters<typeof signProof>[0]>): Promise<string> =>
  signProof({ ...visitor.known(), ...what })

function expectRefused(reply: Reply, flaw: string): void {
  expectTwin(world, reply, FLAWED)
  expect(reply.setCookies).toEqual([])
  expect(reply.headers.has('secure-session-challenge')).toBe(false)
  expect(events('device.refused').at(-1)).toMatchObject({ level: 'warn', facts: { flaw } })
}

describe('a refresh', () => {
  test('with a good proof gets the next cookie and the next challenge at once, for one read and one write', async () => {
    const visitor = await bound()
    const [first, second] = [visitor.known().challenge, visitor.appCookies.get('__Host-signet-device')?.value]
    const reply: Reply[] = []
    const calls = await callsOf(async () => void reply.push(await visitor.refresh()))

    expect(calls).toEqual(['read', 'merge'])
    expect(reply[0]?.status).toBe(200)
    expect(visitor.known().challenge).not.toBe(first)
    expect(visitor.appCookies.get('__Host-signet-device')?.value).not.toBe(second)
    expect(events('device.refreshed').at(-1)?.facts.person).toMatch(/^user-/)
  })

  test('without a proof is told what to sign, and nothing is written', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const replies: Reply[] = []
    const calls = await callsOf(async () => void replies.push(await visitor.askRefresh(session)))
    const [reply] = replies as [Reply]

    expect([reply.status, loggedOutcome(world, reply), calls]).toEqual([
      403,
      'device/challenge_unasked',
      ['read'],
    ])
    expect(reply.setCookies).toEqual([])
    const proof = await crooked(visitor, { challenge: challengeIn(reply) })
    expect((await visitor.askRefresh(session, proof)).status).toBe(200)
  })

  test.each([
    ['answered a second time', 0],
    ['that ran out', 15 * MINUTE_MS],
  ])('over a challenge %s is a race: told the next one, never an attack', async (_what, lateMs) => {
    const visitor = await bound()
    const session = visitor.known()
    const proof = await proofOf(visitor)
    if (lateMs === 0) await visitor.askRefresh(session, proof)
    world.advance(lateMs)
    const refused = events('device.refused').length
    const replies = [1, 2, 3, 4].map(() => visitor.askRefresh(session, proof))

    for (const reply of await Promise.all(replies)) {
      expect([reply.status, loggedOutcome(world, reply)]).toEqual([403, 'device/challenge_stale'])
      expect(reply.setCookies).toEqual([])
    }
    expect(events('device.refused')).toHaveLength(refused)
    expect((await visitor.refresh()).status).toBe(200)
    expect((await look(visitor)).status).toBe(200)
  })

  test('signed by the key over what was never a challenge is told a good one', async () => {
    const visitor = await bound()
    const reply = await visitor.askRefresh(
      visitor.known(),
      await crooked(visitor, { challenge: 'made up by somebody' }),
    )
    expect([reply.status, loggedOutcome(world, reply)]).toEqual([403, 'device/challenge_stale'])
  })

  test('of two with the same proof, at two instances at once, gives one cookie; the other is told the next challenge', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const proof = await proofOf(visitor)
    const first = visitor.askRefresh(session, proof)
    world.replaceInstance()
    const replies = await Promise.all([first, visitor.askRefresh(session, proof)])

    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 403])
    expect((await visitor.refresh()).status).toBe(200)
    expect((await look(visitor)).status).toBe(200)
  })

  test('whose answer got lost is made again: the browser signs the challenge that it is told', async () => {
    const visitor = await bound()
    const session = visitor.known()
    await visitor.bare(url('/auth/device/refresh'), {
      method: 'POST',
      from: world.origin,
      headers: {
        'sec-secure-session-id': session.id,
        'secure-session-response': await proofOf(visitor),
      },
    })
    visitor.appCookies.delete('__Host-signet-device')
    world.replaceInstance()
    const before = visitor.exchanges.length
    expect((await look(visitor)).status).toBe(200)
    expect(visitor.exchanges.slice(before)).toEqual(['/auth/device/refresh 403', '/auth/device/refresh 200'])
  })

  test('that meets a use being written down is decided anew', async () => {
    const visitor = await bound()
    world.advance(7 * MINUTE_MS)
    const [reply, page] = await Promise.all([visitor.refresh(), visitor.bare(url('/'))])
    expect([reply.status, page.status]).toEqual([200, 200])
  })

  test.each(['unavailable', 'drop', 'lose'] as const)(
    'finds the table %s: the browser keeps its session, and goes on when it is back',
    async (kind) => {
      const visitor = await bound()
      visitor.appCookies.delete('__Host-signet-device')
      world.desk.tables.faults.always({ kind }, 'merge')
      const without = await look(visitor)
      expectTwin(world, without, 'session/device_proof_required')
      expect(events('device.skipped').at(-1)?.facts).toMatchObject({ why: 'server_error' })
      world.desk.tables.faults.clear()
      expect((await look(visitor)).status).toBe(200)
    },
  )
})

describe('a proof that is not of the key', () => {
  const foreign: { keys?: DeviceKeys } = {}
  const strangers = async (): Promise<DeviceKeys> => (foreign.keys ??= await newDeviceKeys())

  test.each<[what: string, flaw: string, proof: (visitor: BindingVisitor) => Promise<string>]>([
    ['another key', 'signature', async (visitor) => crooked(visitor, { keys: await strangers() })],
    [
      'another key that it brings along',
      'signature',
      async (visitor) =>
        crooked(visitor, { keys: await strangers(), header: { jwk: (await strangers()).jwk } }),
    ],
    [
      'a key of the other kind',
      'algorithm',
      async (visitor) => crooked(visitor, { keys: await newDeviceKeys('RS256') }),
    ],
    ['another type', 'type', (visitor) => crooked(visitor, { header: { typ: 'jwt' } })],
    ['no type', 'type', (visitor) => crooked(visitor, { header: { typ: undefined } })],
    ['no challenge', 'payload', (visitor) => crooked(visitor, { payload: { aud: 'x' } })],
    ['a challenge that is no text', 'payload', (visitor) => crooked(visitor, { payload: { jti: 1 } })],
    ['a payload that is no object', 'payload', (visitor) => crooked(visitor, { payload: [null] })],
    [
      'a signature with a character changed',
      'signature',
      async (visitor) => (await proofOf(visitor)).replace(/.{3}$/, (end) => (end === 'AAA' ? 'BBB' : 'AAA')),
    ],
    [
      'alg none and no signature',
      'algorithm',
      async (visitor) =>
        `${Buffer.from('{"alg":"none","typ":"dbsc+jwt"}').toString('base64url')}.${(await proofOf(visitor)).split('.')[1]}.`,
    ],
    ['no JWT', 'form', async () => 'proof'],
    ['nothing', 'form', async () => '""'],
    ['too much', 'size', async (visitor) => `${await proofOf(visitor)}${'A'.repeat(5_000)}`],
  ])('(%s) is refused as %s and logged, and the session goes on', async (_what, flaw, make) => {
    const visitor = await bound()
    expectRefused(await visitor.askRefresh(visitor.known(), await make(visitor)), flaw)
    expect((await look(visitor)).status).toBe(200)
    expect((await visitor.refresh()).status).toBe(200)
  })

  test('of another session, over this one’s challenge or its own, is refused', async () => {
    const [ada, bo] = [await bound(), await bound(BO)]
    const { id, refreshUrl } = ada.known()
    const posed = { ...ada.known(), id, refreshUrl }
    expectRefused(await ada.askRefresh(posed, await proofOf(bo)), 'signature')
    expect((await look(ada)).status).toBe(200)
    expect((await bo.refresh()).status).toBe(200)
  })

  test('three times within a minute is somebody with the cookie in hand: the session ends for everybody', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const proof = await crooked(visitor, { keys: await strangers() })
    for (let i = 0; i < 3; i += 1) {
      world.replaceInstance()
      expectRefused(await visitor.askRefresh(session, proof), 'signature')
    }
    expect(events('session.ended').at(-1)?.facts).toMatchObject({ by: 'wrong-key' })
    expect(JSON.parse((await visitor.bare(url('/auth/session'))).text)).toMatchObject({
      authenticated: false,
    })
  })

  test('three times in more than a minute ends nothing', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const proof = await crooked(visitor, { keys: await strangers() })
    for (let i = 0; i < 4; i += 1) {
      expectRefused(await visitor.askRefresh(session, proof), 'signature')
      world.advance(30_000)
    }
    expect((await look(visitor)).status).toBe(200)
  })

  test('three at the same time end it too, whoever of them writes first', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const proof = await crooked(visitor, { keys: await strangers() })
    const replies = await Promise.all([1, 2, 3].map(() => visitor.askRefresh(session, proof)))

    for (const { status } of replies) expect(status).toBe(400)
    expect(events('session.ended').at(-1)?.facts).toMatchObject({ by: 'wrong-key' })
  })
})

describe('the end of a bound session', () => {
  test('is the end of its binding: sign-out, and the browser forgets the key at its next request', async () => {
    const visitor = await bound()
    const thief = thiefOf(visitor)
    const reply = await visitor.ask(url('/auth/logout'), { method: 'POST', from: world.origin })
    expect(location(reply)).toContain('/logout')
    expect([...visitor.appCookies.keys()].filter((name) => !name.includes('-tx-'))).toEqual([])
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({ authenticated: false })
    expect(visitor.sessions.size).toBe(0)
    expect(visitor.exchanges.at(-1)).toBe('/auth/device/refresh 401')
    expect(JSON.parse((await look(thief)).text)).toMatchObject({ authenticated: false })
  })

  test('wins over a refresh that had begun', async () => {
    const visitor = await bound()
    const session = visitor.known()
    const proof = await proofOf(visitor)
    const [refresh] = await Promise.all([
      visitor.askRefresh(session, proof),
      visitor.bare(url('/auth/logout'), { method: 'POST', from: world.origin }),
    ])
    expect([200, 401]).toContain(refresh.status)
    expect(await world.rows.sessionIds()).not.toContain(session.id)
    expect((await visitor.askRefresh(session, proof)).status).toBe(401)
  })

  test('may be asked for by a browser that lost its key: sign-out wants no proof', async () => {
    const visitor = await bound()
    const { id } = visitor.known()
    const keyless = thiefOf(visitor, ['__Host-signet'])
    const reply = await keyless.ask(url('/auth/logout'), { method: 'POST', from: world.origin })
    expect(reply.status).toBe(303)
    expect(await world.rows.sessionIds()).not.toContain(id)
  })

  test('comes by a sign-in as somebody else: the old key is forgotten, and the new session is bound by its own', async () => {
    const visitor = await bound(ADA)
    const before = visitor.known()
    await visitor.signIn('/auth/login?prompt=select_account', BO)
    expect(await world.rows.sessionIds()).not.toContain(before.id)
    visitor.appCookies.delete('__Host-signet-device')
    await look(visitor)
    expect(JSON.parse((await look(visitor)).text)).toMatchObject({
      user: { objectId: BO.person },
      deviceBound: true,
    })
    expect(visitor.known().id).not.toBe(before.id)
    expect(visitor.exchanges.slice(-2)).toEqual(['/auth/device/refresh 404', '/auth/device 200'])
    expect(events('device.refused').filter(({ facts }) => facts.correlationId === undefined)).toEqual([])
  })

  test('comes from another device, which ends all others', async () => {
    const [here, there] = [await bound(BO), await bound(BO)]
    const ended = await here.ask(url('/auth/sessions?others=true'), {
      method: 'DELETE',
      from: world.origin,
      headers: { accept: 'application/json', 'x-csrf': '1', 'sec-fetch-dest': 'empty' },
    })
    expect(ended.status).toBe(200)
    expect((await there.refresh()).status).toBe(401)
    expect((await here.refresh()).status).toBe(200)
  })
})

import { describe, expect, it } from 'vitest'
import { newBinding } from '../../../../lib/device/boundSession.ts'
import { refreshChallenge, registrationChallenge } from '../../../../lib/device/challenge.ts'
import { device } from '../../../../lib/http/routes/device.ts'
import { deviceRefresh } from '../../../../lib/http/routes/deviceRefresh.ts'
import { newDeviceKeys, signProof } from '../../../support/bindingVisitor.ts'
import type { Settings } from '../../../support/configOf.ts'
import { faultOf } from '../../../support/faultOf.ts'
import { START_MS } from '../../../support/heldEffects.ts'
import { ALICE, cookieOf, openFakeApp } from '../../../support/openFakeApp.ts'
import { CORRELATION_ID, signetRequestOf } from '../../../support/signetRequestOf.ts'

const OURS = { 'sec-fetch-site': 'same-origin' }
const keys = await newDeviceKeys()
const { jwk } = keys
const COOKIE = {
  name: '__Host-signet-device',
  value: expect.stringMatching(/^[\w-]{43}$/),
  secure: true,
  httpOnly: true,
  path: '/',
  sameSite: 'Lax',
  maxAge: expect.any(Number),
}

async function open({ settings = {}, isBound = false }: { settings?: Settings; isBound?: boolean } = {}) {
  const fake = openFakeApp({ settings })
  const { app, effects } = fake
  const ticket = await fake.signIn()
  const { sessions } = app
  const read = () => sessions.read(ticket)
  const { binding, value } = newBinding(jwk as never, START_MS, effects.random)
  if (isBound) await sessions.bind(ticket, (await read())?.etag ?? '', binding)
  effects.advance(1_000)
  const sent = (proof: string | undefined, more: Record<string, string> = {}) =>
    signetRequestOf({
      method: 'POST',
      headers: {
        ...OURS,
        ...cookieOf(ticket),
        ...(proof === undefined ? {} : { 'secure-session-response': proof }),
        ...more,
      },
    })
  const granted = {
    status: 200,
    cookies: [COOKIE],
    headers: {
      'secure-session-challenge': expect.stringMatching(new RegExp(`^"[\\w-]+";id="${ticket.id}"$`)),
    },
    body: {
      kind: 'json',
      value: expect.objectContaining({
        session_identifier: ticket.id,
        refresh_url: '/auth/device/refresh',
        credentials: [
          {
            type: 'cookie',
            name: '__Host-signet-device',
            attributes: 'Path=/; Secure; HttpOnly; SameSite=Lax',
          },
        ],
      }),
    },
  }
  return { ...fake, ticket, read, binding, value, sent, granted }
}

describe('a browser that answers the offer to bind its session', () => {
  const proofOf = ({ ticket, effects }: Awaited<ReturnType<typeof open>>): Promise<string> =>
    signProof({
      keys,
      challenge: registrationChallenge(ticket, effects.now(), effects.random),
      header: { jwk },
    })

  it('gets its first cookie, the next challenge and the instructions, and the row has its key', async () => {
    const world = await open()
    const reply = await device(world.app, world.sent(await proofOf(world)))

    expect(reply).toEqual(world.granted)
    expect((await world.read())?.binding).toMatchObject({
      key: jwk,
      round: 1,
      registeredAtMs: START_MS + 1_000,
    })
    expect(world.logged()).toEqual([
      ['info', 'device.registered', { correlationId: CORRELATION_ID, person: ALICE, afterMs: 1_000 }],
    ])
  })

  it('decides anew where the row changed meanwhile', async () => {
    const world = await open()
    const { app } = world
    let tries = 0
    const bind: typeof app.sessions.bind = async (...values) => {
      tries += 1
      return tries === 1 ? undefined : app.sessions.bind(...values)
    }
    const reply = await device(
      { ...app, sessions: { ...app.sessions, bind } },
      world.sent(await proofOf(world)),
    )

    expect([tries, reply]).toEqual([2, world.granted])
  })

  it('is told to come back where the row keeps changing, after five tries', async () => {
    const world = await open()
    let tries = 0
    const bind = async () => {
      tries += 1
      return undefined
    }
    const request = world.sent(await proofOf(world))
    const { code, context } = await faultOf(() =>
      device({ ...world.app, sessions: { ...world.app.sessions, bind } }, request),
    )

    expect([code, context, tries]).toEqual([
      'session/store_unavailable',
      { detail: 'the row keeps changing', retryAfterSec: 1 },
      5,
    ])
  })

  it.each([
    ['no proof', 'form', async (): Promise<string | undefined> => undefined],
    [
      'a proof over what was not asked',
      'challenge',
      () => signProof({ keys, challenge: 'c', header: { jwk } }),
    ],
  ] as const)('is refused with %s (%s): no cookie, no key in the row', async (_what, detail, proof) => {
    const world = await open()
    const sent = world.sent(await proof())
    const { code, context } = await faultOf(() => device(world.app, sent))

    expect([code, context]).toEqual(['device/registration_refused', { detail }])
    expect((await world.read())?.binding).toBeUndefined()
    expect(world.logged()).toEqual([])
  })

  it('is refused where the session is bound already: one key, and no second', async () => {
    const world = await open({ isBound: true })
    const sent = world.sent(await proofOf(world))
    const { code, context } = await faultOf(() => device(world.app, sent))

    expect([code, context]).toEqual(['device/registration_refused', { detail: 'bound already' }])
    expect((await world.read())?.binding).toEqual(world.binding)
  })

  it.each([
    [59_000 - 1, true],
    [59_000, false],
  ])(
    'has a minute for it where a binding is required; %i ms after its first second: %s, and a late one ends the session',
    async (afterMs, isInTime) => {
      const world = await open({ settings: { SESSION_DEVICE_BINDING: 'require' } })
      const proof = await proofOf(world)
      world.effects.advance(afterMs)

      if (isInTime) {
        expect(await device(world.app, world.sent(proof))).toEqual(world.granted)
        return
      }
      expect((await faultOf(() => device(world.app, world.sent(proof)))).code).toBe('session/device_required')
      expect(world.table.size()).toBe(0)
      expect(world.logged()).toEqual([
        ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'no-key' }],
      ])
    },
  )

  it('finds nothing here where bindings are switched off, and no session where there is none', async () => {
    const off = await open({ settings: { SESSION_DEVICE_BINDING: 'off' } })
    const sent = off.sent(await proofOf(off))

    expect((await faultOf(() => device(off.app, sent))).code).toBe('http/not_found')
    const nobody = openFakeApp()
    const request = signetRequestOf({ method: 'POST', headers: OURS })
    expect((await faultOf(() => device(nobody.app, request))).code).toBe('session/required')
    expect(nobody.table.calls.size).toBe(0)
  })

  it.each([device, deviceRefresh])('is no page of another site', async (handle) => {
    const world = await open({ isBound: true })
    const before = world.table.rows()
    const sent = world.sent(await proofOf(world), { 'sec-fetch-site': 'cross-site' })

    expect((await faultOf(() => handle(world.app, sent))).code).toBe('http/cross_site')
    expect(world.table.rows()).toEqual(before)
  })
})

describe('a browser that asks for its next cookie', () => {
  const named = (id: string) => ({ 'sec-secure-session-id': `"${id}"` })
  const proofOf = ({ binding, effects }: Awaited<ReturnType<typeof open>>): Promise<string> =>
    signProof({ keys, challenge: refreshChallenge(binding, effects.now(), effects.random) })

  it('gets it for a good proof, and the row is a round further', async () => {
    const world = await open({ isBound: true })
    const sent = world.sent(await proofOf(world), named(world.ticket.id))

    expect(await deviceRefresh(world.app, sent)).toEqual(world.granted)
    expect((await world.read())?.binding).toMatchObject({ round: 2, shownAtMs: START_MS + 1_000 })
    expect(world.logged()).toEqual([
      ['info', 'device.refreshed', { correlationId: CORRELATION_ID, person: ALICE }],
    ])
  })

  it.each([
    ['unasked', async (): Promise<string | undefined> => undefined],
    ['stale', () => signProof({ keys, challenge: 'an old one' })],
  ] as const)(
    'is asked for a proof where none came, or an old one (%s), and nothing is written',
    async (why, proof) => {
      const world = await open({ isBound: true })
      const before = world.table.rows()

      expect(await deviceRefresh(world.app, world.sent(await proof(), named(world.ticket.id)))).toEqual({
        status: 403,
        headers: world.granted.headers,
        outcome: `device/challenge_${why}`,
      })
      expect(world.table.rows()).toEqual(before)
      expect(world.logged()).toEqual([])
    },
  )

  it('is refused without its key, and the third time within a minute the session ends', async () => {
    const world = await open({ isBound: true })
    const thief = await newDeviceKeys()
    const proof = await signProof({ keys: thief, challenge: 'c' })
    const ask = () => faultOf(() => deviceRefresh(world.app, world.sent(proof, named(world.ticket.id))))
    const line = [
      'warn',
      'device.refused',
      { correlationId: CORRELATION_ID, person: ALICE, flaw: 'signature' },
    ]

    for (let time = 1; time <= 2; time += 1) {
      const { code, context } = await ask()
      expect([code, context]).toEqual(['device/proof_refused', { detail: 'signature' }])
      expect((await world.read())?.binding?.refusedAtMs).toHaveLength(time)
    }
    expect(world.logged()).toEqual([line, line])
    const { code, context } = await ask()
    expect([code, context]).toEqual(['device/proof_refused', { detail: 'signature' }])
    expect(world.table.size()).toBe(0)
    expect(world.logged()).toEqual([
      line,
      line,
      line,
      ['info', 'session.ended', { correlationId: CORRELATION_ID, person: ALICE, by: 'wrong-key' }],
    ])
  })

  it.each([
    ['of an earlier sign-in', true, named('another')],
    ['that it does not name', true, {}],
    ['that is not bound', false, undefined],
  ] as const)('for a session %s is refused, and nothing is written', async (_which, isBound, header) => {
    const world = await open({ isBound })
    const before = world.table.rows()
    const sent = world.sent(await proofOf(world), header ?? named(world.ticket.id))

    expect((await faultOf(() => deviceRefresh(world.app, sent))).code).toBe('session/not_found')
    expect(world.table.rows()).toEqual(before)
  })
})

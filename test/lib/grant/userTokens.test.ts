/** The person's tokens: one request for many callers, on any number of instances, and a session that only Entra or we may end. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProviderKeys } from '../../../lib/entra/providerKeys.ts'
import { createRefreshGrant, type RefreshGrant } from '../../../lib/entra/refreshGrant.ts'
import { createTokenEndpoint } from '../../../lib/entra/tokenEndpoint.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import type { ErrorCode } from '../../../lib/errors/table.ts'
import { personHash } from '../../../lib/session/rows.ts'
import { CLIENT, configOf } from '../../support/configOf.ts'
import { ORDERS, openGrants, STOCK } from '../../support/openGrants.ts'

const HOUR_MS = 3_600_000

const failing =
  (code: ErrorCode): RefreshGrant =>
  async () => {
    throw new AppError(code)
  }

describe('a person’s token for an API', () => {
  test('is asked for once, and then held for every instance', async () => {
    const { instance, signIn, asked } = openGrants()
    const alice = await signIn()
    const token = await instance().tokenFor(alice, ORDERS)

    expect(token).toBe('alice/api://orders/read/1')
    expect(await instance().tokenFor(alice, ORDERS)).toBe(token)
    expect(asked).toHaveLength(1)
  })

  test('is one for each API, from one refresh token that each use replaces', async () => {
    const { instance, signIn, asked } = openGrants()
    const alice = await signIn()
    const tokens = instance()
    await Promise.all([tokens.tokenFor(alice, ORDERS), tokens.tokenFor(alice, STOCK)])

    expect(asked).toEqual([
      { refreshToken: 'refresh-alice', scope: 'api://orders/read' },
      { refreshToken: 'refresh-alice+', scope: 'api://stock/read api://stock/write' },
    ])
  })

  test('is asked for once however many callers come together, on one instance or two', async () => {
    const { instance, signIn, asked, effects } = openGrants({
      before: () => new Promise((resolve) => setImmediate(resolve)),
    })
    const alice = await signIn()
    const [first, second] = [instance(), instance()]
    const calls = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? first : second).tokenFor(alice, ORDERS))

    expect(new Set(await Promise.all(calls)).size).toBe(1)
    expect(asked).toHaveLength(1)
    expect(effects.pauses.every((ms) => ms === 100)).toBe(true)
  })

  test('is renewed five minutes early, by one of those who come, while the others get the old one', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const old = await world.instance().tokenFor(alice, ORDERS)
    world.effects.advance(HOUR_MS - 300_000)
    const answered = Promise.withResolvers<void>()
    const before = world.answerWith(async (input) => {
      await answered.promise
      return before(input)
    })
    const renewing = world.instance().tokenFor(alice, ORDERS)
    await expect.poll(() => world.asked).toHaveLength(2)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe(old)
    answered.resolve()
    expect(await renewing).not.toBe(old)
    expect(world.asked).toHaveLength(2)
  })

  test('that its API refused is replaced once; a young one is not', async () => {
    const { instance, signIn, asked, effects } = openGrants()
    const alice = await signIn()
    const tokens = instance()
    const refused = await tokens.heldFor(alice, ORDERS)
    expect(await tokens.renew(alice, ORDERS, refused)).toEqual(refused)
    effects.advance(60_000)
    const next = await tokens.renew(alice, ORDERS, refused)

    expect(next.token).not.toBe(refused.token)
    expect(await tokens.renew(alice, ORDERS, refused)).toEqual(next)
    expect(asked).toHaveLength(2)
  })

  test('is never another person’s, in whatever order they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.nat(9), { minLength: 20, maxLength: 60 }),
        async (scheduler, who) => {
          const world = openGrants({ before: () => scheduler.schedule(Promise.resolve()) })
          const people = scheduler.waitFor(
            Promise.all(Array.from({ length: 10 }, (_, i) => world.signIn(`person-${i}`))),
          )
          const signedIn = await people
          const [first, second] = [world.instance(), world.instance()]
          const calls = who.map(async (person, i) => {
            const scopes = i % 3 === 0 ? STOCK : ORDERS
            const who = signedIn[person]
            if (who === undefined) throw new Error('nobody')
            const token = await (i % 2 === 0 ? first : second).tokenFor(who, scopes)
            expect(token.startsWith(`person-${person}/${scopes.join(' ')}/`)).toBe(true)
          })
          await scheduler.waitFor(Promise.all(calls))
          const pairs = new Set(who.map((person, i) => `${person} ${i % 3 === 0}`))
          expect(world.asked).toHaveLength(pairs.size)
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('a renewal that fails', () => {
  test.each<ErrorCode>([
    'entra/unavailable',
    'entra/client_rejected',
    'entra/malformed_response',
    'entra/interaction_required',
    'vault/unavailable',
    'vault/forbidden',
    'identity/unavailable',
  ])('for %s leaves the old token in use, and is not tried again at once', async (code) => {
    const world = openGrants()
    const alice = await world.signIn()
    const old = await world.instance().tokenFor(alice, ORDERS)
    world.effects.advance(HOUR_MS - 300_000)
    world.answerWith(failing(code))

    for (let call = 0; call < 5; call += 1) expect(await world.instance().tokenFor(alice, ORDERS)).toBe(old)
    expect(world.asked).toHaveLength(2)
    expect(world.effects.logs).toMatchObject([
      { level: 'warn', event: 'grant.renewal_failed', facts: { fault: code } },
    ])
    world.effects.advance(15_000)
    expect(await world.instance().tokenFor(alice, ORDERS)).toBe(old)
    expect(world.asked).toHaveLength(3)
  })

  test.each<ErrorCode>([
    'entra/unavailable',
    'entra/client_rejected',
    'vault/timeout',
    'entra/interaction_required',
  ])('for %s where no token is left is that caller’s error, and nobody is signed out', async (code) => {
    const world = openGrants()
    const alice = await world.signIn()
    const answer = world.answerWith(failing(code))

    await expect(world.instance().tokenFor(alice, ORDERS)).rejects.toMatchObject({ code })
    expect(await world.store.read(alice.ticket)).toBeDefined()
    world.answerWith(answer)
    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })

  test('because Entra ended the grant ends the session', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.answerWith(failing('entra/grant_rejected'))

    await expect(world.instance().tokenFor(alice, ORDERS)).rejects.toMatchObject({ code: 'session/required' })
    expect(await world.store.read(alice.ticket)).toBeUndefined()
    const person = personHash(alice.session.identity)
    expect(world.effects.logs).toEqual([
      { level: 'info', event: 'session.ended', facts: { person, by: 'entra' } },
    ])
  })

  test('because Entra throttles the person is a pause, in which Entra is not asked, and no end', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const asked: string[] = []
    const config = configOf()
    const endpoint = createTokenEndpoint({
      clientId: CLIENT,
      issuerTemplate: config.entra.issuerTemplate,
      url: config.entra.token,
      credential: {
        assertionFor: async () => ({ jws: 'a.b.c', proof: { method: 'vault' } }),
        alternativeTo: async () => undefined,
      },
      effects: {
        ...world.effects,
        async fetch(url) {
          asked.push(url)
          return Response.json({ error: 'invalid_grant', error_codes: [50196] }, { status: 400 })
        },
      },
    })
    const keys = createProviderKeys(config.entra, world.effects)
    const usual = world.answerWith(createRefreshGrant({ config, endpoint, keys, effects: world.effects }))
    for (let call = 0; call < 3; call += 1)
      await expect(world.instance().tokenFor(alice, ORDERS)).rejects.toMatchObject({
        code: 'entra/unavailable',
        context: { retryAfterSec: 60 },
      })

    expect(asked).toEqual([config.entra.token])
    expect(await world.store.read(alice.ticket)).toBeDefined()
    world.answerWith(usual)
    world.effects.advance(60_000)
    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })

  test('for want of a refresh token asks for a new sign-in, and asks Entra nothing', async () => {
    const world = openGrants()
    const alice = await world.signIn('alice', { accessTokens: {} })

    await expect(world.instance().tokenFor(alice, ORDERS)).rejects.toMatchObject({
      code: 'entra/interaction_required',
    })
    expect(await world.store.read(alice.ticket)).toBeDefined()
    expect(world.asked).toEqual([])
  })
})

describe('a session that ends while its token is on the way', () => {
  test('stays ended: nothing is written, and the caller gets no token', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const before = world.answerWith(async (input) => {
      await world.store.end(alice.ticket.id)
      return before(input)
    })

    await expect(world.instance().tokenFor(alice, ORDERS)).rejects.toMatchObject({ code: 'session/required' })
    expect(world.table.rows().filter(({ partitionKey }) => partitionKey === alice.ticket.id)).toEqual([])
  })

  test('a token that cannot be written down serves its caller', async () => {
    let isDown = false
    const world = openGrants({ refuses: (operation) => isDown && operation === 'replace' })
    const alice = await world.signIn()
    isDown = true

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.logs).toMatchObject([{ event: 'grant.not_kept' }])
  })
})

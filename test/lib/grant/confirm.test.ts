/** A person who is still here: Entra confirms them, seldom, and what it says of them is what the session says from then on. */
import { describe, expect, test } from 'vitest'
import type { RefreshGrant } from '../../../lib/entra/refreshGrant.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import type { ErrorCode } from '../../../lib/errors/table.ts'
import { CONFIRM_PAUSE_MS } from '../../../lib/grant/userTokens.ts'
import { ORDERS, openGrants, STOCK } from '../../support/openGrants.ts'

const failing =
  (code: ErrorCode): RefreshGrant =>
  async () => {
    throw new AppError(code)
  }

describe('a person who is still here', () => {
  const later = CONFIRM_PAUSE_MS

  /** Entra answers, and says this of the person. */
  function saying(
    world: ReturnType<typeof openGrants>,
    told: { readonly name?: string; readonly roles?: string[] },
  ): void {
    const before = world.answerWith(async (input) => ({
      ...(await before(input)),
      identity: { ...input.identity, ...told },
    }))
  }

  test('is told by an ID token that may hold the nonce of their sign-in and no other: what is kept of it goes along', async () => {
    const world = openGrants()
    const heard: (string | undefined)[] = []
    const usual = world.answerWith(async (input) => {
      heard.push(input.nonceHash)
      return usual(input)
    })
    const alice = await world.signIn()
    world.effects.advance(later)
    await world.instance().confirm({ ...alice, session: { ...alice.session, nonceHash: 'hash' } })

    expect(heard).toEqual(['hash'])
  })

  test('is asked about once a minute, from sign-in on, by all instances together', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const confirmAll = () =>
      Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? first : second).confirm(alice)))
    const [first, second] = [world.instance(), world.instance()]
    await confirmAll()
    expect(world.asked).toEqual([])
    world.effects.advance(later)
    await confirmAll()
    await confirmAll()
    expect(world.asked).toEqual([{ refreshToken: 'refresh-alice', scope: '' }])
    world.effects.advance(later - 1)
    await confirmAll()
    expect(world.asked).toHaveLength(1)
    world.effects.advance(1)
    await confirmAll()
    expect(world.asked).toHaveLength(2)
    expect(world.asked[1]?.refreshToken).toBe('refresh-alice+')
  })

  test('is not asked about again where a token was just asked for, whatever came of it', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(later)
    const answer = world.answerWith(failing('entra/unavailable'))
    await expect(world.instance().tokenFor(alice, ORDERS)).rejects.toMatchObject({
      code: 'entra/unavailable',
    })
    world.answerWith(answer)
    await world.instance().confirm(alice)

    expect(world.asked).toHaveLength(1)
  })

  test('has their new roles and name from the answer on, also in the session', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(later)
    saying(world, { name: 'Alice Other', roles: ['Auditor'] })
    const { session } = await world.instance().confirm(alice)

    expect(session.identity).toMatchObject({ name: 'Alice Other', roles: ['Auditor'] })
    expect((await world.store.read(alice.ticket))?.session.identity).toEqual(session.identity)
  })

  test('whose tokens are renewed has them as well, and nothing is written where nothing is new', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    saying(world, { roles: ['Auditor'] })
    await world.instance().tokenFor(alice, ORDERS)
    const { session } = (await world.store.read(alice.ticket)) ?? alice
    expect(session.identity.roles).toEqual(['Auditor'])
    const before = world.table.calls.get('update') ?? 0
    await world.instance().tokenFor({ ...alice, session }, STOCK)

    expect(world.table.calls.get('update')).toBe(before + 1)
  })

  test('keeps the tokens for APIs that they have', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const token = await world.instance().tokenFor(alice, ORDERS)
    world.effects.advance(later)
    await world.instance().confirm(alice)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe(token)
    expect((await world.instance().standingOf(alice)).held).toEqual(new Set([ORDERS[0]]))
  })

  test('is out where Entra ended the grant', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(later)
    world.answerWith(failing('entra/grant_rejected'))

    await expect(world.instance().confirm(alice)).rejects.toMatchObject({ code: 'session/required' })
    expect(world.table.rows().filter(({ partitionKey }) => partitionKey === alice.ticket.id)).toEqual([])
  })

  test('is out, at whatever answer of Entra, where they have no role any more that lets them in', async () => {
    for (const ask of ['confirm', 'tokenFor'] as const) {
      const world = openGrants()
      const alice = await world.signIn()
      world.effects.advance(later)
      saying(world, { roles: ['Unwanted'] })

      await expect(world.instance()[ask](alice, ORDERS)).rejects.toMatchObject({ code: 'session/required' })
      expect(await world.store.read(alice.ticket)).toBeUndefined()
      expect(world.effects.logs).toMatchObject([{ event: 'session.ended', facts: { by: 'role' } }])
    }
  })

  test.each<ErrorCode>([
    'entra/unavailable',
    'entra/client_rejected',
    'entra/id_token_rejected',
    'entra/interaction_required',
    'entra/no_access',
    'vault/unavailable',
    'identity/unavailable',
  ])('stays signed in where asking fails for %s, is told so, and others can ask at once', async (code) => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(later)
    const answer = world.answerWith(failing(code))
    const { session, fault } = await world.instance().confirm(alice)

    expect([session, fault?.code]).toEqual([alice.session, code])
    expect(await world.store.read(alice.ticket)).toBeDefined()
    expect(world.effects.logs).toMatchObject([{ event: 'grant.not_confirmed', facts: { fault: code } }])
    await world.instance().confirm(alice)
    expect(world.asked).toHaveLength(1)
    world.answerWith(answer)
    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })

  test('and signs out meanwhile is signed out: nothing is written, and nobody is told otherwise', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(later)
    saying(world, { name: 'Alice Other' })
    const answer = world.answerWith(async (input) => {
      await world.store.end(alice.ticket.id)
      return answer(input)
    })

    await expect(world.instance().confirm(alice)).rejects.toMatchObject({ code: 'session/required' })
    expect(world.table.rows().filter(({ partitionKey }) => partitionKey === alice.ticket.id)).toEqual([])
  })

  test('is told apart from nobody where the grant has gone', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(later)
    await world.store.end(alice.ticket.id)

    expect(await world.instance().confirm(alice)).toEqual({ session: alice.session, hasGrant: false })
    expect(world.asked).toEqual([])
  })

  test('without a refresh token is not asked about', async () => {
    const world = openGrants()
    const alice = await world.signIn('alice', { accessTokens: {} })
    world.effects.advance(later)

    expect(await world.instance().confirm(alice)).toEqual({ session: alice.session, hasGrant: true })
    expect(world.asked).toEqual([])
  })

  test('may have more roles than one property of a row holds, and fewer afterwards', async () => {
    const { store, signIn } = openGrants()
    const { ticket, session } = await signIn()
    const roles = Array.from({ length: 200 }, (_, i) => `${i}${'\u4e00'.repeat(117)}`)
    for (const identity of [{ ...session.identity, roles }, session.identity]) {
      await store.describe(ticket, identity)
      expect((await store.read(ticket))?.session.identity).toEqual(identity)
    }
  })
})

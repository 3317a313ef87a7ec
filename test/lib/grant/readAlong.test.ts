/** The row of the grant that a request read along with its session. */
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { createGrantRows } from '../../../lib/grant/grantRow.ts'
import type { SignedIn } from '../../../lib/grant/userTokens.ts'
import { ORDERS, openGrants, STOCK } from '../../support/openGrants.ts'

type World = ReturnType<typeof openGrants>

/** What a request has in hand that asked for both rows at once. */
async function readAlong({ store }: World, { ticket }: SignedIn): Promise<SignedIn> {
  const stored = await store.readWithGrant(ticket)
  if (stored?.grantRow === undefined) throw new Error('no grant was read')
  return { ticket, session: stored.session, grantRow: stored.grantRow }
}

/** The token that such a row holds. */
async function readToken({ table, effects }: World, { ticket, grantRow }: SignedIn) {
  const opened = grantRow && createGrantRows({ table, effects }).open(ticket, grantRow)
  return opened?.grant.accessTokens[ORDERS.join(' ')]
}

/** With the calls of the table, by operation. */
function openCounted() {
  const calls: string[] = []
  const note = (operation: string): boolean => calls.push(operation) === 0
  return { calls, world: openGrants({ refuses: note }) }
}

describe('a grant that was read along with its session', () => {
  test('is not read again while it holds the token', async () => {
    const { calls, world } = openCounted()
    const alice = await world.signIn()
    const token = await world.instance().tokenFor(alice, ORDERS)
    const inHand = await readAlong(world, alice)
    calls.length = 0

    expect(await world.instance().tokenFor(inHand, ORDERS)).toBe(token)
    expect((await world.instance().standingOf(inHand)).held).toEqual(new Set(ORDERS))
    expect(calls).toEqual([])
  })

  test('is leased as it was read, where Entra has to be asked', async () => {
    const { calls, world } = openCounted()
    const inHand = await readAlong(world, await world.signIn())
    calls.length = 0

    await world.instance().tokenFor(inHand, ORDERS)
    expect(calls).toEqual(['update', 'replace'])
  })

  test('and has changed since is looked at anew without a pause: no refresh token is used that has a successor', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const inHand = await readAlong(world, alice)
    const before = world.effects.now()
    await world.instance().tokenFor(alice, STOCK)

    await world.instance().tokenFor(inHand, ORDERS)
    expect(world.asked.map(({ refreshToken }) => refreshToken)).toEqual(['refresh-alice', 'refresh-alice+'])
    expect(world.effects.now()).toBe(before)
  })

  test('and is gone since brings nobody back in', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const inHand = await readAlong(world, alice)
    await world.store.end(alice.ticket.id)

    await expect(world.instance().tokenFor(inHand, ORDERS)).rejects.toMatchObject({
      code: 'session/required',
    })
    expect(world.asked).toEqual([])
  })

  test('and whose API refused the successor of its token brings that token back to nobody', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    await world.instance().tokenFor(alice, ORDERS)
    world.effects.advance(56 * 60_000)
    const inHand = await readAlong(world, alice)
    const successor = await world.instance().heldFor(inHand, ORDERS)
    expect(successor.token).not.toBe((await readToken(world, inHand))?.token)

    expect(await world.instance().renew(inHand, ORDERS, successor)).toEqual(successor)
    world.effects.advance(61_000)
    const next = await world.instance().renew(inHand, ORDERS, successor)
    expect(next.obtainedAtMs).toBeGreaterThan(successor.obtainedAtMs)
    expect(world.asked.map(({ refreshToken }) => refreshToken)).toEqual([
      'refresh-alice',
      'refresh-alice+',
      'refresh-alice++',
    ])
  })

  test('and that waited in line behind a request by which Entra ended the session gives no token away', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    await world.instance().tokenFor(alice, ORDERS)
    const inHand = await readAlong(world, alice)
    const instance = world.instance()
    world.answerWith(async () => {
      throw new AppError('entra/grant_rejected')
    })

    const [ending, waiting] = [instance.tokenFor(inHand, STOCK), instance.tokenFor(inHand, ORDERS)]
    await expect(ending).rejects.toMatchObject({ code: 'session/required' })
    await expect(waiting).rejects.toMatchObject({ code: 'session/required' })
  })
})

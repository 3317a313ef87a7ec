/** The lease on asking for tokens, where its holder is gone, a clock is wrong, or the answer that gave it was lost. */
import { describe, expect, test } from 'vitest'
import { createGrantRows } from '../../../lib/grant/grantRow.ts'
import { LEASE_MS, type SignedIn } from '../../../lib/grant/userTokens.ts'
import { ORDERS, openGrants } from '../../support/openGrants.ts'

const HOUR_MS = 3_600_000

/** The lease of somebody who was killed. */
async function leaveLease(
  { table, effects }: ReturnType<typeof openGrants>,
  { ticket }: SignedIn,
  untilMs: number,
): Promise<void> {
  const rows = createGrantRows({ table, effects })
  const stored = await rows.read(ticket)
  if (stored === undefined) throw new Error('no grant')
  await rows.lease(ticket, stored, untilMs, 'killed')
}

describe('a token that somebody else has the lease for', () => {
  test('costs one lease time where its holder was killed', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    await leaveLease(world, alice, world.effects.now() + LEASE_MS)
    const startedMs = world.effects.now()

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.now() - startedMs).toBe(LEASE_MS)
  })

  test.each([
    ['an hour ahead', HOUR_MS],
    ['ten minutes ahead', HOUR_MS / 6],
    ['a year ahead', 365 * 24 * HOUR_MS],
  ])('costs one lease time where the clock of the killed holder was %s', async (_what, aheadMs) => {
    const world = openGrants()
    const alice = await world.signIn()
    await leaveLease(world, alice, world.effects.now() + aheadMs + LEASE_MS)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.pauses).toHaveLength(LEASE_MS / 100)
  })

  test('is waited for no longer where the own clock is set back meanwhile', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    await leaveLease(world, alice, world.effects.now() + LEASE_MS)
    const waiting = world.instance().tokenFor(alice, ORDERS)
    world.effects.advance(-HOUR_MS)

    expect(await waiting).toBe('alice/api://orders/read/1')
    expect(world.effects.pauses).toHaveLength(LEASE_MS / 100)
  })

  test('is asked for at once by whoever took the lease and lost the answer that said so', async () => {
    let isRepeating = false
    const world = openGrants({
      meets: (operation) => (isRepeating && operation === 'update' ? 'repeated' : undefined),
    })
    const alice = await world.signIn()
    isRepeating = true

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/1')
    expect(world.effects.pauses).toEqual([100])
  })
})

/** A pause that Entra asked for, and the rest after a renewal that failed. */
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../lib/errors/appError.ts'
import { CONFIRM_PAUSE_MS } from '../../../lib/grant/userTokens.ts'
import { faultOf } from '../../support/faultOf.ts'
import { ORDERS, openGrants, STOCK } from '../../support/openGrants.ts'

const HOUR_MS = 3_600_000

describe('a pause that Entra asked for', () => {
  /** What Entra answers until it is told otherwise, and the way back. */
  function busy(world: ReturnType<typeof openGrants>, retryAfterSec: number | undefined): () => void {
    const usual = world.answerWith(async () => {
      throw new AppError('entra/unavailable', retryAfterSec === undefined ? {} : { retryAfterSec })
    })
    return () => void world.answerWith(usual)
  }

  test('is kept for a person’s token on every instance and for each API, and told to whoever comes meanwhile', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const quiet = busy(world, 30)
    const [one, two] = [world.instance(), world.instance()]
    expect((await faultOf(() => one.tokenFor(alice, ORDERS))).context.retryAfterSec).toBe(30)
    world.effects.advance(10_500)

    for (const [instance, scopes] of [
      [one, ORDERS],
      [two, ORDERS],
      [two, STOCK],
    ] as const) {
      const { code, context } = await faultOf(() => instance.tokenFor(alice, scopes))
      expect([code, context.retryAfterSec]).toEqual(['entra/unavailable', 20])
    }
    expect([world.asked.length, world.effects.pauses]).toEqual([1, []])
    quiet()
    world.effects.advance(19_500)
    expect(await two.tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })

  test('is nobody else’s', async () => {
    const world = openGrants()
    const [alice, bob] = [await world.signIn(), await world.signIn('bob')]
    const quiet = busy(world, 30)
    await faultOf(() => world.instance().tokenFor(alice, ORDERS))
    quiet()

    expect(await world.instance().tokenFor(bob, ORDERS)).toBe('bob/api://orders/read/2')
  })

  test('is believed for a minute at most', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    const quiet = busy(world, 86_400)
    await faultOf(() => world.instance().tokenFor(alice, ORDERS))
    quiet()
    world.effects.advance(59_999)
    expect((await faultOf(() => world.instance().tokenFor(alice, ORDERS))).context.retryAfterSec).toBe(1)
    world.effects.advance(1)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })

  test('while a token is good leaves it in use, for as long as is asked and never shorter than after any fault', async () => {
    for (const [askedSec, restSec] of [
      [5, 15],
      [40, 40],
    ] as const) {
      const world = openGrants()
      const alice = await world.signIn()
      const old = await world.instance().tokenFor(alice, ORDERS)
      world.effects.advance(HOUR_MS - 300_000)
      busy(world, askedSec)
      const call = () => world.instance().tokenFor(alice, ORDERS)
      await call()
      world.effects.advance(restSec * 1_000 - 1)

      expect([await call(), world.asked.length]).toEqual([old, 2])
      world.effects.advance(1)
      expect([await call(), world.asked.length]).toEqual([old, 3])
    }
  })

  test('of the question whether a person is still here counts for their tokens too', async () => {
    const world = openGrants()
    const alice = await world.signIn()
    world.effects.advance(CONFIRM_PAUSE_MS)
    busy(world, 30)
    const { fault } = await world.instance().confirm(alice)

    expect(fault?.code).toBe('entra/unavailable')
    expect((await faultOf(() => world.instance().tokenFor(alice, ORDERS))).code).toBe('entra/unavailable')
    expect(world.asked).toHaveLength(1)
  })

  test.each([
    ['of an instance whose clock is an hour ahead', -HOUR_MS],
    ['written down before the own clock was set back by a day', -24 * HOUR_MS],
  ])('%s counts for nothing', async (_what, byMs) => {
    const world = openGrants()
    const alice = await world.signIn()
    const quiet = busy(world, 30)
    await faultOf(() => world.instance().tokenFor(alice, ORDERS))
    quiet()
    world.effects.advance(byMs)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })

  test.each([
    ['no Retry-After', new AppError('entra/unavailable')],
    ['a Retry-After of zero', new AppError('entra/unavailable', { retryAfterSec: 0 })],
    ['a pause of the vault', new AppError('vault/throttled', { retryAfterSec: 30 })],
  ])('is none after %s', async (_what, fault) => {
    const world = openGrants()
    const alice = await world.signIn()
    const usual = world.answerWith(() => Promise.reject(fault))
    await faultOf(() => world.instance().tokenFor(alice, ORDERS))
    world.answerWith(usual)

    expect(await world.instance().tokenFor(alice, ORDERS)).toBe('alice/api://orders/read/2')
  })
})

test('a rest after a renewal that failed keeps nobody waiting who has no token', async () => {
  const world = openGrants()
  const alice = await world.signIn()
  await world.instance().tokenFor(alice, ORDERS)
  world.effects.advance(HOUR_MS - 300_000)
  const usual = world.answerWith(() => Promise.reject(new AppError('vault/unavailable')))
  await world.instance().tokenFor(alice, ORDERS)
  world.answerWith(usual)

  expect(await world.instance().tokenFor(alice, STOCK)).toBe('alice/api://stock/read api://stock/write/3')
  expect(world.effects.pauses).toEqual([])
})

/** The clock of our machine is wrong, and nobody else's (C1, C2). Entra dates its answers by its own. */
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn } from '../support/screens.ts'
import { location, newVisitor } from '../support/visitor.ts'

const MINUTE_MS = 60_000
const off = { aheadMs: 0 }
const world = await openJourney({ appAheadMs: () => off.aheadMs })
const { entra } = world.desk

/** A fresh instance with a clock that is off, and what its log said of that. */
function instance(aheadMs: number) {
  off.aheadMs = aheadMs
  world.replaceInstance()
  const seen = world.logs.length
  return () => world.logs.slice(seen).filter(({ event }) => event === 'entra.clock')
}

async function signIn() {
  const visitor = newVisitor(world.origin)
  return { visitor, reply: await visitor.signIn('/auth/login?returnTo=%2Forders') }
}

beforeEach(() => {
  off.aheadMs = 0
})

describe.each([
  ['90 seconds ahead', 90_000],
  ['90 seconds behind', -90_000],
  ['ten minutes ahead', 10 * MINUTE_MS],
])('the clock is %s', (_what, aheadMs) => {
  test('somebody signs in and notices nothing; the log says how far it is off, once (C1)', async () => {
    const told = instance(aheadMs)
    for (let i = 0; i < 2; i += 1) {
      const { visitor, reply } = await signIn()
      expect([reply.status, location(reply)]).toEqual([303, '/orders'])
      expect(await isSignedIn(world, visitor)).toBe(true)
    }
    const [line, ...more] = told()
    expect(line).toMatchObject({ level: 'warn', facts: { clockAheadSec: expect.any(Number) } })
    expect(Math.abs(Number(line?.facts.clockAheadSec) * 1_000 - aheadMs)).toBeLessThanOrEqual(3_000)
    expect(more).toEqual([])
  })

  test('an assertion is dated by Entra’s clock from then on', async () => {
    instance(aheadMs)
    await signIn()
    const { jws } = await world.app().credential.assertionFor(world.app().config.entra.token)
    const { iat = 0 } = decodeJwt(jws)
    expect(Math.abs(iat * 1_000 - world.now())).toBeLessThan(30_000)
  })
})

test('our clock is ten minutes behind Entra’s: what Entra dates is of the future here, and the log says why (C2)', async () => {
  const told = instance(-10 * MINUTE_MS)
  const { reply } = await signIn()
  expectScreen(world, reply, 'entra/id_token_rejected')
  expect(told()).toMatchObject([{ level: 'warn', facts: { clockAheadSec: expect.any(Number) } }])
  expect(told()[0]?.facts.clockAheadSec).toBeLessThan(-590)

  off.aheadMs = 0
  const { visitor } = await signIn()
  expect(await isSignedIn(world, visitor)).toBe(true)
  expect(told().at(-1)).toMatchObject({ level: 'info', facts: { clockAheadSec: 0 } })
})

test('an assertion that Entra refused for its time is dated anew within the same sign-in (C2)', async () => {
  instance(10 * MINUTE_MS)
  await world.app().credential.assertionFor(world.app().config.entra.token)
  const before = entra.log.length
  const { visitor } = await signIn()
  expect(await isSignedIn(world, visitor)).toBe(true)
  const posted = entra.log.slice(before).filter(({ kind }) => kind === 'token')
  expect(posted.map(({ status }) => status)).toEqual([401, 200])
})

/**
 * The managed identity's endpoint fails before it gave a single token for the vault (K7). The SDK keeps tokens for the whole process, so
 * the one test that gets a token is the last.
 */
import { expect, test } from 'vitest'
import type { Fault } from '../../local/faults.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, wayOn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { location, newVisitor } from '../support/visitor.ts'

const LOGIN = '/auth/login?returnTo=%2Forders'
const WAIT_MS = 6_000
const world = await openJourney()
const { identity, vault } = world.desk
const visitor = newVisitor(world.origin)
identity.faults.always({ kind: 'forbid' })
const form = await visitor.toCallback(LOGIN)

async function expectBusy(fault: Fault): Promise<void> {
  world.replaceInstance()
  identity.faults.always(fault)
  const before = await tracesOf(world)
  const reply = await visitor.post(form)
  expectScreen(world, reply, 'identity/unavailable')
  expect([reply.headers.get('retry-after'), wayOn(reply)]).toEqual(['10', LOGIN])
  expect(vault.requests.filter(({ operation }) => operation !== 'challenge')).toEqual([])
  await expectNothingHappened(world, before)
}

test.each<[what: string, fault: Fault]>([
  ['it answers 429', { kind: 'throttle' }],
  ['it answers 403', { kind: 'forbid' }],
  [
    'it knows no such identity',
    { kind: 'answer', status: 400, body: { statusCode: 400, message: 'No identity' } },
  ],
])('%s: the screen says busy, and nothing is lost', async (_what, fault) => {
  await expectBusy(fault)
})

test('it fails, cuts the connection, or never answers: the screen says busy, soon; once it answers, the same sign-in completes', async () => {
  const asked = shortenDeadline(WAIT_MS)
  for (const kind of ['broken', 'unavailable', 'drop', 'stall'] as const) await expectBusy({ kind })
  expect(asked).toContain(WAIT_MS)
  identity.faults.clear()
  expect(location(await visitor.post(form))).toBe('/orders')
  expect(await isSignedIn(world, visitor)).toBe(true)
})

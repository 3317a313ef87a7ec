import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn } from '../support/screens.ts'
import { newVisitor, type Visitor } from '../support/visitor.ts'

const world = await openJourney()
const { tables } = world.desk

async function signedIn(): Promise<Visitor> {
  const visitor = newVisitor(world.origin)
  await visitor.signIn()
  expect(await isSignedIn(world, visitor)).toBe(true)
  return visitor
}

describe('a table that says when to come back', () => {
  test.each([7, 120])(
    '%i seconds: the person hears it at once, and nobody waits for it',
    async (retryAfterSec) => {
      const visitor = await signedIn()
      const asked = tables.requests.length
      tables.faults.always({ kind: 'throttle', retryAfterSec })
      const page = await visitor.ask(`${world.origin}/`)
      expectScreen(world, page, 'session/store_unavailable')
      expect(page.headers.get('retry-after')).toBe(String(retryAfterSec))
      expect(tables.requests.length - asked, 'no second try of either read').toBeLessThanOrEqual(2)
    },
  )

  test('a time that fits is waited for, and nobody notices', async () => {
    const visitor = await signedIn()
    tables.faults.next(1, { kind: 'throttle', retryAfterSec: 0 })
    expect(await isSignedIn(world, visitor)).toBe(true)
  })
})

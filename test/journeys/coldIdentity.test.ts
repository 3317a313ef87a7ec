/**
 * A cold instance whose first token for the vault takes its time. The SDK keeps tokens for the whole process, so this is a file of its own
 * with one test.
 */
import { setTimeout as pass } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { isSignedIn } from '../support/screens.ts'
import { shortenDeadline } from '../support/shortenDeadline.ts'
import { location, newVisitor } from '../support/visitor.ts'

const ATTEMPT_MS = 2_500
const SHORT_MS = 100

test('an identity that takes longer than a call of the vault may: who comes first and who comes later are signed in, by one request', async () => {
  const world = await openJourney()
  const { identity, vault } = world.desk
  identity.faults.always({ kind: 'stall' })
  const asked = shortenDeadline(ATTEMPT_MS, SHORT_MS)
  const people = Array.from({ length: 3 }, () => newVisitor(world.origin))
  const forms = await Promise.all(
    people.map((visitor) => visitor.toCallback('/auth/login?returnTo=%2Forders')),
  )
  const forTheVault = () =>
    identity.requests.filter(({ detail }) => detail === 'https://vault.azure.net').length

  const replies = people.map((visitor, i) => visitor.post(forms[i] ?? expect.fail()))
  await pass(3 * SHORT_MS)
  expect(forTheVault()).toBe(1)
  expect(vault.requests, 'the vault was not asked without a token').toEqual([])
  expect(asked, 'and its time not begun').not.toContain(ATTEMPT_MS)
  // From here on every call has its whole time again.
  vi.restoreAllMocks()
  identity.faults.clear()

  expect((await Promise.all(replies)).map(location)).toEqual(['/orders', '/orders', '/orders'])
  for (const visitor of people) expect(await isSignedIn(world, visitor)).toBe(true)
  expect(forTheVault()).toBe(1)
  expect(
    vault.requests.map(({ operation }) => operation).filter((operation) => operation !== 'challenge'),
  ).toEqual(['certificate read', 'sign'])
})

/** What a sign-in leaves behind, so that a test can show that a refused one left nothing. */
import { expect } from 'vitest'
import type { World } from './openWorld.ts'

export interface Traces {
  readonly tokenRequests: number
  readonly sessionIds: readonly string[]
  readonly replies: number
}

export async function tracesOf(world: World): Promise<Traces> {
  return {
    tokenRequests: tokenRequests(world),
    sessionIds: await world.rows.sessionIds(),
    replies: world.replies.length,
  }
}

/** How often the token endpoint was asked so far. */
export function tokenRequests({ desk }: World): number {
  return desk.entra.log.filter(({ kind }) => kind === 'token').length
}

/** Since `before`: no token request, no session cookie, no session row, and no session ended. */
export async function expectNothingHappened(world: World, before: Traces): Promise<void> {
  expect(tokenRequests(world), 'token requests').toBe(before.tokenRequests)
  await expectNoSession(world, before)
}

/** Since `before`: no session cookie, no session row, and no session ended. */
export async function expectNoSession(world: World, before: Traces): Promise<void> {
  expect(await world.rows.sessionIds(), 'session rows').toEqual(before.sessionIds)
  const given = world.replies.slice(before.replies).flatMap(({ setCookies }) => setCookies)
  expect(
    given.filter((line) => /^__Host-signet=[^;]/.test(line)),
    'session cookies',
  ).toEqual([])
}

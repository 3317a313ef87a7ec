import { expect } from 'vitest'
import { callApi, refreshes } from '../callApi.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { signIn } from '../signOut.ts'

const TWO_MINUTES_MS = 120_000

export default {
  name: 'fapi2-security-profile-final-client-refresh-token-test',
  provider: 'Gives another refresh token with each access token; the API refuses the first of these.',
  course: async (stage) => {
    await signIn(stage)
    const before = refreshes(stage)
    await callApi(stage)
    // A token that was made just now would be refused again, and is not replaced.
    stage.world.advance(TWO_MINUTES_MS)
    stage.api.refusesNext = 1
    const reply = await callApi(stage)
    expect([refreshes(stage) - before, new Set(stage.api.tokens).size]).toEqual([2, 2])
    return reply
  },
  expect: 'calls the API',
} satisfies ConformanceModule

import { expect } from 'vitest'
import { callApi, refreshes } from '../callApi.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { signIn } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-refresh-token',
  provider: 'Gives a new access token for the refresh token.',
  course: async (stage) => {
    await signIn(stage)
    const before = refreshes(stage)
    const reply = await callApi(stage)
    expect(refreshes(stage)).toBe(before + 1)
    return reply
  },
  expect: 'calls the API',
} satisfies ConformanceModule

import { expect } from 'vitest'
import type { ConformanceModule } from '../conformanceModule.ts'
import { goBack, signIn, signOut } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-rp-init-logout-no-state',
  provider: 'Ends its session and comes back without a state; we send it none.',
  course: async (stage) => {
    await signIn(stage)
    const page = await signOut(stage)
    expect(page.text).not.toContain('state=')
    return goBack(stage, page)
  },
  expect: 'signs out',
} satisfies ConformanceModule

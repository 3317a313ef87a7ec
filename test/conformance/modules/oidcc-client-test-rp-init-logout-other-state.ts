import type { ConformanceModule } from '../conformanceModule.ts'
import { goBack, signIn, signOut } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-rp-init-logout-other-state',
  provider: 'Ends its session and comes back with a state that nobody gave it.',
  course: async (stage) => {
    await signIn(stage)
    return goBack(stage, await signOut(stage), '?state=of-somebody-else')
  },
  expect: 'signs out',
} satisfies ConformanceModule

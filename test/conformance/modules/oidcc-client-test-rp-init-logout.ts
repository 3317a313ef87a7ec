import type { ConformanceModule } from '../conformanceModule.ts'
import { goBack, signIn, signOut } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-rp-init-logout',
  provider: 'Ends its session and comes back.',
  course: async (stage) => {
    await signIn(stage)
    return goBack(stage, await signOut(stage))
  },
  expect: 'signs out',
} satisfies ConformanceModule

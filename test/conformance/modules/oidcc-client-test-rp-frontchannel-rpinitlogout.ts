import { expect } from 'vitest'
import type { ConformanceModule } from '../conformanceModule.ts'
import { goBack, loadFrame, signIn, signOut } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-rp-frontchannel-rpinitlogout',
  provider: 'Loads our frame on its page while the person signs out here, and comes back.',
  course: async (stage) => {
    const sid = await signIn(stage)
    const page = await signOut(stage)
    expect(page.text).toContain(`/auth/frontchannel-logout?sid=${sid}`)
    expect((await loadFrame(stage, sid)).status).toBe(200)
    return goBack(stage, page)
  },
  expect: 'signs out',
} satisfies ConformanceModule

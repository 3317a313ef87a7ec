import { expect } from 'vitest'
import { isSignedIn } from '../../support/screens.ts'
import type { ConformanceModule } from '../conformanceModule.ts'
import { loadFrame, signIn } from '../signOut.ts'

export default {
  name: 'oidcc-client-test-rp-frontchannel-opinitlogout',
  provider: 'Ends its session by itself, and loads our frame.',
  course: async (stage) => {
    const { world, visitor } = stage
    const sid = await signIn(stage)
    expect(await isSignedIn(world, visitor)).toBe(true)
    expect((await loadFrame(stage, sid)).status).toBe(200)
    return visitor.ask(`${world.origin}/auth/signed-out`)
  },
  expect: 'signs out',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg',
  provider: 'Sends a logout token signed in another way.',
  applies: false,
  reason:
    'Entra has no back-channel logout (no `backchannel_logout_supported` in its configuration), and the app no address for it.',
} satisfies ConformanceModule

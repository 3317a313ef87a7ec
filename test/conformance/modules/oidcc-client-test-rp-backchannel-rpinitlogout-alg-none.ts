import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-alg-none',
  provider: 'Sends a logout token without a signature.',
  applies: false,
  reason:
    'Entra has no back-channel logout (no `backchannel_logout_supported` in its configuration), and the app no address for it.',
} satisfies ConformanceModule

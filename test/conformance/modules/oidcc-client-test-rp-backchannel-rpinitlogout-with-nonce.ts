import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce',
  provider: 'Sends a logout token with a nonce.',
  applies: false,
  reason:
    'Entra has no back-channel logout (no `backchannel_logout_supported` in its configuration), and the app no address for it.',
} satisfies ConformanceModule

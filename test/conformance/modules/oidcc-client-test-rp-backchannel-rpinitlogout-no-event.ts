import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-rp-backchannel-rpinitlogout-no-event',
  provider: 'Sends a logout token without an event.',
  applies: false,
  reason:
    'Entra has no back-channel logout (no `backchannel_logout_supported` in its configuration), and the app no address for it.',
} satisfies ConformanceModule

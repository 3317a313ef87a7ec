import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-3rd-party-init-login',
  provider: 'Sends the person to the client to sign in.',
  applies: false,
  reason: 'Not yet: /auth/login reads parameters of its own.',
} satisfies ConformanceModule

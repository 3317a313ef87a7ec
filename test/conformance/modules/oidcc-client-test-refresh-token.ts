import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-refresh-token',
  provider: 'Gives a new access token for the refresh token.',
  applies: false,
  reason:
    'Not yet: the app keeps the refresh token, sealed, and does not use it; an access token serves as long as it is valid.',
} satisfies ConformanceModule

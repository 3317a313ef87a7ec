import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-refresh-token-test',
  provider: 'Refuses an access token once, and gives new ones for the refresh token.',
  applies: false,
  reason:
    'Not yet: the app keeps the refresh token, sealed, and does not use it; an access token serves as long as it is valid.',
} satisfies ConformanceModule

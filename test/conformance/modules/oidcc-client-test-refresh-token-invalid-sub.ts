import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-refresh-token-invalid-sub',
  provider: 'Names somebody else in the ID token of a refresh.',
  applies: false,
  reason:
    'Not yet: the app keeps the refresh token, sealed, and does not use it; an access token serves as long as it is valid.',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-userinfo-invalid-sub',
  provider: 'Answers UserInfo about somebody else.',
  applies: false,
  reason:
    'UserInfo is never asked: who signed in is read from the verified ID token, and Entra answers UserInfo from Microsoft Graph with nothing more.',
} satisfies ConformanceModule

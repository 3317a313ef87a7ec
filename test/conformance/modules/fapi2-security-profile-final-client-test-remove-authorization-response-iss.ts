import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-remove-authorization-response-iss',
  provider: 'Announces `iss` in its answers, and leaves it out.',
  applies: false,
  reason: 'Not yet: Entra neither sends nor announces the parameter (RFC 9207 section 3).',
} satisfies ConformanceModule

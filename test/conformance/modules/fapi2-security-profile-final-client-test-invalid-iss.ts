import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-iss',
  provider: 'Names another issuer in the ID token.',
  flaw: 'invalid-iss',
  expect: 'entra/id_token_rejected',
  rule: 'iss',
} satisfies ConformanceModule

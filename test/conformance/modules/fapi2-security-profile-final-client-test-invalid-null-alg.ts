import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-null-alg',
  provider: 'Does not sign the ID token and says so (`alg: none`).',
  flaw: 'sig-none',
  expect: 'entra/id_token_rejected',
  rule: 'alg',
} satisfies ConformanceModule

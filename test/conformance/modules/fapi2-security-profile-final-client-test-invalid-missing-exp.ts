import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-missing-exp',
  provider: 'Leaves `exp` out of the ID token.',
  flaw: 'missing-exp',
  expect: 'entra/id_token_rejected',
  rule: 'exp',
} satisfies ConformanceModule

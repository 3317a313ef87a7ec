import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-missing-iss',
  provider: 'Leaves `iss` out of the ID token.',
  flaw: 'missing-iss',
  expect: 'entra/id_token_rejected',
  rule: 'iss',
} satisfies ConformanceModule

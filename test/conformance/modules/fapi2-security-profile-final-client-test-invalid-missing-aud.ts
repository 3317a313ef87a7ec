import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-missing-aud',
  provider: 'Leaves `aud` out of the ID token.',
  flaw: 'missing-aud',
  expect: 'entra/id_token_rejected',
  rule: 'aud',
} satisfies ConformanceModule

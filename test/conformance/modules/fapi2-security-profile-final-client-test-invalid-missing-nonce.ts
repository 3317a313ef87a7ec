import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-missing-nonce',
  provider: 'Leaves the nonce out of the ID token.',
  flaw: 'missing-nonce',
  expect: 'entra/id_token_rejected',
  rule: 'nonce',
} satisfies ConformanceModule

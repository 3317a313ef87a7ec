import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-nonce',
  provider: 'Puts another nonce into the ID token.',
  flaw: 'nonce-invalid',
  expect: 'entra/id_token_rejected',
  rule: 'nonce',
} satisfies ConformanceModule

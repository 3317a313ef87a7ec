import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-alternate-alg',
  provider: 'Signs the ID token with the right key and another algorithm.',
  flaw: 'alternate-alg',
  expect: 'entra/id_token_rejected',
  rule: 'alg',
} satisfies ConformanceModule

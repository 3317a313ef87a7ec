import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-expired-exp',
  provider: 'Issues an ID token that expired five minutes ago.',
  flaw: 'expired-exp',
  expect: 'entra/id_token_rejected',
  rule: 'exp',
} satisfies ConformanceModule

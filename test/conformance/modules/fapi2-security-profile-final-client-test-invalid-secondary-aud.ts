import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-secondary-aud',
  provider: 'Issues the ID token to this client and another one.',
  flaw: 'invalid-secondary-aud',
  expect: 'entra/id_token_rejected',
  rule: 'aud',
} satisfies ConformanceModule

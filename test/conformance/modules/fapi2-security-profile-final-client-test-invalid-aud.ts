import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-aud',
  provider: 'Issues the ID token to another client.',
  flaw: 'invalid-aud',
  expect: 'entra/id_token_rejected',
  rule: 'aud',
} satisfies ConformanceModule

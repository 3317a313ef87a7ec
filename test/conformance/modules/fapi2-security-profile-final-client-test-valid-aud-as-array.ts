import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-valid-aud-as-array',
  provider: 'Issues the ID token to a list that holds this client alone.',
  flaw: 'aud-as-array',
  expect: 'signs in',
} satisfies ConformanceModule

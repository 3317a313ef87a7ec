import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in',
  provider: 'Does not say how long the access token lives.',
  arrange: ({ entra }) => {
    entra.switches.token.override = { expires_in: undefined }
  },
  expect: 'signs in',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-invalid-authorization-response-iss',
  provider: 'Names another issuer in the authorization response.',
  arrange: ({ entra }) => {
    entra.switches.authorize.iss = 'https://issuer.invalid/v2.0'
  },
  expect: 'callback/issuer_mismatch',
  isRefusedAtOnce: true,
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-remove-authorization-response-iss',
  provider: 'Announces `iss` in its answers, and leaves it out.',
  arrange: ({ entra }) => {
    entra.switches.metadata.override = { authorization_response_iss_parameter_supported: true }
  },
  expect: 'callback/issuer_mismatch',
  rule: 'no iss',
  isRefusedAtOnce: true,
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-state-fails',
  provider: 'Answers with another state than it was given.',
  arrange: ({ entra }) => {
    entra.switches.authorize.state = 'other'
  },
  expect: 'callback/state_mismatch',
  isRefusedAtOnce: true,
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-ensure-authorization-response-with-invalid-missing-state-fails',
  provider: 'Answers without the state it was given.',
  arrange: ({ entra }) => {
    entra.switches.authorize.state = 'absent'
  },
  expect: 'callback/malformed',
  rule: 'no state',
  isRefusedAtOnce: true,
} satisfies ConformanceModule

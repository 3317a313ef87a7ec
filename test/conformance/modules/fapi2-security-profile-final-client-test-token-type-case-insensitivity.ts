import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'fapi2-security-profile-final-client-test-token-type-case-insensitivity',
  provider: 'Writes the type of the token in its own case (`bEaReR`).',
  arrange: ({ entra }) => {
    entra.switches.token.override = { token_type: 'bEaReR' }
  },
  expect: 'signs in',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-kid-absent-single-jwks',
  provider: 'Publishes one key and does not name it in the ID token.',
  flaw: 'kid-absent',
  arrange: ({ entra }) => {
    entra.switches.keys.onlyCurrent = true
  },
  expect: 'signs in',
} satisfies ConformanceModule

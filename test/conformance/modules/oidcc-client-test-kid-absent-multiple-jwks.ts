import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-kid-absent-multiple-jwks',
  provider: 'Publishes several keys and does not say which one signed.',
  flaw: 'kid-absent',
  expect: 'entra/id_token_rejected',
  rule: 'kid',
} satisfies ConformanceModule

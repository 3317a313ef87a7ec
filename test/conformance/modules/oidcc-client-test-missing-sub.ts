import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-missing-sub',
  provider: 'Leaves `sub` out of the ID token.',
  flaw: 'missing-sub',
  expect: 'entra/id_token_rejected',
  rule: 'sub',
} satisfies ConformanceModule

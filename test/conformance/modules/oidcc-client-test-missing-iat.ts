import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-missing-iat',
  provider: 'Leaves `iat` out of the ID token.',
  flaw: 'missing-iat',
  expect: 'entra/id_token_rejected',
  rule: 'iat',
} satisfies ConformanceModule

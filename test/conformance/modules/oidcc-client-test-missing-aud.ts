import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-missing-aud',
  provider: 'Leaves `aud` out of the ID token.',
  flaw: 'missing-aud',
  expect: 'entra/id_token_rejected',
  rule: 'aud',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-idtoken-sig-none',
  provider: 'Does not sign the ID token and says so (`alg: none`).',
  flaw: 'sig-none',
  expect: 'entra/id_token_rejected',
  rule: 'alg',
} satisfies ConformanceModule

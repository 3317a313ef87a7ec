import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-invalid-sig-es256',
  provider: 'Signs the ID token with an elliptic key that nobody published.',
  flaw: 'invalid-sig-es256',
  expect: 'entra/id_token_rejected',
  rule: 'alg',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-invalid-athash',
  provider: 'Puts the hash of another access token into the ID token.',
  flaw: 'invalid-athash',
  expect: 'entra/id_token_rejected',
  rule: 'at_hash',
} satisfies ConformanceModule

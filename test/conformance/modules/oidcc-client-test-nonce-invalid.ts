import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-nonce-invalid',
  provider: 'Puts another nonce into the ID token.',
  flaw: 'nonce-invalid',
  expect: 'entra/id_token_rejected',
  rule: 'nonce',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-invalid-sig-rs256',
  provider: 'Signs the ID token with another key than the one it names.',
  flaw: 'invalid-sig-rs256',
  expect: 'entra/id_token_rejected',
  rule: 'signature',
} satisfies ConformanceModule

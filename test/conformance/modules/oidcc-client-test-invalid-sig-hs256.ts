import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-invalid-sig-hs256',
  provider: 'Signs the ID token by HMAC, with its public key as the secret.',
  flaw: 'invalid-sig-hs256',
  expect: 'entra/id_token_rejected',
  rule: 'alg',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-client-secret-basic',
  provider: 'Takes a client secret in a header.',
  applies: false,
  reason:
    'There is no client secret: the client proves itself by an assertion (`private_key_jwt`) and by nothing else.',
} satisfies ConformanceModule

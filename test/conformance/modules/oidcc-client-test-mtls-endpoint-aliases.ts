import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-mtls-endpoint-aliases',
  provider: 'Has other endpoints for clients that prove themselves by TLS.',
  applies: false,
  reason: 'The client proves itself by an assertion, not by TLS; Entra has no such endpoints.',
} satisfies ConformanceModule

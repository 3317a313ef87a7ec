import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-dynamic-registration',
  provider: 'Registers the client when it asks.',
  applies: false,
  reason: 'The operator registers the client, by Bicep or by hand; Entra registers none on demand.',
} satisfies ConformanceModule

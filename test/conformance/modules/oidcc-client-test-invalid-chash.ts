import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-invalid-chash',
  provider: 'Puts the hash of another code into an ID token that comes with it.',
  applies: false,
  reason: 'Only where an ID token comes with the code through the browser; the code flow has no such token.',
} satisfies ConformanceModule

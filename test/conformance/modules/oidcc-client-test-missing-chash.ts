import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-missing-chash',
  provider: 'Leaves `c_hash` out of an ID token that comes with the code.',
  applies: false,
  reason: 'Only where an ID token comes with the code through the browser; the code flow has no such token.',
} satisfies ConformanceModule

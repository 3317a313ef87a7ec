import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test',
  provider: 'Behaves.',
  expect: 'signs in',
} satisfies ConformanceModule

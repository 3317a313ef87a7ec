import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-distributed-claims',
  provider: 'Names other places for some claims.',
  applies: false,
  reason: 'What others claim about a person decides nothing here: no place that a token names is ever asked.',
} satisfies ConformanceModule

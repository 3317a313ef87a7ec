import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-aggregated-claims',
  provider: 'Passes on claims that others signed.',
  applies: false,
  reason:
    'What others claim about a person decides nothing here: such members are ignored, and UserInfo is never asked.',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-missing-athash',
  provider: 'Leaves `at_hash` out of an ID token that comes with an access token through the browser.',
  applies: false,
  reason:
    'The suite leaves it out of the code flow, in which `at_hash` is optional (Core 3.1.3.6). Entra sends none: every sign-in here is one without.',
} satisfies ConformanceModule

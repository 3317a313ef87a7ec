import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-discovery-webfinger-acct',
  provider: 'Is found by an account name.',
  applies: false,
  reason:
    'Whose sign-in it is stands in the settings: nobody types an address to find a provider by, and Entra has no WebFinger.',
} satisfies ConformanceModule

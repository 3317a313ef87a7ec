import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-nonce-unless-code-flow',
  provider: 'Refuses a request without a nonce; the suite asks it of other flows only.',
  arrange: ({ entra }) => {
    entra.switches.authorize.requireNonce = true
  },
  expect: 'signs in',
} satisfies ConformanceModule

import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-discovery-issuer-mismatch',
  provider: 'Names another issuer in its configuration than the one it was asked for.',
  arrange: ({ entra }) => {
    entra.switches.metadata.override = { issuer: 'https://issuer.invalid/v2.0' }
  },
  expect: 'entra/metadata_mismatch',
  rule: 'issuer',
  isRefusedAtOnce: true,
} satisfies ConformanceModule

import { expect } from 'vitest'
import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-discovery-openid-config',
  provider: 'Publishes its configuration below its issuer.',
  expect: 'signs in',
  afterwards: ({ entra }) => {
    const asked = entra.log.filter(({ kind }) => kind === 'metadata').map(({ path }) => path)
    expect(asked.at(-1)).toBe(`/${entra.tenantId}/v2.0/.well-known/openid-configuration`)
  },
} satisfies ConformanceModule

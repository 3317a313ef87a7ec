import { expect } from 'vitest'
import type { ConformanceModule } from '../conformanceModule.ts'

const KEYS = '/keys-of-this-run'
let asked = 0

export default {
  name: 'oidcc-client-test-discovery-jwks-uri-keys',
  provider: 'Publishes its keys at an address that only its configuration tells.',
  arrange: ({ entra }) => {
    asked = 0
    entra.lodge({
      path: KEYS,
      answer: () => {
        asked += 1
        return { status: 200, headers: {}, body: JSON.stringify(entra.publishedKeys()) }
      },
    })
    entra.switches.metadata.override = { jwks_uri: `${entra.origin}${KEYS}` }
  },
  expect: 'signs in',
  afterwards: () => expect(asked).toBe(1),
} satisfies ConformanceModule

import { decodeProtectedHeader } from 'jose'
import { expect } from 'vitest'
import type { ConformanceModule } from '../conformanceModule.ts'

export default {
  name: 'oidcc-client-test-idtoken-sig-rs256',
  provider: 'Signs the ID token with RS256.',
  expect: 'signs in',
  afterwards: ({ world }) => {
    const headers = [...world.secrets].filter(isJws).map((token) => decodeProtectedHeader(token))
    expect(headers).toContainEqual({ typ: 'JWT', alg: 'RS256', kid: expect.any(String) })
  },
} satisfies ConformanceModule

function isJws(secret: string): boolean {
  return /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/.test(secret)
}

import { afterEach, expect, test, vi } from 'vitest'
import { theApp } from '../../lib/compose.ts'

afterEach(() => vi.unstubAllEnvs())

function thrownBy(act: () => unknown): Error {
  try {
    act()
  } catch (fault) {
    if (fault instanceof Error) return fault
  }
  throw new Error('nothing was thrown')
}

test('an instance with faulty settings does not start, and says which, one a line and without a stack', () => {
  vi.stubEnv('ENTRA_TENANT_ID', 'common')
  vi.stubEnv('PUBLIC_URL', 'http://app.example')
  const { message, stack } = thrownBy(theApp)
  expect(stack).toBe(message)
  expect(message.split('\n').slice(0, 3)).toEqual([
    'Signet does not start. Correct these settings:',
    '  ENTRA_TENANT_ID must name one tenant: common lets any Microsoft account in, so no issuer can be pinned',
    '  PUBLIC_URL must use https (http is for loopback hosts only)',
  ])
  expect(message).not.toContain('app.example')
})

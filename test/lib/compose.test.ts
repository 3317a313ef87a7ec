import { afterEach, expect, test, vi } from 'vitest'
import { composeApp, theApp } from '../../lib/compose.ts'
import * as platform from '../../lib/credential/platformIdentity.ts'
import { NEEDED } from '../support/configOf.ts'

vi.mock('../../lib/credential/platformIdentity.ts', { spy: true })
afterEach(() => {
  vi.unstubAllEnvs()
  vi.mocked(platform.platformIdentity).mockReset()
})

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

test('where the SDK of the identity could not be loaded, the call after the pause loads it again, and is answered', async () => {
  const held = { token: 'held', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }
  vi.mocked(platform.platformIdentity)
    .mockImplementationOnce(() => {
      throw new Error('out of memory')
    })
    .mockReturnValue({ getToken: async () => held })
  let nowMs = Date.now()
  const sent: unknown[] = []
  const { sessions } = composeApp(NEEDED, {
    now: () => nowMs,
    log: () => undefined,
    async exchange(_url, { headers }) {
      sent.push(headers?.authorization)
      return { status: 200, header: () => undefined, text: '{"value":[]}' }
    },
  })

  await expect(sessions.check()).rejects.toMatchObject({ code: 'identity/unavailable' })
  expect(sent).toEqual([])
  nowMs += 5_000
  await sessions.check()
  expect(sent).toEqual(['Bearer held'])
  expect(platform.platformIdentity).toHaveBeenCalledTimes(2)
})

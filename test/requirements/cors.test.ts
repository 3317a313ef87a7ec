/** Other origins are approved nowhere: neither for a preflight nor for an answer, whatever they call themselves. */
import { describe, expect, test } from 'vitest'
import { openJourney } from '../support/openJourney.ts'
import { newVisitor } from '../support/visitor.ts'

const PATHS = [
  '/',
  '/auth/login',
  '/auth/callback',
  '/auth/session',
  '/auth/logout',
  '/auth/signed-out',
  '/auth/frontchannel-logout',
  '/api/orders/1',
  '/health/live',
  '/health/ready',
  '/nothing/here',
]
const ORIGINS = ['https://evil.example', 'null', 'http://localhost:1']

const world = await openJourney()

describe('another origin', () => {
  test.each(PATHS)('is approved by no answer of %s (BBA 6.1.3.3.2, ASVS 3.4.2)', async (path) => {
    const visitor = newVisitor(world.origin)
    for (const origin of [...ORIGINS, world.origin, world.desk.entra.origin])
      for (const method of ['OPTIONS', 'GET', 'POST']) {
        const { status, headers } = await visitor.ask(`${world.origin}${path}`, {
          method,
          headers: {
            origin,
            'sec-fetch-site': 'cross-site',
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'x-csrf,content-type',
          },
        })
        const approving = [...headers.keys()].filter((name) => name.startsWith('access-control-'))
        expect(approving, `${method} ${path} for ${origin}`).toEqual([])
        if (method === 'OPTIONS') expect(status, path).toBeGreaterThanOrEqual(400)
      }
  })
})

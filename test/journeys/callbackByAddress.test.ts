/** What Entra, or anybody, brings to /auth/callback by address: a page that fits, never a session. */
import { describe, expect, test } from 'vitest'
import type { ErrorCode } from '../../lib/errors/table.ts'
import { openJourney } from '../support/openJourney.ts'
import { expectScreen, isSignedIn, wayOn } from '../support/screens.ts'
import { expectNothingHappened, tracesOf } from '../support/traces.ts'
import { newVisitor, type Reply } from '../support/visitor.ts'

const world = await openJourney()

async function open(query: string): Promise<Reply> {
  const visitor = newVisitor(world.origin)
  await visitor.toCallback()
  const before = await tracesOf(world)
  const rows = (await world.rows.all()).length
  const reply = await visitor.ask(`${world.origin}/auth/callback?${query}`, { from: world.desk.entra.origin })
  await expectNothingHappened(world, before)
  expect((await world.rows.all()).length).toBe(rows)
  expect([reply.setCookies, await isSignedIn(world, visitor)]).toEqual([[], false])
  return reply
}

const consent = new URLSearchParams({
  admin_consent: 'True',
  tenant: world.desk.entra.tenantId,
  state: '12345',
})

describe('an administrator who comes from consenting', () => {
  test.each([`${consent}`, 'admin_consent=True', 'admin_consent=true', `${consent}&code=x`])(
    'reads that consent was given: %s',
    async (query) => {
      const reply = await open(query)
      expect(reply.status).toBe(200)
      expect(reply.text).toContain('Consent was given')
      expect(wayOn(reply)).toBe('/auth/login')
      expect(reply.text).not.toContain('12345')
    },
  )

  test.each<[query: string, code: ErrorCode]>([
    ['error=access_denied&error_subcode=cancel&admin_consent=True', 'entra/cancelled'],
    ['error=permission_denied&error_description=x&admin_consent=True', 'entra/no_access'],
  ])('or from declining, that it was not: %s', async (query, code) => {
    expectScreen(world, await open(query), code)
  })
})

describe('an error in the address', () => {
  test.each<[error: string, code: ErrorCode, status: number]>([
    ['access_denied', 'entra/no_access', 403],
    ['consent_required', 'entra/no_access', 403],
    ['login_required', 'entra/interaction_required', 401],
    ['interaction_required', 'entra/interaction_required', 401],
    ['temporarily_unavailable', 'entra/unavailable', 503],
    ['invalid_request', 'entra/sign_in_refused', 400],
    ['unauthorized_client', 'entra/sign_in_refused', 400],
    ['foo', 'entra/sign_in_refused', 400],
    ['constructor', 'entra/sign_in_refused', 400],
    ['', 'entra/sign_in_refused', 400],
    ['<script>', 'entra/sign_in_refused', 400],
  ])('%s gets the screen of %s, and is never a fault of ours', async (error, code, status) => {
    const description = 'AADSTS50011: <b>ada@contoso.example</b>'
    const reply = await open(
      `${new URLSearchParams({ error, error_description: description, code: 'x', state: 'y' })}`,
    )
    expectScreen(world, reply, code)
    expect(reply.status).toBe(status)
    expect(reply.text).not.toMatch(/AADSTS|<b>|<script>/)
  })
})

describe('anything else in the address', () => {
  test.each([
    '',
    'code=x',
    'code=x&state=y',
    'admin_consent=False',
    'admin_consent=',
    'id_token=x',
    'foo=bar',
  ])('is refused: %j', async (query) => {
    const reply = await open(query)
    expectScreen(world, reply, 'http/method_not_allowed')
    expect(reply.headers.get('allow')).toBe('POST')
  })
})

import { describe, expect, it } from 'vitest'
import { requireTokens } from '../../../lib/entra/tokenAnswer.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { refusalOf } from '../../support/refusalOf.ts'

const DESCRIPTION =
  'AADSTS50126: Alice Example (alice@contoso.com) typed a wrong password. Trace ID: 0f Correlation ID: 1e'

describe('an OAuth error of the token endpoint', () => {
  it.each([
    ['invalid_grant', 400, 'entra/grant_rejected'],
    ['interaction_required', 400, 'entra/interaction_required'],
    ['consent_required', 400, 'entra/no_access'],
    ['invalid_client', 401, 'entra/client_rejected'],
    ['invalid_client', 400, 'entra/client_rejected'],
    // RFC 6749 section 5.2: the client is known, and may not do this.
    ['unauthorized_client', 400, 'entra/request_rejected'],
    ['invalid_client', 403, 'entra/request_rejected'],
    ['invalid_client', 404, 'entra/request_rejected'],
    ['invalid_client', 429, 'entra/unavailable'],
    ['invalid_client', 500, 'entra/unavailable'],
    ['invalid_client', 503, 'entra/unavailable'],
    ['INVALID_CLIENT', 401, 'entra/request_rejected'],
    ['temporarily_unavailable', 400, 'entra/unavailable'],
    ['server_error', 400, 'entra/unavailable'],
    ['invalid_request', 400, 'entra/request_rejected'],
    ['invalid_scope', 400, 'entra/request_rejected'],
    ['invalid_resource', 400, 'entra/request_rejected'],
    ['unsupported_grant_type', 400, 'entra/request_rejected'],
    ['toString', 400, 'entra/request_rejected'],
    ['__proto__', 400, 'entra/request_rejected'],
    ['invalid_grant', 429, 'entra/unavailable'],
  ])('%s with %i is %s', async (error, status, code) => {
    expect((await refusalOf(status, { error })).code).toBe(code)
  })

  it.each([
    ['basic_action', 'entra/interaction_required'],
    ['additional_action', 'entra/interaction_required'],
    ['message_only', 'entra/interaction_required'],
    ['user_password_expired', 'entra/interaction_required'],
    ['consent_required', 'entra/no_access'],
    ['bad_token', 'entra/grant_rejected'],
    ['something_new', 'entra/grant_rejected'],
    ['constructor', 'entra/grant_rejected'],
    [['basic_action'], 'entra/grant_rejected'],
  ])('invalid_grant with the suberror %j is %s', async (suberror, code) => {
    expect((await refusalOf(400, { error: 'invalid_grant', suberror })).code).toBe(code)
    // The suberror refines that one error and no other.
    expect((await refusalOf(400, { error: 'invalid_scope', suberror })).code).toBe('entra/request_rejected')
  })

  it('invalid_grant with a claims challenge is a demand on the person, not the end of the grant', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const { code, context } = await refusalOf(400, { error: 'invalid_grant', claims })

    expect([code, context.claims]).toEqual(['entra/interaction_required', claims])
  })

  it.each<[string, object, Record<string, string>, number]>([
    ['its number', { error_codes: [50196] }, {}, 60],
    ['its number among others', { error_codes: [90000, 50196] }, {}, 60],
    ['its number as text', { error_codes: ['50196'] }, {}, 60],
    ['the number in the description', { error_description: 'AADSTS50196: A client request loop.' }, {}, 60],
    ['a Retry-After', { error_codes: [50196] }, { 'retry-after': '17' }, 17],
    ['a suberror', { error_codes: [50196], suberror: 'bad_token' }, {}, 60],
  ])(
    'invalid_grant for a person who is throttled, told by %s, is a pause and leaves the grant as it is',
    async (_told, members, headers, seconds) => {
      const { code, context } = await refusalOf(400, { error: 'invalid_grant', ...members }, headers)

      expect([code, context.retryAfterSec, context.ofGrant]).toEqual(['entra/unavailable', seconds, true])
    },
  )

  it.each<[object, string]>([
    [{ error: 'invalid_grant', error_codes: [501961] }, 'entra/grant_rejected'],
    [{ error: 'invalid_grant', error_codes: 50196 }, 'entra/grant_rejected'],
    [{ error: 'invalid_grant', error_description: 'Not AADSTS50196: it ran out.' }, 'entra/grant_rejected'],
    [{ error: 'invalid_grant', error_description: 'AADSTS501961: other' }, 'entra/grant_rejected'],
    [{ error: 'invalid_client', error_codes: [50196] }, 'entra/client_rejected'],
    [{ error: 'invalid_scope', error_codes: [50196] }, 'entra/request_rejected'],
  ])('%o is no throttling of a person', async (body, code) => {
    expect((await refusalOf(400, body)).code).toBe(code)
  })

  it('keeps name, numbers, suberror and ids as facts for the log, and no description', async () => {
    const error = await refusalOf(400, {
      error: 'invalid_grant',
      error_description: DESCRIPTION,
      error_codes: [70008, 'alice@contoso.com', 9002313],
      suberror: 'bad_token',
      trace_id: '0c0ffee0-1111-4222-8333-444444444444',
      correlation_id: 'alice@contoso.com',
      username: 'alice@contoso.com',
    })

    expect(error.context.detail).toBe('invalid_grant AADSTS70008 AADSTS9002313 bad_token')
    expect(error.context.facts).toEqual({
      entraError: 'invalid_grant',
      entraErrorCodes: [70008, 9002313],
      entraSuberror: 'bad_token',
      entraTraceId: '0c0ffee0-1111-4222-8333-444444444444',
    })
    expect(error.message).not.toContain('@')
    expect(error.cause).toBeUndefined()
  })

  it('keeps the claims of a challenge for the next sign-in', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'

    expect((await refusalOf(400, { error: 'interaction_required', claims })).context.claims).toBe(claims)
    expect((await refusalOf(400, { error: 'interaction_required', claims: 1 })).context).not.toHaveProperty(
      'claims',
    )
  })

  it.each([{ error_codes: 'x' }, { error_codes: [null, {}] }, { suberror: 1 }, { trace_id: [] }])(
    'reads past members of the wrong type: %o',
    async (members) => {
      expect((await refusalOf(400, { error: 'invalid_grant', ...members })).context.detail).toBe(
        'invalid_grant',
      )
    },
  )

  it.each([
    ['Bearer error="invalid_client"', 401, {}, 'entra/malformed_response'],
    ['Basic realm="proxy"', 401, '<html>', 'entra/malformed_response'],
    ['Bearer', 401, { error: 'invalid_client' }, 'entra/client_rejected'],
    ['Bearer error="invalid_client"', 400, { error: 'invalid_grant' }, 'entra/grant_rejected'],
    ['Bearer error="invalid_client"', 403, { error: 'invalid_scope' }, 'entra/request_rejected'],
    ['Bearer error="invalid_client"', 429, '', 'entra/unavailable'],
    ['Bearer error="invalid_client"', 503, { error: 'invalid_client' }, 'entra/unavailable'],
  ])(
    'is told by status and body, whatever challenge comes along: %s with %i %j',
    async (challenge, status, body, code) => {
      const headers = { 'www-authenticate': challenge, 'retry-after': '20' }
      const fault = await refusalOf(status, body, headers)

      expect(fault.code).toBe(code)
      expect(fault.context.retryAfterSec).toBe(code === 'entra/unavailable' ? 20 : undefined)
    },
  )

  it('lets tokens pass that come with a challenge: their status says that they were granted', async () => {
    const answer = Response.json({ access_token: 'a' }, { headers: { 'www-authenticate': 'Bearer' } })

    await expect(requireTokens(answer, START_MS)).resolves.toBeUndefined()
    expect(await answer.json()).toEqual({ access_token: 'a' })
  })

  it('about the client says how far our clock is from Entra’s', async () => {
    const date = new Date(START_MS - 95_000).toUTCString()
    const { context } = await refusalOf(401, { error: 'invalid_client' }, { date })

    expect(context.facts).toMatchObject({ entraError: 'invalid_client', clockAheadSec: 95 })
    expect((await refusalOf(401, { error: 'invalid_client' }, {})).context.facts).toEqual({
      entraError: 'invalid_client',
    })
  })

  it('about anything else says nothing of clocks', async () => {
    const date = new Date(START_MS - 95_000).toUTCString()

    expect((await refusalOf(400, { error: 'invalid_grant' }, { date })).context.facts).not.toHaveProperty(
      'clockAheadSec',
    )
  })

  it('is kept short, with three numbers and names of 64 characters at most, and no id that is none', async () => {
    const { context } = await refusalOf(400, {
      error: `invalid\n${'x'.repeat(100)}`,
      error_codes: [1, 2, 3, 4],
      suberror: '',
      trace_id: ['0c0ffee0-1111-4222-8333-444444444444'],
    })

    expect(context.facts).toEqual({ entraError: `invalid?${'x'.repeat(56)}`, entraErrorCodes: [1, 2, 3] })
  })

  it('is one only as JSON', async () => {
    for (const type of ['application/json', 'Application/JSON;charset=utf-8', 'application/json ; x=y'])
      expect((await refusalOf(401, { error: 'invalid_client' }, { 'content-type': type })).code).toBe(
        'entra/client_rejected',
      )
    for (const type of ['text/html', 'text/plain', ''])
      expect((await refusalOf(401, { error: 'invalid_client' }, { 'content-type': type })).code).toBe(
        'entra/malformed_response',
      )
  })
})

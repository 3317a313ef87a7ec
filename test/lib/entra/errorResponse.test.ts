import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorizationError } from '../../../lib/entra/errorResponse.ts'
import { anyText } from '../../support/anyText.ts'

const DESCRIPTION =
  'AADSTS50126: Alice Example (alice@contoso.com) typed a wrong password. Trace ID: 0f Correlation ID: 1e'

describe('an error that came back through the browser', () => {
  it.each([
    ['access_denied', 'entra/no_access'],
    ['consent_required', 'entra/no_access'],
    ['login_required', 'entra/interaction_required'],
    ['interaction_required', 'entra/interaction_required'],
    ['server_error', 'entra/unavailable'],
    ['temporarily_unavailable', 'entra/unavailable'],
    ['invalid_request', 'entra/sign_in_refused'],
    ['invalid_scope', 'entra/sign_in_refused'],
    ['invalid_resource', 'entra/sign_in_refused'],
    ['unauthorized_client', 'entra/sign_in_refused'],
    ['unsupported_response_type', 'entra/sign_in_refused'],
    ['something_new', 'entra/sign_in_refused'],
    ['ACCESS_DENIED', 'entra/sign_in_refused'],
    ['constructor', 'entra/sign_in_refused'],
    ['__proto__', 'entra/sign_in_refused'],
    ['', 'entra/sign_in_refused'],
  ])('%j is %s', (error, code) => {
    expect(authorizationError(new URLSearchParams({ error })).code).toBe(code)
  })

  it('tells the person who cancelled from the organisation that said no', () => {
    const cancel = new URLSearchParams({ error: 'access_denied', error_subcode: 'cancel' })
    const other = new URLSearchParams({ error: 'access_denied', error_subcode: 'other' })

    expect(authorizationError(cancel).code).toBe('entra/cancelled')
    expect(authorizationError(other).code).toBe('entra/no_access')
  })

  it('is not taken for a cancellation because of the subcode alone', () => {
    const parameters = new URLSearchParams({ error: 'server_error', error_subcode: 'cancel' })

    expect(authorizationError(parameters).code).toBe('entra/unavailable')
  })

  it('keeps its numbers for the log and nothing else of its description', () => {
    const parameters = new URLSearchParams({ error: 'access_denied', error_description: DESCRIPTION })

    expect(authorizationError(parameters).context).toEqual({
      detail: 'access_denied AADSTS50126',
      facts: { entraError: 'access_denied', entraErrorCodes: [50126] },
    })
  })

  it('keeps the ids under which Entra knows it, where the description holds ids and not something else', () => {
    const [trace, correlation] = [
      '0c0ffee0-1111-4222-8333-444444444444',
      '1d1ffee0-1111-4222-8333-555555555555',
    ]
    const described = (text: string) =>
      authorizationError(new URLSearchParams({ error: 'x', error_subcode: 'y', error_description: text }))
        .context.facts

    expect(
      described(`AADSTS50105: no. Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: 2026`),
    ).toEqual({
      entraError: 'x',
      entraSuberror: 'y',
      entraErrorCodes: [50105],
      entraTraceId: trace,
      entraCorrelationId: correlation,
    })
    expect(described(`Trace ID: ${'a'.repeat(36)} Correlation ID: alice@contoso.com`)).toEqual({
      entraError: 'x',
      entraSuberror: 'y',
    })
  })

  it('keeps three numbers at most', () => {
    const error_description = 'AADSTS1234 AADSTS5678 AADSTS91011 AADSTS1213 AADSTS123456789'
    const parameters = new URLSearchParams({ error: 'x', error_description })

    expect(authorizationError(parameters).context.detail).toBe('x AADSTS1234 AADSTS5678 AADSTS91011')
  })

  it('decides by `error`, never by a number', () => {
    const parameters = new URLSearchParams({ error: 'server_error', error_description: 'AADSTS65004: no' })

    expect(authorizationError(parameters).code).toBe('entra/unavailable')
  })

  it('puts nothing into a log line that could break it', () => {
    fc.assert(
      fc.property(anyText(200), (error) => {
        const { detail } = authorizationError(new URLSearchParams({ error })).context
        expect(detail).toMatch(/^[\w ?.:-]{0,64}$/)
      }),
    )
  })
})

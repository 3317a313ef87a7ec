import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeAuthorizationResponse } from '../../../lib/entra/authorizationResponse.ts'
import { anyText } from '../../support/anyText.ts'
import { configOf, OTHER_TENANT, TENANT } from '../../support/configOf.ts'
import { faultOf, outcomeOf } from '../../support/faultOf.ts'

const config = configOf()
const STATE = 'eyJ.sealed.state'
const issuerOf = (tid: string): string => `https://login.microsoftonline.com/${tid}/v2.0`

const judge = (query: string, expectedState = STATE, its = config) =>
  judgeAuthorizationResponse(its, new URLSearchParams(query), expectedState)

const response = (changes: Readonly<Record<string, string | undefined>>): string => {
  const all = { code: '0.AXoA-code', state: STATE, session_state: 'at-entra', ...changes }
  const present = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(present).toString()
}

describe('an authorization response', () => {
  it('with code and state is accepted', () => {
    expect(judge(response({})).parameters.get('code')).toBe('0.AXoA-code')
  })

  it.each([
    [
      'every character that a code may hold',
      String.fromCharCode(...Array.from({ length: 95 }, (_, n) => 32 + n)),
    ],
    ['the longest', 'x'.repeat(8_192)],
  ])('with %s is accepted as it is', (_what, code) => {
    expect(judge(response({ code })).parameters.get('code')).toBe(code)
  })

  it('may name our issuer (RFC 9207)', () => {
    expect(judge(response({ iss: issuerOf(TENANT) })).parameters.get('code')).toBe('0.AXoA-code')
  })

  it.each<[string, string, string]>([
    ['no code', response({ code: undefined }), 'callback/malformed'],
    ['an empty code', response({ code: '' }), 'callback/malformed'],
    ['no state', response({ state: undefined }), 'callback/malformed'],
    ['an empty state', response({ state: '' }), 'callback/malformed'],
    ['another state', response({ state: 'eyJ.other.state' }), 'callback/malformed'],
    ['a state with something after it', response({ state: `${STATE}A` }), 'callback/malformed'],
    ['nothing', '', 'callback/malformed'],
    // RFC 6749 A.11: 1*VSCHAR.
    ['a code with a NUL', response({ code: '\0<script>' }), 'callback/malformed'],
    ['a code with a line break', response({ code: 'a\r\nb' }), 'callback/malformed'],
    ['a code that ends in one', response({ code: 'a\n' }), 'callback/malformed'],
    ['a code with DEL', response({ code: 'a\x7f' }), 'callback/malformed'],
    ['a code with an umlaut', response({ code: 'ü' }), 'callback/malformed'],
    ['a code of 8,193 characters', response({ code: 'x'.repeat(8_193) }), 'callback/malformed'],
    ['an error with a NUL', response({ code: undefined, error: 'a\0' }), 'callback/malformed'],
    ['an error beside a code, with a quotation mark', response({ error: '"' }), 'callback/malformed'],
    ['an error in umlauts', response({ code: undefined, error: 'fällt' }), 'callback/malformed'],
    ['another issuer', response({ iss: 'https://evil.example' }), 'callback/issuer_mismatch'],
    ['the issuer of another tenant', response({ iss: issuerOf(OTHER_TENANT) }), 'callback/issuer_mismatch'],
    ['our issuer with a slash', response({ iss: `${issuerOf(TENANT)}/` }), 'callback/issuer_mismatch'],
    ['our issuer in capitals', response({ iss: issuerOf(TENANT).toUpperCase() }), 'callback/issuer_mismatch'],
    ['an empty issuer', response({ iss: '' }), 'callback/issuer_mismatch'],
    ['an ID token', response({ id_token: 'a.b.c' }), 'callback/malformed'],
    ['an empty ID token', response({ id_token: '' }), 'callback/malformed'],
    ['an access token', response({ access_token: 'a' }), 'callback/malformed'],
    ['a token', response({ token: 'a' }), 'callback/malformed'],
    [
      'an ID token instead of the code',
      response({ code: undefined, id_token: 'a.b.c' }),
      'callback/malformed',
    ],
    ['a JARM response', response({ response: 'a.b.c' }), 'callback/malformed'],
  ])('with %s is refused', async (_name, query, code) => {
    expect(await outcomeOf(() => judge(query))).toBe(code)
  })

  it.each([
    [`${response({})}&code=again`, 'a parameter twice'],
    [response({ code: '' }), 'no code'],
    [response({ access_token: 'a' }), 'access_token'],
    [response({ code: 'a b\tc' }), 'grammar of code'],
    [response({ code: 'x'.repeat(60_000) }), 'length of code'],
    [response({ error: 'a\\b' }), 'grammar of error'],
  ])('that is refused leaves in the log what is wrong with it: %s', async (query, detail) => {
    expect((await faultOf(() => judge(query))).context).toStrictEqual({ detail })
  })

  it('that the library refuses leaves its fault as the cause', async () => {
    expect((await faultOf(() => judge(response({ state: 'other' })))).cause).toBeInstanceOf(Error)
  })

  it.each(['code', 'state', 'iss', 'error', 'session_state', 'unknown'])(
    'with %s twice is refused, equal or not',
    async (name) => {
      const value = new URLSearchParams(response({ iss: issuerOf(TENANT) })).get(name) ?? 'x'
      const once = response({ iss: issuerOf(TENANT), [name]: value })

      for (const second of [value, 'other', ''])
        expect(await outcomeOf(() => judge(`${once}&${new URLSearchParams({ [name]: second })}`))).toBe(
          'callback/malformed',
        )
    },
  )

  it('may name any listed tenant as its issuer, and no other', async () => {
    const several = configOf({
      ENTRA_TENANT_ID: 'organizations',
      ENTRA_ALLOWED_TENANTS: `${TENANT},${OTHER_TENANT}`,
    })
    const unlisted = '33333333-3333-4333-8333-333333333333'

    for (const tid of [TENANT, OTHER_TENANT])
      expect(judge(response({ iss: issuerOf(tid) }), STATE, several).parameters.get('code')).not.toBeNull()
    expect(await outcomeOf(() => judge(response({ iss: issuerOf(unlisted) }), STATE, several))).toBe(
      'callback/issuer_mismatch',
    )
  })
})

describe('an error response', () => {
  const error = (changes: Readonly<Record<string, string | undefined>>): string =>
    response({ code: undefined, error: 'access_denied', ...changes })

  it('becomes the code of its error', async () => {
    expect(await outcomeOf(() => judge(error({})))).toBe('entra/no_access')
    expect(await outcomeOf(() => judge(error({ error_subcode: 'cancel' })))).toBe('entra/cancelled')
    expect(await outcomeOf(() => judge(error({ error: 'server_error' })))).toBe('entra/unavailable')
  })

  it('is believed no more than a code: state and issuer come first', async () => {
    expect(await outcomeOf(() => judge(error({ state: 'other' })))).toBe('callback/malformed')
    expect(await outcomeOf(() => judge(error({ iss: 'https://evil.example' })))).toBe(
      'callback/issuer_mismatch',
    )
  })

  it('wins over a code beside it', async () => {
    expect(await outcomeOf(() => judge(error({ code: 'x' })))).toBe('entra/no_access')
  })

  it('leaves nothing of its description in the fault', async () => {
    const fault = await faultOf(() =>
      judge(error({ error_description: 'AADSTS65004: alice@contoso.com declined' })),
    )

    expect(fault.context.detail).toBe('access_denied AADSTS65004')
    expect(fault.message).not.toContain('alice')
    expect(fault.cause).toBeUndefined()
  })
})

describe('whatever parameters come back', () => {
  it('the judgement is a response with this state or a fault with a code', async () => {
    const names = [
      'code',
      'state',
      'iss',
      'error',
      'error_description',
      'id_token',
      'token',
      'response',
      '__proto__',
    ]
    const value = fc.oneof(
      anyText(12),
      fc.constantFrom(STATE, issuerOf(TENANT), 'access_denied', 'constructor'),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...names), value)), async (pairs) => {
        const query = new URLSearchParams(pairs)
        const outcome = await outcomeOf(() => judgeAuthorizationResponse(config, query, STATE))
        // RFC 6749 section 3.1: one without a value counts as left out.
        if (outcome === 'none')
          expect([query.get('state'), query.get('error') || null]).toEqual([STATE, null])
        else expect(outcome).toMatch(/^(callback|entra)\//)
      }),
      { numRuns: 500 },
    )
  })
})

import { describe, expect, it } from 'vitest'
import { tokenResponseError } from '../../../lib/entra/tokenAnswer.ts'
import { AppError } from '../../../lib/errors/appError.ts'
import { START_MS } from '../../support/heldEffects.ts'
import { refusalOf } from '../../support/refusalOf.ts'

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const idTokenAnswer = (header: object, claims: object) => ({
  access_token: 'a',
  token_type: 'Bearer',
  id_token: `${segment(header)}.${segment(claims)}.c2ln`,
})

describe('an answer that is none', () => {
  it.each([
    [500, '<html>oops</html>', 'entra/unavailable'],
    [502, '', 'entra/unavailable'],
    [503, { error: 'temporarily_unavailable' }, 'entra/unavailable'],
    [504, { error: 'invalid_grant' }, 'entra/unavailable'],
    [429, '<html>slow down</html>', 'entra/unavailable'],
    [408, '', 'entra/unavailable'],
    [401, { error: '' }, 'entra/malformed_response'],
    [401, { error: ['invalid_client'] }, 'entra/malformed_response'],
    [401, '["invalid_client"]', 'entra/malformed_response'],
    [302, '', 'entra/malformed_response'],
    [302, { error: 'invalid_grant' }, 'entra/malformed_response'],
    [400, 'null', 'entra/malformed_response'],
    [404, '<html>', 'entra/malformed_response'],
    [400, '<html>', 'entra/malformed_response'],
    [201, {}, 'entra/malformed_response'],
    [200, '<html>', 'entra/malformed_response'],
    [200, '', 'entra/malformed_response'],
    [200, '[]', 'entra/malformed_response'],
    [200, 'null', 'entra/malformed_response'],
    [200, {}, 'entra/malformed_response'],
    [200, { access_token: 'a', token_type: 'Bearer' }, 'entra/malformed_response'],
    [200, { access_token: 'a', token_type: 'Bearer', id_token: 7 }, 'entra/malformed_response'],
    [200, { access_token: 'a', token_type: 'Bearer', expires_in: 'soon' }, 'entra/malformed_response'],
    [200, { access_token: 'a', token_type: 'mac', id_token: 'x' }, 'entra/malformed_response'],
  ])('%i %j is %s', async (status, body, code) => {
    expect((await refusalOf(status, body)).code).toBe(code)
  })

  it.each([
    ['7', 7],
    ['0', 1],
    ['-7', 1],
    ['0.5', 1],
    ['99999999999', 86_400],
    [new Date(START_MS + 90_000).toUTCString(), 90],
    [new Date(START_MS - 90_000).toUTCString(), 1],
    ['soon', undefined],
  ])('with Retry-After %s waits for %s seconds', async (header, seconds) => {
    for (const [status, body] of [
      [429, ''],
      [503, ''],
      [400, { error: 'temporarily_unavailable' }],
    ] as const)
      expect((await refusalOf(status, body, { 'retry-after': header })).context.retryAfterSec).toBe(seconds)
  })

  it.each([
    [429, '', 'status 429'],
    [302, '', 'status 302'],
  ])('%i is told by its status', async (status, body, detail) => {
    expect((await refusalOf(status, body)).context.detail).toBe(detail)
  })

  it('is logged by what is wrong with it, not by its content', async () => {
    const error = await refusalOf(200, '<html>alice@contoso.com</html>')

    expect(error.message).not.toContain('alice')
    expect(error.cause).toBeUndefined()
  })
})

describe('an ID token that the library refuses', () => {
  const claims = { iss: 'https://issuer.example', sub: 's', aud: 'client', nonce: 'n', exp: 4e9, iat: 1e9 }
  const header = { alg: 'RS256', typ: 'JWT' }

  it.each<[string, object, object, string | undefined]>([
    ['no algorithm', { ...header, alg: 'none' }, claims, 'alg'],
    ['another algorithm', { ...header, alg: 'HS256' }, claims, 'alg'],
    ['a critical header', { ...header, crit: ['x'], x: 1 }, claims, 'alg'],
    ['another issuer', header, { ...claims, iss: 'https://evil.example' }, 'iss'],
    ['another audience', header, { ...claims, aud: 'other' }, 'aud'],
    ['another nonce', header, { ...claims, nonce: 'm' }, 'nonce'],
    ['no subject', header, { ...claims, sub: undefined }, undefined],
    ['an end in the past', header, { ...claims, exp: 1 }, 'exp'],
  ])('for %s counts as refused, not as an answer gone wrong', async (_defect, itsHeader, itsClaims, rule) => {
    const error = await refusalOf(200, idTokenAnswer(itsHeader, itsClaims))

    expect(error.code).toBe('entra/id_token_rejected')
    expect(error.context.detail).toMatch(/JWT|ID Token/)
    expect(error.context.rule).toBe(rule)
  })
})

describe('anything else thrown', () => {
  it('keeps its code where it has one', () => {
    const error = new AppError('entra/metadata_mismatch')

    expect(tokenResponseError(error)).toBe(error)
  })

  it('is a bug where it has none', () => {
    expect(tokenResponseError(new RangeError('x')).code).toBe('bug/unexpected')
  })
})

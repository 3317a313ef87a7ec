import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REFUSALS } from '../../lib/guard/guard.ts'
import { createTokenIssuer, refusalOf, userToken } from './tokenIssuer.ts'

const issuer = await createTokenIssuer()
const guard = issuer.guard()

/** Header and payload of the token: what a signature is about. */
const signedPart = (authorization: string) => authorization.replace(/^bearer +/i, '').replace(/\.[^.]*$/, '')

describe('the Authorization header', () => {
  it.each([null, undefined, '', 'Basic YTpi', 'Bearerx abc', 'Negotiate Bearer'])(
    '%j is no token: 401 with a challenge that names no error',
    async (header) => {
      const { kind, status, headers, jsonBody } = await refusalOf(guard, header)

      expect(kind).toBe('refused')
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toMatch(/^Bearer realm="[^"]+", authorization_uri="[^"]+"$/)
      expect(jsonBody).toStrictEqual({ reason: 'no_token', message: REFUSALS.no_token.message })
    },
  )

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a, Bearer b',
    'Basic YTpi, Bearer a',
    'Bearer "a"',
    'bearer é',
  ])('%j is a malformed request: 400 invalid_request', async (header) => {
    expect(await refusalOf(guard, header)).toMatchObject({ status: 400, reason: 'malformed_request' })
  })

  it('the scheme is read in any case, and more than one space may follow it', async () => {
    const [, token] = (await issuer.bearer(userToken)).split(' ')
    expect(await guard.judge(`Bearer   ${token}`)).toMatchObject({ kind: 'accepted' })
    expect(await guard.judge(`bEARER ${token}`)).toMatchObject({ kind: 'accepted' })
  })

  it('whatever stands in it, the guard decides and never throws', async () => {
    const real = await issuer.bearer(userToken)
    const segment = fc.oneof(
      fc.base64String(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    )
    const compact = fc.array(segment, { maxLength: 5 }).map((parts) => `Bearer ${parts.join('.')}`)
    const mangled = fc
      .tuple(fc.nat(real.length - 1), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 3 }))
      .map(([at, text]) => `${real.slice(0, at)}${text}${real.slice(at + text.length)}`)
    const anything = fc.string({ unit: 'binary' })
    const header = fc.oneof(
      anything,
      anything.map((text) => `Bearer ${text}`),
      compact,
      mangled,
    )

    await fc.assert(
      fc.asyncProperty(header, async (authorization) => {
        const decision = await guard.judge(authorization)
        return decision.kind === 'accepted'
          ? signedPart(authorization) === signedPart(real)
          : Object.hasOwn(REFUSALS, decision.reason)
      }),
      { numRuns: 1_000 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { challengedClaims } from '../../../lib/entra/claimsChallenge.ts'
import { refuse } from '../../../lib/guard/refusal.ts'
import { anyText } from '../../support/anyText.ts'

const REQUEST = { access_token: { nbf: { essential: true, value: '1785000000' } } }
const TEXT = JSON.stringify(REQUEST)
const ENCODED = Buffer.from(TEXT).toString('base64')
const OTHER = Buffer.from('{"access_token":{"other":null}}').toString('base64')

describe('the claims challenge of an API', () => {
  it.each([
    [
      'of Entra’s own form',
      `Bearer realm="", authorization_uri="https://login.example/authorize", error="insufficient_claims", claims="${ENCODED}"`,
    ],
    ['with the claims first', `Bearer claims="${ENCODED}", error="insufficient_claims"`],
    ['without quotation marks', `Bearer error=insufficient_claims, claims=${ENCODED.replace(/=+$/, '')}`],
    ['in another case, with blanks', `BEARER Error = "insufficient_claims" , Claims = "${ENCODED}"`],
    [
      'in base64url',
      `Bearer error="insufficient_claims", claims="${Buffer.from(TEXT).toString('base64url')}"`,
    ],
    [
      'with white space in its JSON',
      `Bearer error="insufficient_claims", claims="${Buffer.from(JSON.stringify(REQUEST, null, 2)).toString('base64')}"`,
    ],
    [
      'behind another scheme',
      `Negotiate, Basic realm="x", Bearer error="insufficient_claims", claims="${ENCODED}"`,
    ],
    [
      'before another scheme',
      `Bearer error="insufficient_claims", claims="${ENCODED}", PoP error="insufficient_claims", claims="${OTHER}"`,
    ],
    [
      'behind a Bearer challenge of another kind',
      `Bearer error="invalid_token", Bearer error="insufficient_claims", claims="${ENCODED}"`,
    ],
    [
      'behind one of its kind that cannot be read',
      `Bearer error="insufficient_claims", claims="{}", Bearer error="insufficient_claims", claims="${ENCODED}"`,
    ],
    [
      'with a character escaped that need not be',
      `Bearer error="insufficient_claims", claims="\\${ENCODED}"`,
    ],
  ])('%s is read', (_form, header) => {
    expect(challengedClaims(header)).toBe(TEXT)
  })

  it('of our own guard is read', () => {
    const context = { realm: 'x', authorizationUri: 'https://login.example/authorize' }
    const { headers } = refuse('insufficient_claims', context, { claims: ENCODED })

    expect(challengedClaims(headers['www-authenticate'] ?? null)).toBe(TEXT)
  })

  it.each([
    ['no header', null],
    ['an empty one', ''],
    ['no error', `Bearer claims="${ENCODED}"`],
    ['another error', `Bearer error="invalid_token", claims="${ENCODED}"`],
    ['no claims', 'Bearer error="insufficient_claims"'],
    ['claims of another name', `Bearer error="insufficient_claims", x-claims="${ENCODED}"`],
    [
      'claims inside another value',
      `Bearer error="insufficient_claims", error_description="claims=\\"${ENCODED}\\""`,
    ],
    [
      'the error inside another value',
      `Bearer error_description="error=\\"insufficient_claims\\"", claims="${ENCODED}"`,
    ],
    [
      'the error of one scheme and the claims of another',
      `Bearer error="insufficient_claims", DPoP claims="${ENCODED}"`,
    ],
    ['another scheme', `DPoP error="insufficient_claims", claims="${ENCODED}"`],
    ['what is no base64', 'Bearer error="insufficient_claims", claims="{}"'],
    [
      'what is no JSON',
      `Bearer error="insufficient_claims", claims="${Buffer.from('not json').toString('base64')}"`,
    ],
    ...['[1]', 'null', '17', '"text"'].map((json): [string, string] => [
      `${json}, which is no object`,
      `Bearer error="insufficient_claims", claims="${Buffer.from(json).toString('base64')}"`,
    ]),
    ['base64 and something before it', `Bearer error="insufficient_claims", claims="!${ENCODED}"`],
    ['base64 and something behind it', `Bearer error="insufficient_claims", claims="${ENCODED}!"`],
    [
      'more than fits into a sign-in',
      `Bearer error="insufficient_claims", claims="${Buffer.from(JSON.stringify({ a: 'x'.repeat(4_096) })).toString('base64')}"`,
    ],
  ])('is none with %s', (_what, header) => {
    expect(challengedClaims(header)).toBeUndefined()
  })

  it('fits into a sign-in up to 4,096 characters', () => {
    const text = JSON.stringify({ a: 'x'.repeat(3_072 - 8) })
    const encoded = Buffer.from(text).toString('base64')

    expect(encoded).toHaveLength(4_096)
    expect(challengedClaims(`Bearer error="insufficient_claims", claims="${encoded}"`)).toBe(text)
  })

  it('is read or not, and never a fault, whatever an API sends', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (one, other) => {
        for (const header of [
          one,
          `Bearer ${one}`,
          `Bearer error="insufficient_claims", claims="${one}", ${other}`,
        ]) {
          const claims = challengedClaims(header)
          if (claims !== undefined) expect(JSON.stringify(JSON.parse(claims))).toBe(claims)
        }
      }),
    )
  })

  it('is read to its end however it is made; one whose time grew as its square would outlast the test', () => {
    for (const header of ['a="'.repeat(100_000), 'a '.repeat(150_000), `a="${'\\'.repeat(300_000)}`])
      expect(challengedClaims(header)).toBeUndefined()
  })
})

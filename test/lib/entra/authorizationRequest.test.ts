import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authorizationUrl } from '../../../lib/entra/authorizationRequest.ts'
import type { SignInWishes } from '../../../lib/entra/signInWishes.ts'
import { anyText } from '../../support/anyText.ts'
import { configOf } from '../../support/configOf.ts'

const config = configOf()
// RFC 7636 appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const bound = { state: 'eyJ.sealed.state', nonce: 'nonce-of-this-transaction', codeVerifier: VERIFIER }
const FIXED = [
  'client_id',
  'response_type',
  'response_mode',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
]

const lines = (url: string): string => `${url.replace('?', '?\n').replaceAll('&', '\n&')}\n`
const parameters = (url: string): URLSearchParams => new URL(url).searchParams

describe('the authorization URL', () => {
  it('is the same byte for byte where nothing was wished for', async () => {
    const golden = lines(authorizationUrl(config, bound, {}))

    await expect(golden).toMatchFileSnapshot('../../golden/authorization-url.txt')
  })

  it('is the same byte for byte with every wish', async () => {
    const wishes: SignInWishes = {
      loginHint: 'alice+test@contoso.com',
      domainHint: 'contoso.com',
      prompt: 'login',
      maxAgeSec: 300,
      scopes: ['openid', 'api://signet/read'],
      claims: '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}',
    }

    await expect(lines(authorizationUrl(config, bound, wishes))).toMatchFileSnapshot(
      '../../golden/authorization-url-with-wishes.txt',
    )
  })

  it('carries the S256 challenge of RFC 7636 appendix B, and never the verifier', () => {
    const url = authorizationUrl(config, bound, {})

    expect(parameters(url).get('code_challenge')).toBe(CHALLENGE)
    expect(parameters(url).get('code_challenge_method')).toBe('S256')
    expect(url).not.toContain(VERIFIER)
  })

  it('asks for a code and nothing else, by form_post', () => {
    const sent = parameters(authorizationUrl(config, bound, {}))

    expect([sent.get('response_type'), sent.get('response_mode')]).toEqual(['code', 'form_post'])
  })

  it('leads to the pinned endpoint whatever is wished for, and no wish changes another parameter (CVE-2025-67716)', () => {
    const plain = parameters(authorizationUrl(config, bound, {}))
    const hostile = fc.oneof(
      anyText(),
      fc.constantFrom(
        'x&prompt=none',
        'x&scope=all',
        'x#',
        'x?state=1',
        'x&redirect_uri=https://evil.example',
        '%26state=1',
      ),
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, (loginHint, domainHint, claims) => {
        const url = authorizationUrl(config, bound, { loginHint, domainHint, claims })
        const sent = parameters(url)
        expect(url.startsWith(`${config.entra.authorization}?`)).toBe(true)
        expect([...sent.keys()]).toEqual([...FIXED, 'login_hint', 'domain_hint', 'claims'])
        for (const name of FIXED) expect(sent.get(name)).toBe(plain.get(name))
        expect(sent.get('login_hint')).toBe(loginHint.toWellFormed())
        expect(new URL(url).hash).toBe('')
      }),
      { numRuns: 500 },
    )
  })
})

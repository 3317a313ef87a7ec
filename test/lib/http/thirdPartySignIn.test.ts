import { describe, expect, it } from 'vitest'
import { parseSignInLink } from '../../../lib/http/signInLink.ts'
import { configOf, TENANT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'

const config = configOf()
const ISSUER = config.entra.issuerTemplate
const parse = (query: string | Readonly<Record<string, string>>) =>
  parseSignInLink(new URLSearchParams(query), config)
const refusal = async (query: string | Readonly<Record<string, string>>) =>
  (await faultOf(() => parse(query))).context

describe('a sign-in that a third party initiates (OpenID Connect Core section 4)', () => {
  it('comes under the names of that specification', () => {
    const query = { iss: ISSUER, login_hint: 'ada', target_link_uri: 'https://app.example/orders?id=7' }

    expect(parse(query)).toEqual({
      returnTo: '/orders?id=7',
      wishes: { loginHint: 'ada' },
      parameters: { returnTo: '/orders?id=7', loginHint: 'ada' },
      ignored: 0,
    })
    expect(parse({ iss: ISSUER })).toMatchObject({ returnTo: '/', wishes: {} })
  })

  it('does without iss: there is only one issuer to mean', () => {
    expect(parse('login_hint=ada&target_link_uri=/orders')).toMatchObject({
      returnTo: '/orders',
      wishes: { loginHint: 'ada' },
    })
  })

  it.each([
    ['another tenant', ISSUER.replace(TENANT, '99999999-0000-4000-8000-000000000099')],
    ['a slash too many', `${ISSUER}/`],
    ['the first version', ISSUER.replace('/v2.0', '')],
    ['upper case', ISSUER.toUpperCase()],
    ['the template', 'https://login.microsoftonline.com/{tenantid}/v2.0'],
    ['another host', ISSUER.replace('https://', 'https://evil.example/')],
  ])('names our issuer, character by character, and not one with %s', async (_what, iss) => {
    const { detail, returnTo } = await refusal({ iss, target_link_uri: '/orders' })

    expect([detail, returnTo]).toEqual(['iss', '/orders'])
  })

  it('names the issuer of any tenant that may sign in, where there are several', async () => {
    const other = '22222222-0000-4000-8000-000000000002'
    const several = configOf({
      ENTRA_TENANT_ID: 'organizations',
      ENTRA_ALLOWED_TENANTS: `${TENANT} ${other}`,
    })
    const named = (tenant: string) =>
      parseSignInLink([['iss', `https://login.microsoftonline.com/${tenant}/v2.0`]], several)

    expect([named(TENANT).ignored, named(other).ignored]).toEqual([0, 0])
    await faultOf(() => named('33333333-0000-4000-8000-000000000003'))
  })

  it.each([
    'returnTo=/orders&target_link_uri=/orders',
    'target_link_uri=/orders&returnTo=/orders',
    'loginHint=ada&login_hint=ada',
    'login_hint=ada&loginHint=bo',
  ])('does not mix its names with ours: %s', async (query) => {
    expect((await refusal(query)).detail).toMatch(/^(returnTo|loginHint)$/)
  })

  it.each(['https://evil.example/', '//evil.example', '/auth/login', 'orders'])(
    'goes on to an address of ours only, and not to %s',
    async (target_link_uri) => {
      expect((await refusal({ iss: ISSUER, target_link_uri })).detail).toBe('returnTo')
    },
  )
})

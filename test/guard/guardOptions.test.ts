import { describe, expect, it } from 'vitest'
import type { ProviderKey } from '../../lib/entra/providerKeys.ts'
import { createGuard, type GuardOptions } from '../../lib/guard/guard.ts'
import {
  API,
  appToken,
  CLIENT,
  createTokenIssuer,
  OTHER_TENANT,
  refusalOf,
  TENANT,
  userToken,
  userTokenV1,
} from './tokenIssuer.ts'

const issuer = await createTokenIssuer()

describe('options', () => {
  const valid: GuardOptions = {
    tenants: [TENANT],
    audiences: [API],
    clients: [CLIENT],
    scopes: ['Orders.Read'],
  }

  it.each<[string, string, Partial<GuardOptions>]>([
    ['tenants', 'must not be empty', { tenants: [] }],
    ['tenants', '', { tenants: ['contoso.onmicrosoft.com'] }],
    ['clients', 'must not be empty', { clients: [] }],
    ['clients', '', { clients: ['*'] }],
    ['audiences', 'must not be empty', { audiences: [] }],
    ['audiences', 'must be a list of plain words without spaces or quotes', { audiences: ['with "quotes"'] }],
    ['scopes', 'or roles must list what a caller needs', { scopes: [] }],
    ['scopes', 'must be a list of plain words', { scopes: ['two words'] }],
    ['roles', 'must be a list of plain words', { roles: [''] }],
    ['now', 'must be a function', { now: 0 as unknown as () => number }],
    ['authorityHost', '', { authorityHost: 'http://login.example' }],
    ['issuers.v1', '', { issuers: { v1: 'sts.example' } }],
    ['issuers.v2', '', { issuers: { v2: 'https://login.example/{tenant}/v2.0' } }],
    [
      'issuers.v2',
      'must hold {tenantid} where there are several tenants',
      { issuers: { v2: 'https://login.example/v2.0' }, tenants: [TENANT, OTHER_TENANT] },
    ],
    [
      'issuers.v1',
      'must hold {tenantid} where there are several tenants',
      { issuers: { v1: 'https://sts.example/' }, tenants: [TENANT, OTHER_TENANT] },
    ],
    [
      'tenants',
      'must be one tenant at External ID',
      { authorityHost: 'https://contoso.ciamlogin.com', tenants: [TENANT, OTHER_TENANT] },
    ],
  ])('a fault in %s is named, and what would be right: %s', (name, rule, changed) => {
    const create = () => createGuard({ ...valid, ...changed })
    expect(create).toThrow(new RegExp(`config/invalid: guard: .*${name} `))
    expect(create).toThrow(`${name} ${rule}`)
  })

  it('who writes no types gets the same answer, and no TypeError', () => {
    const untyped = createGuard as (options: unknown) => unknown
    for (const options of [
      {},
      { tenants: 'x', clients: [7], scopes: 's' },
      { ...valid, authorityHost: 7 },
      { ...valid, issuers: { v2: 7 } },
      { ...valid, roles: 'r' },
      { ...valid, audiences: [7] },
      { ...valid, scopes: [['Orders.Read']] },
    ])
      expect(() => untyped(options)).toThrow(/config\/invalid: guard: /)
  })

  it('an option of undefined is one that is not given', async () => {
    const without = { ...valid, now: undefined, fetch: undefined, log: undefined, keys: undefined }
    const guard = (createGuard as (options: unknown) => ReturnType<typeof createGuard>)(without)
    expect(await guard.judge('Bearer a.b.c')).toMatchObject({ reason: 'malformed_token' })
    const issuing = await createTokenIssuer()
    const undefinedNow = { now: undefined } as unknown as Partial<GuardOptions>
    const decision = await issuing.guard(undefinedNow).judge(await issuing.bearer(userToken))
    expect(decision).not.toMatchObject({ reason: 'keys_unavailable' })
  })

  it('all faults are reported together, and no value with them', () => {
    const broken = () => createGuard({ tenants: ['marked'], audiences: [], clients: ['marked'] })
    expect(broken).toThrow(/tenants .*; clients .*; audiences .*; scopes /)
    expect(broken).not.toThrow(/marked/)
  })

  it.each([
    ['https://login.microsoftonline.com', 'https://sts.windows.net'],
    ['https://login.microsoftonline.us', 'https://sts.windows.net'],
    ['https://login.partner.microsoftonline.cn', 'https://sts.chinacloudapi.cn'],
    ['https://login.sovcloud-identity.example', 'https://login.sovcloud-identity.example'],
  ])('at %s the version 1 issuer is at %s', async (authorityHost, v1Origin) => {
    const { issuer: _, ...key } = issuer.keys[0] as ProviderKey
    const keys = { find: async () => key }
    const bearer = await issuer.bearer({ ...userTokenV1, iss: `${v1Origin}/${TENANT}/` })
    expect(await issuer.guard({ authorityHost, keys }).judge(bearer)).toMatchObject({ kind: 'accepted' })
  })

  it('issuers can be given where they do not follow from the authority', async () => {
    const issuers = { v1: 'https://sts.example/{tenantid}/' }
    const bearer = await issuer.bearer({ ...userTokenV1, iss: `https://sts.example/${TENANT}/` })
    expect(await issuer.guard({ issuers }).judge(bearer)).toMatchObject({ kind: 'accepted' })
  })

  it('one tenant has metadata of its own, asked for by the client id of the API where that is known', async () => {
    const asked: string[] = []
    const fetch: typeof globalThis.fetch = async (input) => {
      asked.push(String(input))
      return Response.json({})
    }
    const bearer = await issuer.bearer(userToken)
    for (const audiences of [[API, `api://${API}`], [API, CLIENT], ['api://orders']])
      await issuer.guard({ audiences, fetch }).judge(bearer)

    const metadata = `https://login.microsoftonline.com/${TENANT}/v2.0/.well-known/openid-configuration`
    expect(asked).toEqual([`${metadata}?appid=${API}`, metadata, metadata])
  })

  // RFC 6750 section 3: the scopes of a challenge are needed all together, and here any one of several does.
  it('a challenge names the API, the tenant it belongs to and the one scope that is needed, or none where several would do', async () => {
    const guard = issuer.guard({ scopes: ['Orders.Read', 'Orders.Read'], roles: [] })
    const several = issuer.guard({ scopes: ['Orders.Read', 'Orders.Approve'], roles: [] })
    const challenge = async (claims: object) =>
      (await refusalOf(guard, await issuer.bearer({ ...claims }))).headers['www-authenticate']
    const about = `Bearer realm="${API}", authorization_uri="https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/authorize", `
    const { scp: _, ...withoutScopes } = userToken

    for (const claims of [{ ...userToken, scp: 'Other' }, withoutScopes, appToken]) {
      const text = await challenge(claims)
      expect(text).toContain(about)
      expect(text).toMatch(/, scope="Orders\.Read"$/)
      const ofSeveral = (await refusalOf(several, await issuer.bearer({ ...claims }))).headers
      expect(ofSeveral['www-authenticate']).toBe(text?.replace(', scope="Orders.Read"', ''))
    }
    expect(await challenge({ ...userToken, aud: 'other' })).not.toContain('scope=')
  })

  it('each client on the list may call', async () => {
    const guard = issuer.guard({ clients: [OTHER_TENANT, CLIENT] })
    for (const azp of [OTHER_TENANT, CLIENT])
      expect(await guard.judge(await issuer.bearer({ ...userToken, azp }))).toMatchObject({
        kind: 'accepted',
      })
  })

  it('several tenants share the keys of the organizations endpoint, each with its own issuer', async () => {
    const fresh = await createTokenIssuer()
    const own = fresh.guard({ tenants: [TENANT, OTHER_TENANT] })
    const other = { tid: OTHER_TENANT, iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0` }

    expect(await own.judge(await fresh.bearer(userToken))).toMatchObject({ kind: 'accepted' })
    expect(await own.judge(await fresh.bearer({ ...userToken, ...other }))).toMatchObject({
      kind: 'accepted',
    })
    expect((await refusalOf(own, await fresh.bearer({ ...userToken, tid: OTHER_TENANT }))).reason).toBe(
      'wrong_issuer',
    )
    expect(fresh.requests[0]).toBe('/organizations/v2.0/.well-known/openid-configuration')
  })
})

import { describe, expect, it } from 'vitest'
import type { Guid } from '../../lib/config/settingsReader.ts'
import { type AccessTokenRules, judgeAccessToken } from '../../lib/guard/judgeAccessToken.ts'
import type { RefusalReason } from '../../lib/guard/refusal.ts'
import {
  API,
  appToken,
  CLIENT,
  idToken,
  NOW_MS,
  NOW_SEC,
  OTHER_TENANT,
  TENANT,
  userToken,
  userTokenV1,
} from './tokenIssuer.ts'

const V2 = 'https://login.microsoftonline.com/{tenantid}/v2.0'
const rules: AccessTokenRules = {
  tenants: [TENANT as Guid],
  issuers: { v1: 'https://sts.windows.net/{tenantid}/', v2: V2 },
  audiences: [API, `api://${API}`],
  clients: [CLIENT],
  scopes: ['Orders.Read'],
  roles: ['Orders.Read.All'],
}
const usersOnly = { ...rules, roles: [] }
const appsOnly = { ...rules, scopes: [] }
const asBearer = { scheme: 'Bearer', certificate: undefined } as const
/** One second beyond the last that a Date can hold. */
const BEYOND_SEC = 8_640_000_000_001

function judge(
  claims: Readonly<Record<string, unknown>>,
  over: { rules?: AccessTokenRules; keyIssuer?: string } = {},
) {
  const verified = { claims, keyIssuer: over.keyIssuer ?? V2 }
  const verdict = judgeAccessToken(verified, over.rules ?? rules, NOW_MS, asBearer)
  return verdict.kind === 'accepted' ? verdict.caller.kind : verdict.reason
}

const without = (claims: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))

it('no token is accepted at a time that is none', () => {
  const verified = { claims: userToken, keyIssuer: V2 }

  expect(judgeAccessToken(verified, rules, Number.NaN, asBearer)).toEqual({
    kind: 'refused',
    reason: 'expired',
  })
})

describe('a token that breaks one rule is refused for that rule', () => {
  it.each<[string, Readonly<Record<string, unknown>>, RefusalReason]>([
    ['no version', without(userToken, 'ver'), 'wrong_version'],
    ['a version that does not exist', { ...userToken, ver: '3.0' }, 'wrong_version'],
    ['no client', without(userToken, 'azp'), 'not_an_access_token'],
    ['no word of how the client authenticated', without(userToken, 'azpacr'), 'not_an_access_token'],
    ['the nonce of an ID token', { ...userToken, nonce: 'n' }, 'not_an_access_token'],
    ['the at_hash of an ID token', { ...userToken, at_hash: 'h' }, 'not_an_access_token'],
    ['an ID token that names its client', { ...idToken, azp: CLIENT }, 'not_an_access_token'],
    ['a device', { ...userToken, idtyp: 'device' }, 'not_an_access_token'],
    ['no object id', without(userToken, 'oid'), 'incomplete_token'],
    ['an empty object id', { ...userToken, oid: '' }, 'incomplete_token'],
    ['no tenant', without(userToken, 'tid'), 'wrong_tenant'],
    ['a tenant list', { ...userToken, tid: [TENANT] }, 'wrong_tenant'],
    ['the version 1 issuer in a version 2 token', { ...userToken, iss: userTokenV1.iss }, 'wrong_issuer'],
    ['the version 2 issuer in a version 1 token', { ...userTokenV1, iss: userToken.iss }, 'wrong_issuer'],
    ['an issuer that only begins well', { ...userToken, iss: `${userToken.iss}/` }, 'wrong_issuer'],
    ['several audiences', { ...userToken, aud: [API, 'other'] }, 'wrong_audience'],
    ['no audience', without(userToken, 'aud'), 'wrong_audience'],
    ['no expiry', without(userToken, 'exp'), 'expired'],
    ['an expiry as text', { ...userToken, exp: String(userToken.exp) }, 'expired'],
    ['an expiry without end', { ...userToken, exp: Number.POSITIVE_INFINITY }, 'expired'],
    ['an expiry beyond every date', { ...userToken, exp: BEYOND_SEC }, 'expired'],
    ['a time of issue before every date', { ...userToken, iat: -BEYOND_SEC }, 'not_yet_valid'],
    ['a not-before before every date', { ...userToken, nbf: -BEYOND_SEC }, 'not_yet_valid'],
    ['no time of issue', without(userToken, 'iat'), 'not_yet_valid'],
    ['a not-before as text', { ...userToken, nbf: '0' }, 'not_yet_valid'],
    ['a client in another case', { ...userToken, azp: CLIENT.toUpperCase() }, 'foreign_client'],
    ['a proof that does not exist', { ...userToken, azpacr: '3' }, 'unproven_client'],
    ['a proof named like an inherited property', { ...userToken, azpacr: 'constructor' }, 'unproven_client'],
    ['a proof that is no text or number', { ...userToken, azpacr: true }, 'not_an_access_token'],
    ['a proof that only begins well', { ...userToken, azpacr: '2.0' }, 'unproven_client'],
    ['another scope', { ...userToken, scp: 'Orders.Write' }, 'missing_scope'],
    ['a scope that only begins well', { ...userToken, scp: 'Orders.Read.All' }, 'missing_scope'],
    [
      'a user without scopes, who has the role of an application',
      { ...appToken, sub: 'pairwise' },
      'missing_scope',
    ],
    ['another role', { ...appToken, roles: ['Orders.Write.All'] }, 'missing_role'],
    ['no role', without(appToken, 'roles'), 'missing_role'],
    ['roles that are one text', { ...appToken, roles: 'Orders.Read.All Orders.Write.All' }, 'missing_role'],
    ['a key that it is bound to', { ...userToken, cnf: { 'x5t#S256': 'A'.repeat(43) } }, 'bound_token'],
  ])('%s', (_, claims, reason) => expect(judge(claims)).toBe(reason))
})

describe('how the client authenticated', () => {
  it('is read from the claim of the token version alone', () => {
    expect(judge({ ...userToken, azpacr: '1', appidacr: '2' })).toBe('secret_client')
    expect(judge({ ...userTokenV1, appidacr: '0', azpacr: '2' })).toBe('public_client')
    expect(judge({ ...without(userTokenV1, 'appid', 'appidacr'), azp: CLIENT, azpacr: '2' })).toBe(
      'not_an_access_token',
    )
  })

  it('a certificate does not help a client that is not on the list', () => {
    expect(judge(userToken, { rules: { ...rules, clients: [OTHER_TENANT] } })).toBe('foreign_client')
  })
})

describe('users and applications', () => {
  it('idtyp decides where it is present', () => {
    expect(judge({ ...appToken, idtyp: 'app' })).toBe('app')
    expect(judge({ ...userToken, idtyp: 'user' })).toBe('user')
    expect(judge({ ...userToken, idtyp: 'app' })).toBe('missing_role')
    expect(judge({ ...appToken, idtyp: 'user' })).toBe('missing_scope')
  })

  it('each kind of caller is refused where no permission is listed for it', () => {
    expect(judge(appToken, { rules: usersOnly })).toBe('user_required')
    expect(judge(userToken, { rules: appsOnly })).toBe('app_required')
  })

  it('a subject that is the object itself makes no application of a token with scopes', () => {
    expect(judge({ ...userToken, sub: userToken.oid })).toBe('user')
    expect(judge({ ...userToken, sub: userToken.oid }, { rules: appsOnly })).toBe('app_required')
  })

  it('one of the scopes or roles that are listed is enough', () => {
    const either = {
      ...rules,
      scopes: ['Orders.Read', 'Orders.Approve'],
      roles: ['Orders.Read.All', 'Orders.Approve.All'],
    }
    expect(judge(userToken, { rules: either })).toBe('user')
    expect(judge(appToken, { rules: either })).toBe('app')
  })

  it('roles that are no texts are none of the caller', () => {
    const claims = { ...appToken, roles: [7, '', 'Orders.Read.All', null] }
    const verdict = judgeAccessToken({ claims, keyIssuer: V2 }, rules, NOW_MS, asBearer)
    expect(verdict).toMatchObject({ kind: 'accepted', caller: { roles: ['Orders.Read.All'] } })
  })

  it("a user's own app roles are no substitute for a scope", () => {
    expect(judge({ ...userToken, scp: 'Other', roles: ['Orders.Read.All'] })).toBe('missing_scope')
  })
})

describe('times have a tolerance of sixty seconds', () => {
  it.each([
    ['exp', NOW_SEC - 59.999, NOW_SEC - 60, 'expired'],
    ['nbf', NOW_SEC + 60, NOW_SEC + 60.001, 'not_yet_valid'],
    ['iat', NOW_SEC + 60, NOW_SEC + 60.001, 'not_yet_valid'],
  ])('%s', (name, accepted, refused, reason) => {
    expect(judge({ ...userToken, [name]: accepted })).toBe('user')
    expect(judge({ ...userToken, [name]: refused })).toBe(reason)
  })
})

it('the last second that a Date can hold is a time that can be written out', () => {
  const claims = { ...userToken, exp: BEYOND_SEC - 1 }
  const verdict = judgeAccessToken({ claims, keyIssuer: V2 }, rules, NOW_MS, asBearer)
  if (verdict.kind !== 'accepted') throw new Error(verdict.reason)
  expect(new Date(verdict.caller.expiresAtMs).toISOString()).toBe('+275760-09-13T00:00:00.000Z')
})

it('a token that names no time before which it is not valid is valid at once', () => {
  expect(judge(without(userToken, 'nbf'))).toBe('user')
})

describe('the key may sign for its own issuer only', () => {
  const foreign = `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`

  it('a key of another tenant is refused in either version', () => {
    expect(judge(userToken, { keyIssuer: foreign })).toBe('foreign_key')
    expect(judge(userTokenV1, { keyIssuer: foreign })).toBe('foreign_key')
  })

  it('a key of the version 2 issuer also signs version 1 tokens', () => {
    expect(judge(userTokenV1, { keyIssuer: V2 })).toBe('user')
    expect(judge(userTokenV1, { keyIssuer: String(userTokenV1.iss) })).toBe('user')
  })
})

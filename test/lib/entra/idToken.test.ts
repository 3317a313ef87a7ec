import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64url, sha256 } from '../../../lib/base/crypto.ts'
import { type IdTokenRules, judgeIdToken } from '../../../lib/entra/idToken.ts'
import type { AppError } from '../../../lib/errors/appError.ts'
import { CLIENT, configOf, OTHER_TENANT, TENANT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { START_MS } from '../../support/heldEffects.ts'
import {
  brokenRule,
  CLAIMS,
  ISSUER,
  NOW_SEC,
  newSigner,
  OID,
  RULES,
  type Signer,
  verifierOf,
} from '../../support/idTokens.ts'

let key: Signer
let otherKey: Signer
beforeAll(async () => {
  ;[key, otherKey] = await Promise.all([newSigner(), newSigner()])
})

/** A verifier whose provider publishes `key`. */
const verifier = () => verifierOf({ ...key.publicJwk, kid: 'k1', use: 'sig' })

const judge = (members: object, keyIssuer?: string, changed: Partial<IdTokenRules> = {}) =>
  judgeIdToken({ ...CLAIMS, ...members }, keyIssuer, { ...RULES, ...changed })

describe('a valid ID token', () => {
  it('gives the identity and nothing that was not asked for', async () => {
    const token = key.idToken({
      name: 'Alice Example',
      preferred_username: 'alice@contoso.com',
      email: 'alice@contoso.com',
      sid: 'session-at-entra',
      login_hint: 'opaque',
      roles: ['Admin'],
      auth_time: NOW_SEC - 600,
      acrs: ['c1', 'c2'],
    })

    expect(await verifier().verify(token)).toEqual({
      tid: TENANT,
      oid: OID,
      sub: 'pairwise-subject',
      name: 'Alice Example',
      username: 'alice@contoso.com',
      sid: 'session-at-entra',
      loginHint: 'opaque',
      authTimeMs: START_MS - 600_000,
      acrs: ['c1', 'c2'],
      roles: ['Admin'],
    })
  })

  it.each([
    ['text', { auth_time: String(NOW_SEC) }],
    ['nothing', { auth_time: null, acrs: null }],
    ['a time before every date', { auth_time: -8_640_000_000_001 }],
    ['a context that is no list', { acrs: 'c1' }],
    ['contexts that are no texts', { acrs: [1, null, '', {}, 'x'.repeat(65)] }],
    ['more contexts than there are', { acrs: Array.from({ length: 100 }, (_, i) => `c${i}`) }],
  ])('says neither when nor how strongly by %s', (_what, members) => {
    expect(judge(members)).toStrictEqual({ tid: TENANT, oid: OID, sub: 'pairwise-subject' })
  })

  it('may be as long and as rich as Entra makes it, and not one longer', () => {
    const [sub, oid] = ['s'.repeat(255), 'o'.repeat(255)]
    const roles = Array.from({ length: 200 }, (_, i) => `${i}`.padEnd(120, 'r'))
    const acrs = Array.from({ length: 99 }, (_, i) => `c${i + 1}`)

    expect(judge({ sub, oid, roles, acrs })).toEqual({ tid: TENANT, sub, oid, roles, acrs })
  })

  it('may name no time before which it is not valid', () => {
    expect(judge({ nbf: undefined })).toMatchObject({ oid: OID })
  })

  it('that answers no request, as after a refresh, is not held against a nonce', () => {
    expect(judge({ nonce: 'of the first sign-in' }, undefined, { nonce: undefined })).toMatchObject({
      oid: OID,
    })
  })

  it('is of somebody who has authenticated already, give or take a minute', async () => {
    expect(judge({ auth_time: NOW_SEC + 360 }).authTimeMs).toBe(START_MS + 360_000)
    expect(await brokenRule(() => judge({ auth_time: NOW_SEC + 361 }))).toBe('auth_time')
  })

  it.each([[['']], ['Admin'], [[1]], [['Admin', 1]], [Array(201).fill('Admin')], [['x'.repeat(121)]]])(
    'knows no role where the claim is not a list of names: %j',
    async (roles) => {
      expect(await verifier().verify(key.idToken({ roles }))).not.toHaveProperty('roles')
    },
  )

  it('needs none of the claims that are only shown', async () => {
    expect(await verifier().verify(key.idToken())).toEqual({ tid: TENANT, oid: OID, sub: 'pairwise-subject' })
  })

  it('may leave out what is shown when it is not what it should be', () => {
    expect(judge({ name: 7, preferred_username: '', sid: 'x'.repeat(129), login_hint: null })).toEqual({
      tid: TENANT,
      oid: OID,
      sub: 'pairwise-subject',
    })
  })

  it('may name no key where the provider has exactly one (kid-absent-single-jwks)', async () => {
    await expect(verifier().verify(key.idToken({}, { kid: undefined }))).resolves.toMatchObject({ oid: OID })
  })

  it('may be signed by a key that has come since (signing-key-rotation)', async () => {
    const { provider, verify } = verifier()
    await verify(key.idToken())
    provider.keys = [{ ...otherKey.publicJwk, kid: 'k2' }]

    await expect(verify(otherKey.idToken({}, { kid: 'k2' }))).resolves.toMatchObject({ oid: OID })
  })

  it('may carry an audience list of one, our own azp, and the hash of its access token', () => {
    const at_hash = base64url.encode(sha256(RULES.accessToken).subarray(0, 16))

    expect(judge({ aud: [CLIENT], azp: CLIENT, at_hash })).toMatchObject({ oid: OID })
  })
})

describe('each claim by itself', () => {
  it.each<[rule: string, members: object]>([
    ['tid', { tid: undefined }],
    ['tid', { tid: OTHER_TENANT }],
    ['tid', { tid: TENANT.toUpperCase() }],
    ['tid', { tid: [TENANT] }],
    ['tid', { tid: 'common' }],
    ['tid', { tid: '' }],
    ['iss', { iss: undefined }],
    ['iss', { iss: 'https://evil.example' }],
    ['iss', { iss: `${ISSUER}/` }],
    ['iss', { iss: [ISSUER] }],
    ['iss', { iss: `https://sts.windows.net/${TENANT}/` }],
    ['iss', { iss: `https://login.microsoftonline.com/${OTHER_TENANT}/v2.0` }],
    ['iss', { iss: 'https://login.microsoftonline.com/{tenantid}/v2.0' }],
    ['iss', { iss: ISSUER.replace('login.', 'LOGIN.') }],
    ['ver', { ver: undefined }],
    ['ver', { ver: '1.0' }],
    ['ver', { ver: 2 }],
    ['aud', { aud: undefined }],
    ['aud', { aud: 'other' }],
    ['aud', { aud: `api://${CLIENT}` }],
    ['aud', { aud: CLIENT.toUpperCase() }],
    ['aud', { aud: [] }],
    ['aud', { aud: [CLIENT, 'other'] }],
    ['aud', { aud: ['other', CLIENT] }],
    ['aud', { aud: [CLIENT, CLIENT] }],
    ['aud', { aud: [[CLIENT]] }],
    ['aud', { aud: { 0: CLIENT, length: 1 } }],
    ['azp', { azp: 'other' }],
    ['exp', { exp: 8_640_000_000_001 }],
    ['nbf', { nbf: -8_640_000_000_001 }],
    ['azp', { azp: '' }],
    ['azp', { azp: null }],
    ['nonce', { nonce: undefined }],
    ['nonce', { nonce: 'nonce-of-another-transaction' }],
    ['nonce', { nonce: '' }],
    ['nonce', { nonce: null }],
    ['at_hash', { at_hash: 'wrong' }],
    ['at_hash', { at_hash: '' }],
    ['at_hash', { at_hash: null }],
    ['at_hash', { at_hash: base64url.encode(sha256(RULES.accessToken)) }],
    ['exp', { exp: undefined }],
    ['exp', { exp: null }],
    ['exp', { exp: String(NOW_SEC + 3_600) }],
    ['iat', { iat: undefined }],
    ['iat', { iat: String(NOW_SEC) }],
    ['iat', { iat: NOW_SEC - 7 * 24 * 3_600 }],
    ['nbf', { nbf: String(NOW_SEC) }],
    ['nbf', { nbf: null }],
    ['sub', { sub: undefined }],
    ['sub', { sub: '' }],
    ['sub', { sub: 7 }],
    ['sub', { sub: 'x'.repeat(256) }],
    ['sub', { sub: 'älice' }],
    ['sub', { sub: 'x\u0000' }],
    ['oid', { oid: undefined }],
    ['oid', { oid: '' }],
    ['oid', { oid: {} }],
  ])('%s fails for %o', async (rule, members) => {
    expect(await brokenRule(() => judge(members))).toBe(rule)
  })

  it.each<[rule: string, members: object]>([
    ['iss', { iss: 'https://evil.example' }],
    ['aud', { aud: 'other' }],
    ['nonce', { nonce: 'other' }],
    ['exp', { exp: NOW_SEC - 3_600 }],
  ])('%s fails in a well-signed token, too', async (rule, members) => {
    expect(await brokenRule(() => verifier().verify(key.idToken(members)))).toBe(rule)
  })

  it('accepts a nonce only from its own transaction', async () => {
    expect(await brokenRule(() => judge({}, undefined, { nonce: 'of another transaction' }))).toBe('nonce')
  })
})

describe('the clock', () => {
  it.each<[rule: string, claim: string, last: number, firstRefused: number]>([
    ['exp', 'exp', NOW_SEC - 59, NOW_SEC - 60],
    ['iat', 'iat', NOW_SEC + 60, NOW_SEC + 61],
    ['iat', 'iat', NOW_SEC - 24 * 3_600, NOW_SEC - 24 * 3_600 - 1],
    ['nbf', 'nbf', NOW_SEC + 60, NOW_SEC + 61],
  ])('is off by a minute at most: %s', async (rule, claim, last, firstRefused) => {
    expect(judge({ [claim]: last })).toMatchObject({ oid: OID })
    expect(await brokenRule(() => judge({ [claim]: firstRefused }))).toBe(rule)
  })

  it('is the one of the app, to the millisecond', async () => {
    const ends = { exp: NOW_SEC }

    expect(judge(ends, undefined, { nowMs: START_MS + 59_999 })).toMatchObject({ oid: OID })
    expect(await brokenRule(() => judge(ends, undefined, { nowMs: START_MS + 60_000 }))).toBe('exp')
  })
})

describe('with several tenants', () => {
  const several = configOf({
    ENTRA_TENANT_ID: 'organizations',
    ENTRA_ALLOWED_TENANTS: `${TENANT},${OTHER_TENANT}`,
  })
  const { issuerTemplate } = several.entra
  const severalRules = { issuerTemplate, allowedTenants: several.allowedTenants }
  const issuerOf = (tid: string): string => `https://login.microsoftonline.com/${tid}/v2.0`

  it.each([TENANT, OTHER_TENANT])('one from %s is accepted', (tid) => {
    expect(judge({ tid, iss: issuerOf(tid) }, undefined, severalRules)).toMatchObject({ tid })
  })

  it('one from a tenant that is not listed is refused (CVE-2016-7191): its person has no access', async () => {
    const tid = '33333333-3333-4333-8333-333333333333'
    const fault = await faultOf(() => judge({ tid, iss: issuerOf(tid) }, undefined, severalRules))

    expect([fault.code, fault.context.detail]).toEqual(['entra/no_access', 'tenant not allowed'])
  })

  it('one that only says so, under an issuer that is not its own, is a forgery', async () => {
    const tid = '33333333-3333-4333-8333-333333333333'

    expect(await brokenRule(() => judge({ tid, iss: issuerOf(TENANT) }, undefined, severalRules))).toBe('tid')
  })

  it('one whose issuer and tenant disagree is refused, though both are listed', async () => {
    const crossed = { tid: TENANT, iss: issuerOf(OTHER_TENANT) }

    expect(await brokenRule(() => judge(crossed, undefined, severalRules))).toBe('iss')
  })

  it('one signed by the key of another listed tenant is refused', async () => {
    const mine = { tid: TENANT, iss: issuerOf(TENANT) }

    expect(await brokenRule(() => judge(mine, issuerOf(OTHER_TENANT), severalRules))).toBe('key issuer')
  })
})

describe('whatever the claims are', () => {
  it('the judgement is an identity of an allowed tenant or a refusal that names its rule', () => {
    const names = ['iss', 'aud', 'sub', 'oid', 'tid', 'ver', 'nonce', 'iat', 'nbf', 'exp', 'azp', 'at_hash']
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), (members) => {
        try {
          expect(judge(members).tid).toBe(TENANT)
        } catch (fault) {
          expect((fault as AppError).code).toBe('entra/id_token_rejected')
          expect(names).toContain((fault as AppError).context.detail)
        }
      }),
      { numRuns: 500 },
    )
  })
})

import { createHmac, createPublicKey, sign as rsaSign } from 'node:crypto'
import fc from 'fast-check'
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, type JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64url, sha256 } from '../../../lib/crypto.ts'
import { type IdTokenRules, judgeIdToken, verifyIdToken } from '../../../lib/entra/idToken.ts'
import { createProviderKeys } from '../../../lib/entra/providerKeys.ts'
import type { AppError } from '../../../lib/errors.ts'
import { CLIENT, configOf, OTHER_TENANT, TENANT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { heldEffects, START_MS } from '../../support/heldEffects.ts'
import { heldProvider } from '../../support/heldProvider.ts'

const config = configOf()
const NOW_SEC = START_MS / 1_000
const ACCESS_TOKEN = 'an access token'
const ISSUER = `https://login.microsoftonline.com/${TENANT}/v2.0`
const OID = '0b1ec700-0000-4000-8000-00000000000a'

const rules: IdTokenRules = {
  clientId: CLIENT,
  issuerTemplate: config.entra.issuerTemplate,
  allowedTenants: config.allowedTenants,
  nonce: 'nonce-of-this-transaction',
  accessToken: ACCESS_TOKEN,
  nowMs: START_MS,
}
const claims = {
  iss: ISSUER,
  aud: CLIENT,
  sub: 'pairwise-subject',
  oid: OID,
  tid: TENANT,
  ver: '2.0',
  nonce: 'nonce-of-this-transaction',
  iat: NOW_SEC,
  nbf: NOW_SEC,
  exp: NOW_SEC + 3_600,
}

interface Pair {
  readonly publicJwk: JWK
  readonly privatePem: string
}
let key: Pair
let otherKey: Pair
beforeAll(async () => {
  ;[key, otherKey] = await Promise.all([keyPair(), keyPair()])
})

async function keyPair(): Promise<Pair> {
  const pair: { publicKey: CryptoKey; privateKey: CryptoKey } = await generateKeyPair('RS256', {
    extractable: true,
  })
  return { publicJwk: await exportJWK(pair.publicKey), privatePem: await exportPKCS8(pair.privateKey) }
}

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function idToken(members: object = {}, header: object = {}, signer = key): string {
  const input = `${segment({ alg: 'RS256', typ: 'JWT', kid: 'k1', ...header })}.${segment({ ...claims, ...members })}`
  return `${input}.${rsaSign('sha256', Buffer.from(input), signer.privatePem).toString('base64url')}`
}

/** A verifier whose provider publishes the keys given. */
function verifier(published: readonly object[] = [{ ...key.publicJwk, kid: 'k1', use: 'sig' }]) {
  const provider = heldProvider(config.entra)
  provider.keys = published
  const keys = createProviderKeys(config.entra, { ...heldEffects(), fetch: provider.fetch })
  return {
    provider,
    verify: (token: string, changed: Partial<IdTokenRules> = {}) =>
      verifyIdToken(token, keys, { ...rules, ...changed }),
  }
}

async function refusal(act: () => unknown): Promise<string | undefined> {
  const fault = await faultOf(act)
  expect(fault.code).toBe('entra/id_token_rejected')
  return fault.context.detail
}

const judge = (members: object, keyIssuer?: string, changed: Partial<IdTokenRules> = {}) =>
  judgeIdToken({ ...claims, ...members }, keyIssuer, { ...rules, ...changed })

describe('a valid ID token', () => {
  it('gives the identity and nothing that was not asked for', async () => {
    const token = idToken({
      name: 'Alice Example',
      preferred_username: 'alice@contoso.com',
      email: 'alice@contoso.com',
      sid: 'session-at-entra',
      login_hint: 'opaque',
      roles: ['Admin'],
    })

    expect(await verifier().verify(token)).toEqual({
      tid: TENANT,
      oid: OID,
      sub: 'pairwise-subject',
      name: 'Alice Example',
      username: 'alice@contoso.com',
      sid: 'session-at-entra',
      loginHint: 'opaque',
    })
  })

  it('needs none of the claims that are only shown', async () => {
    expect(await verifier().verify(idToken())).toEqual({ tid: TENANT, oid: OID, sub: 'pairwise-subject' })
  })

  it('may leave out what is shown when it is not what it should be', () => {
    expect(judge({ name: 7, preferred_username: '', sid: 'x'.repeat(129), login_hint: null })).toEqual({
      tid: TENANT,
      oid: OID,
      sub: 'pairwise-subject',
    })
  })

  it('may name no key where the provider has exactly one (kid-absent-single-jwks)', async () => {
    await expect(verifier().verify(idToken({}, { kid: undefined }))).resolves.toMatchObject({ oid: OID })
  })

  it('may be signed by a key that has come since (signing-key-rotation)', async () => {
    const { provider, verify } = verifier()
    await verify(idToken())
    provider.keys = [{ ...otherKey.publicJwk, kid: 'k2' }]

    await expect(verify(idToken({}, { kid: 'k2' }, otherKey))).resolves.toMatchObject({ oid: OID })
  })

  it('may carry an audience list of one, our own azp, and the hash of its access token', () => {
    const at_hash = base64url.encode(sha256(ACCESS_TOKEN).subarray(0, 16))

    expect(judge({ aud: [CLIENT], azp: CLIENT, at_hash })).toMatchObject({ oid: OID })
  })
})

describe('the signature', () => {
  const strip = (token: string): string => token.slice(0, token.lastIndexOf('.') + 1)

  it.each<[string, () => string]>([
    ['made by another key of the same id', () => idToken({}, {}, otherKey)],
    ['missing', () => strip(idToken())],
    ['missing, with alg none', () => strip(idToken({}, { alg: 'none' }))],
    ['of alg none but there', () => idToken({}, { alg: 'none' })],
    ['of alg NONE', () => strip(idToken({}, { alg: 'NONE' }))],
    ['of no alg', () => idToken({}, { alg: undefined })],
    ['of an empty alg', () => idToken({}, { alg: '' })],
    ['of alg rs256 in small letters', () => idToken({}, { alg: 'rs256' })],
    ['of alg RS512', () => idToken({}, { alg: 'RS512' })],
    ['of alg PS256', () => idToken({}, { alg: 'PS256' })],
    ['of alg ES256', () => idToken({}, { alg: 'ES256' })],
    ['of alg list', () => idToken({}, { alg: ['RS256'] })],
    ['with a critical header', () => idToken({}, { crit: ['exp'], exp: 1 })],
    ['cut short', () => idToken().slice(0, -8)],
    ['moved from another token', () => strip(idToken({ oid: 'someone else' })) + idToken().split('.')[2]],
  ])('%s is refused', async (_name, token) => {
    expect(await refusal(() => verifier().verify(token()))).toBe('signature')
  })

  it.each(['PEM', 'DER', 'modulus', 'nothing'])(
    'by HMAC with the public key as secret (%s) is refused',
    async (form) => {
      const publicKey = createPublicKey({ key: key.publicJwk as JWK & { kty: string }, format: 'jwk' })
      const secrets: Record<string, string | Buffer> = {
        PEM: publicKey.export({ type: 'spki', format: 'pem' }),
        DER: publicKey.export({ type: 'spki', format: 'der' }),
        modulus: Buffer.from(key.publicJwk.n ?? '', 'base64url'),
        nothing: '',
      }
      const input = `${segment({ alg: 'HS256', kid: 'k1' })}.${segment(claims)}`
      const mac = createHmac('sha256', secrets[form] ?? '')
        .update(input)
        .digest('base64url')

      expect(await refusal(() => verifier().verify(`${input}.${mac}`))).toBe('signature')
    },
  )

  it('is refused with any one byte of the token changed', async () => {
    const token = idToken()
    const { verify } = verifier()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: token.length - 3 }),
        fc.constantFrom('A', '.', '_', '~'),
        async (at, by) => {
          fc.pre(token[at] !== by)
          const changed = token.slice(0, at) + by + token.slice(at + 1)
          expect(['signature', 'kid']).toContain(await refusal(() => verify(changed)))
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each(['', '.', '..', 'a.b', 'a.b.c.d.e', '{}', 'null', 'ÿ.ÿ.ÿ', ' '])(
    'of %j, which is no JWS, is refused',
    async (text) => {
      expect(await refusal(() => verifier().verify(text))).toBe('signature')
    },
  )

  it('is judged before anything the token says', async () => {
    const { verify } = verifier()
    const wrongInEveryWay = { iss: 'https://evil.example', aud: 'other', exp: 1, tid: OTHER_TENANT }

    expect(await refusal(() => verify(idToken(wrongInEveryWay, {}, otherKey)))).toBe('signature')
  })
})

describe('the key', () => {
  it('that is unknown is refused', async () => {
    expect(await refusal(() => verifier().verify(idToken({}, { kid: 'k9' })))).toBe('kid')
  })

  it('that is not named is refused where the provider has several (kid-absent-multiple-jwks)', async () => {
    const { verify } = verifier([
      { ...key.publicJwk, kid: 'k1' },
      { ...otherKey.publicJwk, kid: 'k2' },
    ])

    expect(await refusal(() => verify(idToken({}, { kid: undefined })))).toBe('kid')
  })

  it('that the token brings along is ignored, and nothing is fetched for it', async () => {
    const { verify, provider } = verifier()
    const brought = {
      jwk: otherKey.publicJwk,
      jku: 'https://evil.example/keys',
      x5u: 'https://evil.example/certificate',
      x5c: ['AAAA'],
    }

    expect(await refusal(() => verify(idToken({}, brought, otherKey)))).toBe('signature')
    expect(await refusal(() => verify(idToken({}, { ...brought, kid: undefined }, otherKey)))).toBe(
      'signature',
    )
    expect(provider.requests.filter((url) => url.includes('evil'))).toEqual([])
  })

  it.each([
    ['too short', { n: 'AQAB', e: 'AQAB' }],
    ['empty', { n: '', e: '' }],
    ['no base64url', { n: '!', e: '!' }],
  ])('that is %s refuses the token and is no bug of ours', async (_name, members) => {
    const { verify } = verifier([{ kty: 'RSA', kid: 'k1', ...members }])

    expect(await refusal(() => verify(idToken()))).toBe('signature')
  })

  it('that cannot be had is no fault of the token', async () => {
    const { verify, provider } = verifier()
    provider.instead = () => new Response('down', { status: 503 })

    expect((await faultOf(() => verify(idToken()))).code).toBe('entra/unavailable')
  })

  it('may sign for its own issuer only: one of another tenant is refused (CVE-2024-10125)', async () => {
    const published = (issuer: string) => [{ ...key.publicJwk, kid: 'k1', issuer }]

    const foreign = verifier(published(`https://login.microsoftonline.com/${OTHER_TENANT}/v2.0`))
    expect(await refusal(() => foreign.verify(idToken()))).toBe('key issuer')
    await expect(verifier(published(ISSUER)).verify(idToken())).resolves.toMatchObject({ oid: OID })
    await expect(
      verifier(published('https://login.microsoftonline.com/{tenantid}/v2.0')).verify(idToken()),
    ).resolves.toMatchObject({ oid: OID })
  })
})

describe('a token of more than 64 KB', () => {
  it('is refused before a key is looked for', async () => {
    const { verify, provider } = verifier()

    expect(await refusal(() => verify(`${'a'.repeat(65_537)}`))).toBe('size')
    expect(provider.requests).toEqual([])
  })

  it('begins one character past 65,536', async () => {
    expect(await refusal(() => verifier().verify('a'.repeat(65_536)))).toBe('signature')
  })
})

describe('a payload', () => {
  it.each(['[]', 'null', '"text"', '7', '{', '', '\xff'])(
    'of %j is refused, well signed or not',
    async (text) => {
      const payload = Buffer.from(text, 'latin1').toString('base64url')
      const input = `${segment({ alg: 'RS256', kid: 'k1' })}.${payload}`
      const signature = rsaSign('sha256', Buffer.from(input), key.privatePem).toString('base64url')

      expect(await refusal(() => verifier().verify(`${input}.${signature}`))).toBe('payload')
    },
  )
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
    ['azp', { azp: '' }],
    ['azp', { azp: null }],
    ['nonce', { nonce: undefined }],
    ['nonce', { nonce: 'nonce-of-another-transaction' }],
    ['nonce', { nonce: '' }],
    ['nonce', { nonce: null }],
    ['at_hash', { at_hash: 'wrong' }],
    ['at_hash', { at_hash: '' }],
    ['at_hash', { at_hash: null }],
    ['at_hash', { at_hash: base64url.encode(sha256(ACCESS_TOKEN)) }],
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
    ['oid', { oid: undefined }],
    ['oid', { oid: '' }],
    ['oid', { oid: {} }],
  ])('%s fails for %o', async (rule, members) => {
    expect(await refusal(() => judge(members))).toBe(rule)
  })

  it.each<[rule: string, members: object]>([
    ['iss', { iss: 'https://evil.example' }],
    ['aud', { aud: 'other' }],
    ['nonce', { nonce: 'other' }],
    ['exp', { exp: NOW_SEC - 3_600 }],
  ])('%s fails in a well-signed token, too', async (rule, members) => {
    expect(await refusal(() => verifier().verify(idToken(members)))).toBe(rule)
  })

  it('accepts a nonce only from its own transaction', async () => {
    expect(await refusal(() => judge({}, undefined, { nonce: 'of another transaction' }))).toBe('nonce')
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
    expect(await refusal(() => judge({ [claim]: firstRefused }))).toBe(rule)
  })

  it('is the one of the app, to the millisecond', async () => {
    const ends = { exp: NOW_SEC }

    expect(judge(ends, undefined, { nowMs: START_MS + 59_999 })).toMatchObject({ oid: OID })
    expect(await refusal(() => judge(ends, undefined, { nowMs: START_MS + 60_000 }))).toBe('exp')
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

    expect(fault.code).toBe('entra/no_access')
  })

  it('one that only says so, under an issuer that is not its own, is a forgery', async () => {
    const tid = '33333333-3333-4333-8333-333333333333'

    expect(await refusal(() => judge({ tid, iss: issuerOf(TENANT) }, undefined, severalRules))).toBe('tid')
  })

  it('one whose issuer and tenant disagree is refused, though both are listed', async () => {
    const crossed = { tid: TENANT, iss: issuerOf(OTHER_TENANT) }

    expect(await refusal(() => judge(crossed, undefined, severalRules))).toBe('iss')
  })

  it('one signed by the key of another listed tenant is refused', async () => {
    const mine = { tid: TENANT, iss: issuerOf(TENANT) }

    expect(await refusal(() => judge(mine, issuerOf(OTHER_TENANT), severalRules))).toBe('key issuer')
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

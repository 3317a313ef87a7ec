import { describe, expect, it } from 'vitest'
import { base64url, sha256 } from '../../../lib/base/crypto.ts'
import { configOf, OTHER_TENANT, TENANT } from '../../support/configOf.ts'
import { faultOf } from '../../support/faultOf.ts'
import { CLAIMS, OID } from '../../support/idTokens.ts'
import { ASSERTION, redemptionWorld as world } from '../../support/redemptionWorld.ts'

describe('the token request', () => {
  it('is the same byte for byte', async () => {
    const { redeem, requests } = world()
    await redeem()
    const [{ url, method, headers, body } = { url: '', headers: new Headers(), body: '' }] = requests
    // The library names itself and its version; that is none of the product's promises.
    headers.delete('user-agent')
    const shown = [...headers].map(([name, value]) => `${name}: ${value}`)

    await expect(
      [`${method} ${url}`, ...shown, '', body.replaceAll('&', '\n&'), ''].join('\n'),
    ).toMatchFileSnapshot('../../golden/code-redemption.txt')
  })

  it('proves the client by one assertion, never by a secret', async () => {
    const { redeem, requests } = world()
    await redeem()
    const sent = new URLSearchParams(requests[0]?.body)

    expect(sent.getAll('client_assertion')).toEqual(['header.claims.signature'])
    expect(sent.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
    expect(sent.has('client_secret')).toBe(false)
    expect(requests[0]?.headers.has('authorization')).toBe(false)
  })

  it('is sent once, whatever comes of it', async () => {
    for (const status of [200, 400, 401, 429, 500, 503]) {
      const { redeem, requests, endpointAnswer } = world()
      endpointAnswer.status = status
      if (status !== 200) endpointAnswer.body = { error: 'server_error' }
      await redeem().catch(() => undefined)
      expect(requests).toHaveLength(1)
    }
  })
})

describe('a redemption', () => {
  it('gives the identity and the tokens, with the lifetime as a moment', async () => {
    const { redeem, effects } = world()

    expect(await redeem()).toEqual({
      identity: { tid: TENANT, oid: OID, sub: CLAIMS.sub },
      tokens: {
        accessToken: 'access',
        accessTokenExpiresAtMs: effects.now() + 3_600_000,
        refreshToken: 'refresh',
      },
      proof: ASSERTION.proof,
    })
  })

  it.each([
    ['stated as a number', 3_600, 3_600],
    ['stated as text', '3600', 3_600],
    ['not stated', undefined, 300],
    ['zero', 0, 300],
    ['longer than any date', 8_640_000_000_000, 300],
  ])('counts on a lifetime that is %s', async (_name, expires_in, lifetimeSec) => {
    const { redeem, endpointAnswer, effects } = world()
    endpointAnswer.body = { ...endpointAnswer.body, expires_in }

    const { tokens } = await redeem()

    expect(tokens.accessTokenExpiresAtMs - effects.now()).toBe(lifetimeSec * 1_000)
  })

  it.each(['bearer', 'BEARER', 'Bearer'])('takes the token type %s', async (token_type) => {
    const { redeem, endpointAnswer } = world()
    endpointAnswer.body = { ...endpointAnswer.body, token_type }

    await expect(redeem()).resolves.toBeDefined()
  })

  it('does without a refresh token and a scope', async () => {
    const { redeem, endpointAnswer } = world()
    const { refresh_token: _refresh, scope: _scope, ...rest } = endpointAnswer.body
    endpointAnswer.body = rest

    const { tokens } = await redeem()

    expect(Object.keys(tokens).sort()).toEqual(['accessToken', 'accessTokenExpiresAtMs'])
  })

  it('goes by the clock of the app, not of the machine', async () => {
    const { redeem, effects } = world()
    await expect(redeem()).resolves.toBeDefined()

    effects.advance(2 * 3_600_000)
    expect((await faultOf(redeem)).code).toBe('entra/id_token_rejected')
  })
})

describe('an ID token is refused', () => {
  it.each<[string, object, object]>([
    ['for another nonce', { nonce: 'other' }, {}],
    ['for another audience', { aud: 'other' }, {}],
    ['from another tenant', { tid: OTHER_TENANT }, {}],
    ['without a subject', { sub: undefined }, {}],
    ['with alg none', {}, { alg: 'none' }],
    ['with alg HS256', {}, { alg: 'HS256' }],
    [
      'with the hash of another access token',
      { at_hash: base64url.encode(sha256('other').subarray(0, 16)) },
      {},
    ],
  ])('%s', async (_name, members, header) => {
    const { redeem, endpointAnswer, idToken } = world()
    endpointAnswer.body = { ...endpointAnswer.body, id_token: idToken(members, header) }

    expect((await faultOf(redeem)).code).toBe('entra/id_token_rejected')
  })

  it('for a signature that does not hold, though it came over TLS', async () => {
    const { redeem, endpointAnswer, idToken } = world()
    const [header, , signature] = idToken().split('.')
    const [, claims] = idToken({ oid: 'someone else' }).split('.')
    endpointAnswer.body = { ...endpointAnswer.body, id_token: `${header}.${claims}.${signature}` }

    const fault = await faultOf(redeem)

    expect([fault.code, fault.context.detail]).toEqual(['entra/id_token_rejected', 'signature'])
  })

  it('where there is none at all', async () => {
    const { redeem, endpointAnswer } = world()
    endpointAnswer.body = { ...endpointAnswer.body, id_token: undefined }

    expect((await faultOf(redeem)).code).toBe('entra/malformed_response')
  })
})

describe('with several tenants', () => {
  const several = () =>
    world(configOf({ ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: `${TENANT},${OTHER_TENANT}` }))
  const from = (tid: string) => ({ tid, iss: `https://login.microsoftonline.com/${tid}/v2.0` })

  it.each([TENANT, OTHER_TENANT])('a person of %s signs in', async (tid) => {
    const { redeem, endpointAnswer, idToken } = several()
    endpointAnswer.body = { ...endpointAnswer.body, id_token: idToken(from(tid)) }

    expect((await redeem()).identity.tid).toBe(tid)
  })

  it('a response that names its issuer (RFC 9207) brings in somebody of that tenant, and nobody of another listed one', async () => {
    for (const tid of [TENANT, OTHER_TENANT]) {
      const { redeem, endpointAnswer, idToken } = several()
      endpointAnswer.body = { ...endpointAnswer.body, id_token: idToken(from(TENANT)) }
      const { iss } = from(tid)

      if (tid === TENANT) expect((await redeem({ iss })).identity.tid).toBe(TENANT)
      else {
        const { code, context } = await faultOf(() => redeem({ iss }))
        expect([code, context.detail]).toEqual(['callback/issuer_mismatch', 'ID token of another issuer'])
      }
    }
  })

  it.each<[string, object]>([
    ['whose issuer is another listed tenant', { ...from(TENANT), tid: OTHER_TENANT }],
    ['without a tenant', { tid: undefined }],
    ['whose issuer is the template', { iss: 'https://login.microsoftonline.com/{tenantid}/v2.0' }],
  ])('a person %s does not', async (_name, members) => {
    const { redeem, endpointAnswer, idToken } = several()
    endpointAnswer.body = { ...endpointAnswer.body, id_token: idToken(members) }

    expect((await faultOf(redeem)).code).toBe('entra/id_token_rejected')
  })

  it('a person of a tenant that is not listed has no access', async () => {
    const { redeem, endpointAnswer, idToken } = several()
    const unlisted = idToken(from('33333333-3333-4333-8333-333333333333'))
    endpointAnswer.body = { ...endpointAnswer.body, id_token: unlisted }

    expect((await faultOf(redeem)).code).toBe('entra/no_access')
  })

  it('an answer without an ID token is an answer gone wrong', async () => {
    const { redeem, endpointAnswer } = several()
    endpointAnswer.body = { ...endpointAnswer.body, id_token: undefined }

    expect((await faultOf(redeem)).code).toBe('entra/malformed_response')
  })
})

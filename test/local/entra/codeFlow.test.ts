import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  ada,
  chen,
  clientId,
  completeSignIn,
  createPkce,
  credential,
  openBrowser,
  openTestedWorld,
  postToken,
  redirectUri,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()

/** A code in hand, with the token request that would redeem it. */
async function codeInHand() {
  const { verifier, challenge } = createPkce()
  const { code } = await openBrowser(world.entra).signIn(ada, {
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  }
}

async function redeem(changes: Record<string, string | undefined>, options = {}) {
  return postToken(world.entra, { ...(await credential(world)), ...changes }, options)
}

describe('the code flow', () => {
  test('ends in tokens for the person who signed in', async () => {
    const { status, body, headers } = await completeSignIn(world)

    expect(status).toBe(200)
    expect(headers.get('cache-control')).toContain('no-store')
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: `api://${clientId}/access_as_user`,
      expires_in: 3599,
      ext_expires_in: 3599,
    })
    const keys = createRemoteJWKSet(new URL(`${world.entra.origin}/${tenantId}/discovery/v2.0/keys`))
    const currentDate = new Date(world.clock.nowMs)
    const idToken = await jwtVerify(String(body.id_token), keys, {
      issuer: `${world.entra.origin}/${tenantId}/v2.0`,
      audience: clientId,
      algorithms: ['RS256'],
      currentDate,
    })
    expect(idToken.payload).toMatchObject({
      name: 'Ada Lindqvist',
      preferred_username: 'ada@contoso.example',
      oid: ada,
      tid: tenantId,
      ver: '2.0',
      nonce: 'nonce-of-the-test',
      sid: expect.any(String),
      login_hint: expect.any(String),
    })
    expect(idToken.payload).not.toHaveProperty('at_hash')
    expect(idToken.payload).not.toHaveProperty('idp')
    const accessToken = await jwtVerify(String(body.access_token), keys, { audience: clientId, currentDate })
    expect(accessToken.payload).toMatchObject({
      scp: 'access_as_user',
      azp: clientId,
      azpacr: '2',
      ver: '2.0',
    })
  })

  test('gives a guest the object id of this tenant and names their home', async () => {
    const { body } = await completeSignIn(world, chen)
    const { payload } = await jwtVerify(
      String(body.id_token),
      createRemoteJWKSet(new URL(`${world.entra.origin}/${tenantId}/discovery/v2.0/keys`)),
      { currentDate: new Date(world.clock.nowMs) },
    )
    expect(payload).toMatchObject({ oid: chen, tid: tenantId, idp: expect.stringContaining('5e0a2f4c') })
  })

  test('gives no refresh token without offline_access and no ID token claims without profile', async () => {
    const { body } = await completeSignIn(world, ada, { authorize: { scope: 'openid' } })
    expect(body).not.toHaveProperty('refresh_token')
    const claims = JSON.parse(Buffer.from(String(body.id_token).split('.')[1] ?? '', 'base64url').toString())
    expect(claims).not.toHaveProperty('oid')
    expect(claims).not.toHaveProperty('name')
    expect(claims).toMatchObject({ tid: tenantId, sub: expect.any(String) })
  })

  test('tells when the person authenticated only if that was asked', async () => {
    const claimsOf = (body: Record<string, unknown>) => decodeJwt(String(body.id_token))
    expect(claimsOf((await completeSignIn(world)).body)).not.toHaveProperty('auth_time')
    const claims = '{"id_token":{"auth_time":{"essential":true}}}'
    const asked = await completeSignIn(world, ada, { authorize: { claims } })
    expect(claimsOf(asked.body).auth_time).toBe(Math.floor(world.clock.nowMs / 1000))

    world.entra.registerApplication({ ...world.web, optionalIdTokenClaims: ['auth_time', 'acct'] })
    const guest = claimsOf((await completeSignIn(world, chen)).body)
    expect(guest).toMatchObject({ auth_time: expect.any(Number), acct: 1 })
    world.entra.registerApplication(world.web)
  })

  test('names the contexts of the sign-in in the token that they were asked of', async () => {
    const claimsOf = (body: Record<string, unknown>) => decodeJwt(String(body.id_token))
    const context = { acrs: { essential: true, value: 'c1' } }
    const ofAccessToken = JSON.stringify({ access_token: context })
    const unasked = await completeSignIn(world, ada, { authorize: { claims: ofAccessToken } })
    expect(claimsOf(unasked.body)).not.toHaveProperty('acrs')
    const both = JSON.stringify({ access_token: context, id_token: context })
    const asked = await completeSignIn(world, ada, { authorize: { claims: both } })
    expect(claimsOf(asked.body).acrs).toEqual(['c1'])
  })

  test('for OpenID scopes alone issues an access token that only Graph can read', async () => {
    const { body } = await completeSignIn(world, ada, { authorize: { scope: 'openid profile User.Read' } })
    expect(body.scope).toBe('openid profile User.Read')
    expect(decodeProtectedHeader(String(body.access_token))).toHaveProperty('nonce')
    const keys = createRemoteJWKSet(new URL(`${world.entra.origin}/${tenantId}/discovery/v2.0/keys`))
    await expect(
      jwtVerify(String(body.access_token), keys, { currentDate: new Date(world.clock.nowMs) }),
    ).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  })

  test('sends client_info where MSAL asks for it', async () => {
    const { body } = await completeSignIn(world, ada, { token: { client_info: '1' } })
    const info = JSON.parse(Buffer.from(String(body.client_info), 'base64url').toString())
    expect(info).toEqual({ uid: ada, utid: tenantId })
  })

  test('echoes the request id that the client chose, when asked to', async () => {
    const id = 'c0ffee00-1111-4222-8333-444455556666'
    const headers = { 'client-request-id': id, 'return-client-request-id': 'true' }
    const reply = await redeem({ ...(await codeInHand()), code: 'nonsense' }, { headers })
    expect(reply.headers.get('client-request-id')).toBe(id)
    expect(reply.body.correlation_id).toBe(id)
  })
})

describe('an authorization code', () => {
  test('is good once', async () => {
    const code = await codeInHand()
    expect((await redeem(code)).status).toBe(200)
    const second = await redeem(code)
    expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [54005] } })
  })

  test('can be redeemed once only even by two requests at the same time', async () => {
    const code = await codeInHand()
    const replies = await Promise.all([redeem(code), redeem(code)])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('lives ten minutes', async () => {
    const code = await codeInHand()
    world.clock.nowMs += 10 * 60 * 1000
    const reply = await redeem({ ...code, ...(await credential(world)) })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [70008] } })
  })

  const other = createPkce().verifier
  test.each([
    ['another verifier', { code_verifier: other }, 501481],
    ['no verifier', { code_verifier: undefined }, 501481],
    ['another redirect URI', { redirect_uri: 'http://localhost:7071/auth/signed-out' }, 500112],
    ['no redirect URI', { redirect_uri: undefined }, 900144],
    ['a code that was never issued', { code: 'never' }, 70000],
    ['no code', { code: undefined }, 900144],
    ['a scope of two resources', { scope: `api://${clientId}/access_as_user User.Read` }, 28000],
    ['a scope nobody consented to', { scope: 'Mail.Read' }, 65001],
    ['a scope that does not exist', { scope: 'Mail.Reed' }, 70011],
    ['a resource that does not exist', { scope: 'api://nobody/access' }, 500011],
  ])('is refused with %s', async (_name, change, code) => {
    const reply = await redeem({ ...(await codeInHand()), ...change })
    expect(reply).toMatchObject({ status: 400, body: { error_codes: [code] } })
  })

  test('is bound to the tenant path it was issued under', async () => {
    world.entra.registerApplication({ ...world.web, isMultiTenant: true })
    const code = await codeInHand()
    const aud = `${world.entra.origin}/organizations/oauth2/v2.0/token`
    const reply = await redeem(
      { ...code, ...(await credential(world, { claims: { aud } })) },
      { tenant: 'organizations' },
    )
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_grant', error_codes: [700005] } })
    world.entra.registerApplication(world.web)
  })

  test('is bound to its client', async () => {
    const other = 'aaaaaaaa-0000-4000-8000-000000000001'
    world.entra.registerApplication({ ...world.web, clientId: other })
    const claims = { iss: other, sub: other }
    const reply = await redeem({
      ...(await codeInHand()),
      ...(await credential(world, { claims })),
      client_id: other,
    })
    expect(reply).toMatchObject({ status: 400, body: { error_codes: [70000] } })
  })

  test('with a plain challenge wants the challenge itself', async () => {
    const { verifier } = createPkce()
    const { code } = await openBrowser(world.entra).signIn(ada, { code_challenge: verifier })
    const request = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    expect((await redeem({ ...request, code_verifier: verifier })).status).toBe(200)
  })

  test('without a challenge refuses a verifier', async () => {
    const { code } = await openBrowser(world.entra).signIn(ada)
    const request = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    const reply = await redeem({ ...request, code_verifier: createPkce().verifier })
    expect(reply.body.error_codes).toEqual([501481])
  })
})

describe('a token request', () => {
  test('with an Origin header is refused, whoever sends it', async () => {
    const reply = await redeem(await codeInHand(), { headers: { origin: 'http://localhost:7071' } })
    expect(reply).toMatchObject({ status: 400, body: { error: 'invalid_request', error_codes: [9002326] } })
  })

  test('with a parameter sent twice is refused', async () => {
    const body = `grant_type=authorization_code&grant_type=authorization_code&client_id=${clientId}`
    const response = await fetch(`${world.entra.origin}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_request', error_codes: [9000411] })
  })

  test('for an unknown grant is refused', async () => {
    const reply = await redeem({ grant_type: 'password' })
    expect(reply.body).toMatchObject({ error: 'unsupported_grant_type', error_codes: [70003] })
  })

  test('is refused in the shape Entra has', async () => {
    const { body } = await redeem({ grant_type: 'authorization_code' })
    expect(Object.keys(body)).toEqual([
      'error',
      'error_description',
      'error_codes',
      'timestamp',
      'trace_id',
      'correlation_id',
      'error_uri',
    ])
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/)
    expect(body.error_description).toMatch(
      /^AADSTS900144: .+\r\nTrace ID: \S+\r\nCorrelation ID: \S+\r\nTimestamp: .+Z$/,
    )
  })
})

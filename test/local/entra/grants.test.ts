import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  ada,
  apiV1,
  apiV2,
  assertionOf,
  createPkce,
  credential,
  endpoint,
  openBrowser,
  openTestedWorld,
  postToken,
  redirectUri,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()

const claimsOf = (accessToken: unknown) => decodeJwt(String(accessToken))

describe('the authentication class of an access token', () => {
  const secretClient = 'aaaaaaaa-0000-4000-8000-00000000000a'
  const publicClient = 'aaaaaaaa-0000-4000-8000-00000000000b'
  beforeAll(() => {
    const { certificates: _none, ...web } = world.web
    world.entra.registerApplication({ ...web, clientId: secretClient, clientSecret: 'p&ss=w rd' })
    world.entra.registerApplication({ ...web, clientId: publicClient, isPublic: true })
  })

  const proofs: [string, string, () => Promise<Record<string, string>>][] = [
    ['0', 'none', async () => ({ client_id: publicClient })],
    ['1', 'a secret', async () => ({ client_id: secretClient, client_secret: 'p&ss=w rd' })],
    ['2', 'a certificate', () => credential(world)],
  ]
  const versions = [
    ['azpacr', apiV2],
    ['appidacr', apiV1],
  ]
  const cases = versions.flatMap(([claim, api]) => proofs.map((proof) => [claim, api, ...proof] as const))

  test.each(cases)('in %s for %s is %s with %s', async (claim = '', api, value, _proof, prove) => {
    const proof = await prove()
    const client = String(proof.client_id)
    const { verifier, challenge } = createPkce()
    const scope = `openid api://${api}/access_as_user`
    const { code } = await openBrowser(world.entra).signIn(ada, {
      client_id: client,
      scope,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    })
    const redemption = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }
    const { body } = await postToken(world.entra, { ...redemption, ...proof })

    const claims = claimsOf(body.access_token)
    const isV2 = claim === 'azpacr'
    expect(claims).toMatchObject({
      [claim]: value,
      [isV2 ? 'azp' : 'appid']: client,
      ver: isV2 ? '2.0' : '1.0',
      iss: isV2 ? `${world.entra.origin}/${tenantId}/v2.0` : `${world.entra.origin}/${tenantId}/`,
      aud: isV2 ? api : `api://${api}`,
      scp: 'access_as_user',
    })
    expect(claims).not.toHaveProperty(isV2 ? 'appidacr' : 'azpacr')
  })

  test('is 1 too for a secret in the Authorization header', async () => {
    const encoded = new URLSearchParams({ '': 'p&ss=w rd' }).toString().slice(1)
    const authorization = `Basic ${Buffer.from(`${secretClient}:${encoded}`).toString('base64')}`
    const { status, body } = await postToken(
      world.entra,
      { grant_type: 'client_credentials', scope: `${apiV2}/.default` },
      { headers: { authorization } },
    )
    expect(status).toBe(200)
    expect(claimsOf(body.access_token)).toMatchObject({ azp: secretClient, azpacr: '1' })
  })
})

describe('client credentials', () => {
  async function ask(scope: string, tenant = tenantId) {
    const aud = endpoint(world.entra, 'token', tenant)
    const proof = await credential(world, { claims: { aud } })
    return postToken(world.entra, { grant_type: 'client_credentials', scope, ...proof }, { tenant })
  }

  test('give a token of the application itself, with its roles', async () => {
    const { status, body } = await ask(`api://${apiV2}/.default`)
    expect(status).toBe(200)
    expect(Object.keys(body)).toEqual(['token_type', 'expires_in', 'ext_expires_in', 'access_token'])
    const { payload } = await jwtVerify(
      String(body.access_token),
      createLocalJWKSet(world.entra.publishedKeys()),
      { audience: apiV2, currentDate: new Date(world.clock.nowMs) },
    )
    expect(payload).toMatchObject({ roles: ['Reports.Read'], idtyp: 'app', azpacr: '2', tid: tenantId })
    expect(payload.sub).toBe(payload.oid)
    expect(payload).not.toHaveProperty('scp')
  })

  test('give no roles on an API where none are held', async () => {
    const { body } = await ask(`api://${apiV1}/.default`)
    expect(claimsOf(body.access_token)).not.toHaveProperty('roles')
  })

  test.each([
    ['a named scope', `api://${apiV2}/access_as_user`, 1002012],
    ['two resources', `api://${apiV2}/.default api://${apiV1}/.default`, 28000],
    ['an unknown resource', 'api://nobody/.default', 500011],
  ])('are refused for %s', async (_name, scope, code) => {
    expect((await ask(scope)).body.error_codes).toEqual([code])
  })

  test.each(['organizations', 'common'])('are refused under /%s', async (tenant) => {
    const reply = await ask(`api://${apiV2}/.default`, tenant)
    expect(reply).toMatchObject({ status: 400, body: { error_codes: [9001023] } })
  })
})

test('an assertion of the wrong tenant path does not pass for another grant either', async () => {
  const assertion = await assertionOf(world, {
    claims: { aud: endpoint(world.entra, 'token', 'organizations') },
  })
  const reply = await postToken(world.entra, {
    grant_type: 'refresh_token',
    refresh_token: 'any',
    ...(await credential(world)),
    client_assertion: assertion,
  })
  expect(reply.body.error_codes).toEqual([700023])
})

import { decodeJwt } from 'jose'
import { expect, test } from 'vitest'
import { apiV1, openTestedWorld, tenantId } from './world.ts'

const world = await openTestedWorld()

async function get(path: string): Promise<{ response: Response; body: Record<string, unknown> }> {
  const response = await fetch(`${world.entra.origin}/${path}`)
  return { response, body: (await response.json()) as Record<string, unknown> }
}

const metadata = (tenant: string) => get(`${tenant}/v2.0/.well-known/openid-configuration`)
const keys = (tenant: string) => get(`${tenant}/discovery/v2.0/keys`)

test('metadata says what Entra says', async () => {
  const { response, body } = await metadata(tenantId)
  const base = `${world.entra.origin}/${tenantId}`
  expect(response.headers.get('cache-control')).toBe('max-age=86400, private')
  expect(body).toMatchObject({
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    id_token_signing_alg_values_supported: ['RS256'],
    frontchannel_logout_supported: true,
  })
})

test.each([
  'code_challenge_methods_supported',
  'token_endpoint_auth_signing_alg_values_supported',
  'revocation_endpoint',
  'introspection_endpoint',
  'backchannel_logout_supported',
  'frontchannel_logout_session_supported',
  'authorization_response_iss_parameter_supported',
])('metadata is silent about %s, as Entra is', async (member) => {
  expect((await metadata(tenantId)).body).not.toHaveProperty(member)
})

test.each(['organizations', 'common'])('the issuer under /%s is a template', async (tenant) => {
  const { body } = await metadata(tenant)
  expect(body.issuer).toBe(`${world.entra.origin}/{tenantid}/v2.0`)
  const [key] = (await keys(tenant)).body.keys as { issuer: string }[]
  expect(key?.issuer).toBe(`${world.entra.origin}/{tenantid}/v2.0`)
})

test('two keys are published, each bound to its issuer and free of alg', async () => {
  const published = (await keys(tenantId)).body.keys as Record<string, unknown>[]
  expect(published).toHaveLength(2)
  for (const key of published) {
    expect(key).toMatchObject({ kty: 'RSA', use: 'sig', issuer: `${world.entra.origin}/${tenantId}/v2.0` })
    expect(key.x5t).toBe(key.kid)
    expect(key).not.toHaveProperty('alg')
    expect(key).not.toHaveProperty('d')
  }
})

test('rotation puts the next key to use and keeps the old one published', async () => {
  const before = world.entra.publishedKeys().keys.map(({ kid }) => kid)
  await world.entra.rotateSigningKey()
  const after = world.entra.publishedKeys().keys.map(({ kid }) => kid)
  expect(after[0]).toBe(before[1])
  expect(after).toContain(before[0])
  await world.entra.rotateSigningKey({ withdraw: true })
  expect(world.entra.publishedKeys().keys.map(({ kid }) => kid)).not.toContain(after[0])
})

test('an unknown tenant is refused as Entra refuses it', async () => {
  const { response, body } = await metadata('00000000-1111-4222-8333-444455556666')
  expect(response.status).toBe(400)
  expect(body).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] })
})

test('an unknown path is 404 and a wrong method 405', async () => {
  expect((await get(`${tenantId}/oauth2/token`)).response.status).toBe(404)
  expect((await get(`${tenantId}/oauth2/v2.0/token`)).response.status).toBe(405)
})

test('version 1 has metadata and keys of its own, which say whose the tokens of version 1 are', async () => {
  const { body } = await get(`${tenantId}/.well-known/openid-configuration`)
  const base = `${world.entra.origin}/${tenantId}`
  expect(body).toMatchObject({
    issuer: `${base}/`,
    jwks_uri: `${base}/discovery/keys`,
    token_endpoint: `${base}/oauth2/token`,
    end_session_endpoint: `${base}/oauth2/logout`,
  })
  const published = (await get(`${tenantId}/discovery/keys`)).body.keys as Record<string, unknown>[]
  const ofVersion2 = (await keys(tenantId)).body.keys as Record<string, unknown>[]
  expect(published.map(({ kid }) => kid)).toEqual(ofVersion2.map(({ kid }) => kid))
  for (const key of published) expect(key).not.toHaveProperty('issuer')

  const claims = decodeJwt(await world.entra.mintAccessToken({ resource: apiV1 }))
  expect(claims.iss).toBe(body.issuer)
})

test('the issuer of version 1 under /common is a template', async () => {
  const { body } = await get('common/.well-known/openid-configuration')
  expect(body.issuer).toBe(`${world.entra.origin}/{tenantid}/`)
})

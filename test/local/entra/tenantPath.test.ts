import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fabrikam } from '../../../local/entra/directory/cast.ts'
import {
  ada,
  apiV2,
  assertionOf,
  chen,
  clientId,
  completeSignIn,
  credential,
  endpoint,
  openTestedWorld,
  postToken,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()
const elsewhere = fabrikam.tenantId

/** A proof for the token endpoint under that path. */
async function proofAt(tenant: string) {
  const aud = endpoint(world.entra, 'token', tenant)
  return { ...(await credential(world)), client_assertion: await assertionOf(world, { claims: { aud } }) }
}

async function refreshAt(tenant: string, refreshToken: unknown) {
  return postToken(
    world.entra,
    { grant_type: 'refresh_token', refresh_token: String(refreshToken), ...(await proofAt(tenant)) },
    { tenant },
  )
}

describe('an application of one tenant', () => {
  test.each([
    ['for itself', { grant_type: 'client_credentials', scope: `api://${apiV2}/.default` }],
    ['for a code', { grant_type: 'authorization_code', code: 'any', redirect_uri: 'http://localhost/' }],
    ['for a refresh token', { grant_type: 'refresh_token', refresh_token: 'any' }],
  ])('is unknown at the endpoint of another, %s', async (_what, parameters) => {
    const from = world.entra.signatures.length
    const { status, body } = await postToken(
      world.entra,
      { ...parameters, ...(await proofAt(elsewhere)) },
      { tenant: elsewhere },
    )
    expect([status, body]).toMatchObject([400, { error: 'unauthorized_client', error_codes: [700016] }])
    expect(world.entra.signatures).toHaveLength(from)
  })

  test.each(['organizations', 'common'])('is not refreshed under /%s', async (tenant) => {
    const { body } = await completeSignIn(world)
    expect((await refreshAt(tenant, body.refresh_token)).body).toMatchObject({ error_codes: [50194] })
    expect((await refreshAt(tenantId, body.refresh_token)).status).toBe(200)
  })
})

describe('the refresh token of an application of many tenants', () => {
  beforeAll(() => world.entra.registerApplication({ ...world.web, isMultiTenant: true }))
  afterAll(() => world.entra.registerApplication(world.web))

  test('is for the tenant in the path: as a guest there, at home here', async () => {
    const { body } = await completeSignIn(world, chen)
    const tidOf = async (tenant: string) =>
      decodeJwt(String((await refreshAt(tenant, body.refresh_token)).body.id_token)).tid

    expect(await tidOf(tenantId)).toBe(tenantId)
    expect(await tidOf(elsewhere)).toBe(elsewhere)
    expect(await tidOf('organizations')).toBe(elsewhere)
  })

  test('is for no tenant in which the person has no account', async () => {
    const { body } = await completeSignIn(world, ada)
    expect((await refreshAt(elsewhere, body.refresh_token)).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50020],
    })
    expect((await refreshAt(tenantId, body.refresh_token)).status).toBe(200)
  })
})

test('the assertion of a client is still for the very endpoint it is posted to', async () => {
  const reply = await postToken(world.entra, {
    grant_type: 'client_credentials',
    scope: `api://${apiV2}/.default`,
    ...(await proofAt(elsewhere)),
  })
  expect(reply.body).toMatchObject({ error: 'invalid_client', error_codes: [700023] })
  expect(world.entra.signatures.at(-1)).toMatchObject({ clientId, refusal: 700023 })
})

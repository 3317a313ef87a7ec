import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ada,
  apiV2,
  clientId,
  completeSignIn,
  credential,
  endpoint,
  openTestedWorld,
  postToken,
  tenantId,
} from './world.ts'

const world = await openTestedWorld()

const claimsOf = (accessToken: unknown) => decodeJwt(String(accessToken))

describe('a refresh token', () => {
  async function refreshWith(refreshToken: unknown, changes: Record<string, string> = {}) {
    return postToken(world.entra, {
      grant_type: 'refresh_token',
      refresh_token: String(refreshToken),
      ...(await credential(world)),
      ...changes,
    })
  }

  test('gives new tokens, and stays good itself', async () => {
    const first = (await completeSignIn(world)).body
    const second = await refreshWith(first.refresh_token)
    expect(second.status).toBe(200)
    expect(second.body.refresh_token).not.toBe(first.refresh_token)
    expect(claimsOf(second.body.id_token)).toMatchObject({
      sub: claimsOf(first.id_token).sub,
      sid: claimsOf(first.id_token).sid,
      aud: clientId,
    })
    expect(claimsOf(second.body.id_token)).not.toHaveProperty('nonce')
    expect((await refreshWith(first.refresh_token)).status).toBe(200)
  })

  test('gives a token for another API that was consented', async () => {
    const { body } = await completeSignIn(world)
    const reply = await refreshWith(body.refresh_token, { scope: `api://${apiV2}/.default` })
    expect(claimsOf(reply.body.access_token)).toMatchObject({ aud: apiV2, scp: 'access_as_user' })
  })

  test('is refused what nobody consented to', async () => {
    const { body } = await completeSignIn(world)
    const reply = await refreshWith(body.refresh_token, { scope: 'Mail.Read' })
    expect(reply.body).toMatchObject({
      error: 'invalid_grant',
      suberror: 'consent_required',
      error_codes: [65001],
    })
  })

  test('ends when the sessions of its person are revoked', async () => {
    const { body } = await completeSignIn(world)
    world.entra.revokeSessions(ada)
    expect((await refreshWith(body.refresh_token)).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [50173],
    })
    world.clock.nowMs += 1000
    const afresh = (await completeSignIn(world)).body
    expect((await refreshWith(afresh.refresh_token)).status).toBe(200)
  })

  test('ends after ninety days', async () => {
    const { body } = await completeSignIn(world)
    world.clock.nowMs += 90 * 86_400_000 - 1
    expect((await refreshWith(body.refresh_token)).status).toBe(200)
    world.clock.nowMs += 1
    expect((await refreshWith(body.refresh_token)).body).toMatchObject({
      error: 'invalid_grant',
      error_codes: [700082],
    })
  })

  test('is bound to its client', async () => {
    const { body } = await completeSignIn(world)
    const twin = 'aaaaaaaa-0000-4000-8000-00000000000c'
    world.entra.registerApplication({ ...world.web, clientId: twin })
    const proof = await credential(world, { claims: { iss: twin, sub: twin } })
    const reply = await refreshWith(body.refresh_token, { ...proof, client_id: twin })
    expect(reply.body).toMatchObject({ error: 'invalid_grant', error_codes: [70000] })
  })
})

describe('on behalf of', () => {
  async function exchange(assertion: unknown, changes: Record<string, string> = {}) {
    return postToken(world.entra, {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      assertion: String(assertion),
      scope: `api://${apiV2}/access_as_user`,
      ...(await credential(world)),
      ...changes,
    })
  }

  test('turns a user token for us into one for another API', async () => {
    const { body } = await completeSignIn(world)
    const reply = await exchange(body.access_token)
    expect(reply.status).toBe(200)
    expect(claimsOf(reply.body.access_token)).toMatchObject({
      aud: apiV2,
      oid: ada,
      azp: clientId,
      azpacr: '2',
    })
    expect(reply.body).not.toHaveProperty('refresh_token')
    expect(reply.body).not.toHaveProperty('id_token')
  })

  test('gives a refresh token when offline_access is asked', async () => {
    const { body } = await completeSignIn(world)
    const scope = `offline_access api://${apiV2}/access_as_user`
    expect((await exchange(body.access_token, { scope })).body).toHaveProperty('refresh_token')
  })

  test('takes only user tokens that are ours and valid', async () => {
    const mint = (override: Record<string, unknown>, person: string | undefined = ada) =>
      world.entra.mintAccessToken({ resource: clientId, ...(person ? { person } : {}), override })
    const past = Math.floor(world.clock.nowMs / 1000) - 1
    const codes = [
      await exchange(await mint({})),
      await exchange(await mint({ aud: `api://${clientId.toUpperCase()}` })),
      await exchange(await mint({ exp: past })),
      await exchange(await mint({ scp: undefined })),
      await exchange(await mint({ oid: tenantId })),
      await exchange(
        await world.entra.mintAccessToken({ resource: clientId, person: ada, key: 'unpublished' }),
      ),
      await exchange('no.jwt.this'),
    ].map(({ body }) => (body.error_codes as number[] | undefined)?.[0])
    expect(codes).toEqual([undefined, 500131, 500133, 7000114, 50013, 50013, 50013])
  })

  test('needs its parameters and a tenant', async () => {
    const token = await world.entra.mintAccessToken({ resource: clientId, person: ada })
    expect((await exchange(token, { requested_token_use: '' })).body.error_codes).toEqual([900144])
    expect((await exchange(token, { scope: '' })).body.error_codes).toEqual([900144])
    const aud = endpoint(world.entra, 'token', 'organizations')
    const reply = await postToken(
      world.entra,
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        assertion: token,
        scope: `api://${apiV2}/access_as_user`,
        ...(await credential(world, { claims: { aud } })),
      },
      { tenant: 'organizations' },
    )
    expect(reply.body.error_codes).toEqual([9001023])
  })
})

describe('an API that demands an authentication context', () => {
  const strict = 'aaaaaaaa-0000-4000-8000-00000000000d'
  const scope = `openid offline_access api://${strict}/access_as_user`
  beforeAll(() => {
    world.entra.registerApplication({
      clientId: strict,
      displayName: 'Strict API',
      redirectUris: [],
      requiresAuthenticationContext: 'c1',
    })
    world.entra.registerApplication({
      ...world.web,
      delegatedPermissions: [...(world.web.delegatedPermissions ?? []), `api://${strict}/access_as_user`],
    })
  })
  afterAll(() => world.entra.registerApplication(world.web))

  test('answers with a claims challenge, and is content once it was met', async () => {
    const refused = await completeSignIn(world, ada, { authorize: { scope } })
    expect(refused).toMatchObject({
      status: 400,
      body: { error: 'interaction_required', error_codes: [50076], suberror: 'basic_action' },
    })
    const claims = String(refused.body.claims)
    expect(JSON.parse(claims)).toEqual({ access_token: { acrs: { essential: true, value: 'c1' } } })

    const granted = await completeSignIn(world, ada, { authorize: { scope, claims } })
    expect(granted.status).toBe(200)
    expect(claimsOf(granted.body.access_token)).toMatchObject({ acrs: ['c1'] })
  })

  test('is not reached by refreshing, even with the claims', async () => {
    const { body } = await completeSignIn(world)
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
    const reply = await postToken(world.entra, {
      grant_type: 'refresh_token',
      refresh_token: String(body.refresh_token),
      claims,
      ...(await credential(world)),
    })
    expect(reply.body).toMatchObject({ error: 'interaction_required', claims })
  })

  test('does not stand in the way of a client that declares what it can handle', async () => {
    const claims = '{"access_token":{"xms_cc":{"values":["cp1"]}}}'
    const { status } = await completeSignIn(world, ada, { authorize: { claims }, token: { claims } })
    expect(status).toBe(200)
    const recorded = world.entra.log.find(({ details }) => details.claims === claims)
    expect(recorded).toMatchObject({ kind: 'authorize', details: { clientCapabilities: ['cp1'] } })
  })
})

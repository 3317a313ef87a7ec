import * as client from 'openid-client'
import { expect, test } from 'vitest'
import { ada, apiV2, clientId, openBrowser, openTestedWorld, redirectUri, tenantId } from './world.ts'

// openid-client reads the real clock when it signs and when it verifies.
const world = await openTestedWorld(Date.now())
const { certificate, entra } = world
const key = await crypto.subtle.importKey(
  'pkcs8',
  certificate.privateKey.export({ format: 'der', type: 'pkcs8' }),
  { name: 'RSA-PSS', hash: 'SHA-256' },
  false,
  ['sign'],
)
const tokenEndpoint = `${entra.origin}/${tenantId}/oauth2/v2.0/token`
const configuration = await client.discovery(
  new URL(`${entra.origin}/${tenantId}/v2.0`),
  clientId,
  {},
  client.PrivateKeyJwt(key, {
    [client.modifyAssertion](header, payload) {
      header['x5t#S256'] = certificate.thumbprintS256
      header.typ = 'JWT'
      payload.aud = tokenEndpoint
    },
  }),
  { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] },
)

test('a certified client of another make signs in, refreshes and asks for itself', async () => {
  const codeVerifier = client.randomPKCECodeVerifier()
  const state = client.randomState()
  const nonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: `openid profile offline_access api://${apiV2}/access_as_user`,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  })
  const response = await openBrowser(world.entra).press(url.href, { person: ada })
  const callback = new URL(response.headers.get('location') ?? '')

  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: codeVerifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  })
  expect(tokens.claims()).toMatchObject({ oid: ada, tid: tenantId })

  const refreshed = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '')
  expect(refreshed.claims()?.sub).toBe(tokens.claims()?.sub)

  const own = await client.clientCredentialsGrant(configuration, { scope: `api://${apiV2}/.default` })
  expect(own.token_type).toBe('bearer')
  expect(own.expires_in).toBe(3599)
})

test('and is told in its own terms when its certificate is gone', async () => {
  world.entra.removeCertificate(clientId, world.certificate.thumbprintS256)
  const asked = client.clientCredentialsGrant(configuration, { scope: `api://${apiV2}/.default` })
  await expect(asked).rejects.toMatchObject({
    error: 'invalid_client',
    status: 401,
    error_description: expect.stringContaining('AADSTS700027'),
  })
})

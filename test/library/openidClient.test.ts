import * as client from 'openid-client'
import { expect, test } from 'vitest'
import { openLibraryDesk } from './openLibraryDesk.ts'

const { desk, authority, assertion, scope, redirectUri, signatures, signIn, expectCertificateClient } =
  await openLibraryDesk()

const newConfiguration = (): Promise<client.Configuration> =>
  client.discovery(
    new URL(`${authority}/v2.0`),
    desk.clientId,
    undefined,
    // Declared as returning nothing, though it is awaited.
    assertion.clientAuthentication,
    { execute: [client.allowInsecureRequests] },
  )

async function redeem(configuration: client.Configuration) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: `openid profile offline_access ${scope}`,
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  return client.authorizationCodeGrant(configuration, await signIn(url.href), checks)
}

test('openid-client redeems a code with the vault-signed assertion', async () => {
  const tokens = await redeem(await newConfiguration())

  expectCertificateClient(tokens.access_token)
  expect(tokens.claims()?.name).toBe('Ada Lindqvist')
})

test('fifty refreshes by openid-client cost one assertion in all', async () => {
  const configuration = await newConfiguration()
  let { refresh_token: refreshToken = '' } = await redeem(configuration)
  const before = signatures()

  for (let i = 0; i < 50; i += 1) {
    const tokens = await client.refreshTokenGrant(configuration, refreshToken)
    refreshToken = tokens.refresh_token ?? refreshToken
    expectCertificateClient(tokens.access_token)
  }

  expect(signatures()).toBe(before)
})

import * as oauth from 'oauth4webapi'
import { expect, test } from 'vitest'
import { openLibraryDesk } from './openLibraryDesk.ts'

const library = await openLibraryDesk()
const { desk, authority, assertion, scope, redirectUri, tokenEndpoint } = library
const server = { issuer: `${authority}/v2.0`, token_endpoint: tokenEndpoint }
const client = { client_id: desk.clientId }
const insecure = { [oauth.allowInsecureRequests]: true }

async function callAsApp(): Promise<oauth.TokenEndpointResponse> {
  const parameters = { scope: `api://${desk.clientId}/.default` }
  const { clientAuthentication } = assertion
  const answer = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    clientAuthentication,
    parameters,
    insecure,
  )
  return oauth.processClientCredentialsResponse(server, client, answer)
}

test('oauth4webapi redeems a code with the vault-signed assertion', async () => {
  const codeVerifier = oauth.generateRandomCodeVerifier()
  const url = new URL(`${authority}/oauth2/v2.0/authorize`)
  url.search = new URLSearchParams({
    client_id: desk.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: `openid ${scope}`,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  }).toString()
  const parameters = oauth.validateAuthResponse(server, client, await library.signIn(url.href))
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    assertion.clientAuthentication,
    parameters,
    redirectUri,
    codeVerifier,
    insecure,
  )
  const { access_token: accessToken } = await oauth.processAuthorizationCodeResponse(server, client, answer)

  library.expectCertificateClient(accessToken)
})

test('oauth4webapi gets access as the app with the same assertion, and fifty calls cost no further signature', async () => {
  library.expectCertificateClient((await callAsApp()).access_token)
  const before = library.signatures()

  for (let i = 0; i < 50; i += 1) await callAsApp()

  expect(library.signatures()).toBe(before)
})

test('after a rotation the old assertion serves on; whoever is refused discards it and is accepted again', async () => {
  const { entra, vault, clientId } = desk
  const old = vault.certificate()
  entra.removeCertificate(clientId, old.x5tS256)
  vault.disable(old.version)
  const next = await vault.rotate()
  entra.registerCertificate(clientId, next.der)

  await expect(callAsApp()).rejects.toMatchObject({ error: 'invalid_client' })
  assertion.discard()
  library.expectCertificateClient((await callAsApp()).access_token)
})

test('a server without a token endpoint gets no assertion', async () => {
  const authenticate = assertion.clientAuthentication({}, client, new URLSearchParams(), new Headers())

  await expect(authenticate).rejects.toThrow(TypeError)
})

import { ConfidentialClientApplication, CryptoProvider } from '@azure/msal-node'
import { expect, test, vi } from 'vitest'
import { openLibraryDesk } from './openLibraryDesk.ts'

const {
  desk,
  authority,
  assertion,
  scope,
  redirectUri,
  signatures,
  grants,
  signIn,
  expectCertificateClient,
} = await openLibraryDesk()

/**
 * msal insists on an authority with https, which a desk does not have; told the metadata, it uses the endpoints that the
 * look-alike's own discovery names, with its own HTTP client.
 */
async function newClient(
  clientAssertion = assertion.msalClientAssertion,
): Promise<ConfidentialClientApplication> {
  const discovery = await fetch(`${authority}/v2.0/.well-known/openid-configuration`)
  return new ConfidentialClientApplication({
    auth: {
      clientId: desk.clientId,
      authority: authority.replace('http:', 'https:'),
      knownAuthorities: [new URL(authority).host],
      authorityMetadata: await discovery.text(),
      clientAssertion,
    },
  })
}

async function redeem(client: ConfidentialClientApplication) {
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes()
  const request = { scopes: [scope], redirectUri }
  const url = await client.getAuthCodeUrl({
    ...request,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
  })
  const code = (await signIn(url)).searchParams.get('code') ?? ''
  return client.acquireTokenByCode({ ...request, code, codeVerifier: verifier })
}

test('msal-node redeems a code with the vault-signed assertion', async () => {
  const { accessToken, account } = await redeem(await newClient())

  expectCertificateClient(accessToken)
  expect(account?.name).toBe('Ada Lindqvist')
})

test('fifty silent calls of msal-node, each of which asks for an assertion, cost no signature', async () => {
  const clientAssertion = vi.fn(assertion.msalClientAssertion)
  const client = await newClient(clientAssertion)
  const { account, accessToken } = await redeem(client)
  clientAssertion.mockClear()
  if (account === null) throw new Error('msal-node knows no account')
  const before = { signatures: signatures(), requests: grants().length }

  for (let i = 0; i < 50; i += 1) {
    const silent = await client.acquireTokenSilent({ account, scopes: [scope] })
    expect([silent?.accessToken, silent?.fromCache]).toEqual([accessToken, true])
  }

  expect(clientAssertion.mock.calls.length).toBe(50)
  expect([signatures(), grants().length]).toEqual([before.signatures, before.requests])
})

test('msal-node refreshes and calls as the app with the same assertion', async () => {
  const client = await newClient()
  const { account } = await redeem(client)
  if (account === null) throw new Error('msal-node knows no account')
  const before = signatures()

  const refreshed = await client.acquireTokenSilent({ account, scopes: [scope], forceRefresh: true })
  const asApp = await client.acquireTokenByClientCredential({ scopes: [`api://${desk.clientId}/.default`] })

  expectCertificateClient(refreshed?.accessToken ?? '')
  expectCertificateClient(asApp?.accessToken ?? '')
  expect(grants().slice(-2)).toEqual(['refresh_token', 'client_credentials'])
  expect(signatures()).toBe(before)
})

test('the look-alike accepts the assertion for the address it was posted to and no other', async () => {
  const client = await newClient()
  const wrong = await assertion.assertionFor(`${desk.entra.origin}/organizations/oauth2/v2.0/token`)
  const asApp = client.acquireTokenByClientCredential({
    scopes: [`api://${desk.clientId}/.default`],
    clientAssertion: wrong,
  })

  await expect(asApp).rejects.toThrow('AADSTS700023')
})

/**
 * msal-node with Express, as Microsoft's own sample for a web app has it (ms-identity-node, `AuthProvider.js`): a client for each request, whose
 * token cache is kept in the person's session, and the certificate credential of msal-node's guide.
 */
import { randomBytes } from 'node:crypto'
import { ConfidentialClientApplication, CryptoProvider, ResponseMode } from '@azure/msal-node'
import express from 'express'
import { createApp, frontEnd, listen, proxies, sessions } from './expressApp.mjs'
import { appScope, authority, redirectUri, userScope, world } from './world.mjs'

const crypto = new CryptoProvider()
const { privateKeyPem, certificatePem, thumbprintSha256 } = world.peer
/** Asked for at the first request, and kept, as the sample does. */
let metadata
async function newClient() {
  metadata ??= await (await fetch(`${authority}/v2.0/.well-known/openid-configuration`)).text()
  return new ConfidentialClientApplication({
    auth: {
      clientId: world.clientId,
      // msal insists on https, which the stand-in does not speak; the endpoints are those of the metadata.
      authority: authority.replace('http:', 'https:'),
      knownAuthorities: [new URL(authority).host],
      authorityMetadata: metadata,
      clientCertificate: { thumbprintSha256, privateKey: privateKeyPem, x5c: certificatePem },
    },
  })
}
/** One for the app itself, so that its tokens are held. */
let appClient

const app = createApp()
app.use(['/auth', '/api'], sessions())

app.get('/auth/login', async (request, response) => {
  const { verifier, challenge } = await crypto.generatePkceCodes()
  const csrfToken = crypto.createNewGuid()
  const nonce = randomBytes(16).toString('hex')
  const state = crypto.base64Encode(JSON.stringify({ csrfToken, redirectTo: '/' }))
  request.session.transaction = { verifier, csrfToken, nonce }
  const client = await newClient()
  const address = await client.getAuthCodeUrl({
    scopes: [userScope],
    redirectUri,
    responseMode: ResponseMode.FORM_POST,
    state,
    nonce,
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
  })
  response.redirect(address)
})

app.post('/auth/callback', express.urlencoded({ extended: false }), async (request, response) => {
  const { transaction } = request.session
  try {
    const { csrfToken, redirectTo } = JSON.parse(crypto.base64Decode(request.body.state))
    if (transaction === undefined || csrfToken !== transaction.csrfToken) throw new Error('state')
    const client = await newClient()
    const { account, idTokenClaims } = await client.acquireTokenByCode(
      {
        scopes: [userScope],
        redirectUri,
        code: request.body.code,
        codeVerifier: transaction.verifier,
        nonce: transaction.nonce,
      },
      request.body,
    )
    await new Promise((done, failed) =>
      request.session.regenerate((fault) => (fault ? failed(fault) : done())),
    )
    Object.assign(request.session, {
      user: idTokenClaims,
      account,
      tokenCache: client.getTokenCache().serialize(),
    })
    response.redirect(303, redirectTo)
  } catch {
    response.sendStatus(400)
  }
})

app.get('/auth/session', (request, response) => {
  const { user } = request.session
  response.set('cache-control', 'no-store')
  response.json(user === undefined ? { authenticated: false } : { authenticated: true, user })
})

proxies(app, {
  async asPerson({ session }) {
    if (session.account === undefined) return undefined
    const client = await newClient()
    client.getTokenCache().deserialize(session.tokenCache)
    const { accessToken, fromCache } = await client.acquireTokenSilent({
      account: session.account,
      scopes: [userScope],
    })
    if (!fromCache) session.tokenCache = client.getTokenCache().serialize()
    return accessToken
  },
  async asApp({ session }) {
    if (session.account === undefined) return undefined
    appClient ??= await newClient()
    return (await appClient.acquireTokenByClientCredential({ scopes: [appScope] })).accessToken
  },
})
frontEnd(app)
listen(app)

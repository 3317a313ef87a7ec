/** openid-client with Express: the library's own example for Express, its certificate credential, sessions in the table. */
import { createPrivateKey } from 'node:crypto'
import express from 'express'
import * as client from 'openid-client'
import { createApp, frontEnd, listen, proxies, sessions } from './expressApp.mjs'
import { appScope, authority, redirectUri, scope, world } from './world.mjs'

const RENEWED_BEFORE_MS = 60_000

const thumbprint = Buffer.from(world.peer.thumbprintSha256, 'hex').toString('base64url')
async function credential() {
  const pkcs8 = createPrivateKey(world.peer.privateKeyPem).export({ type: 'pkcs8', format: 'der' })
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSA-PSS', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return client.PrivateKeyJwt(key, {
    [client.modifyAssertion](header, payload) {
      header['x5t#S256'] = thumbprint
      payload.aud = `${authority}/oauth2/v2.0/token`
    },
  })
}
/** Entra is asked for its metadata when the first request needs it, and once. */
let discovered
function configuration() {
  discovered ??= discover().catch((fault) => {
    discovered = undefined
    throw fault
  })
  return discovered
}

async function discover() {
  return client.discovery(new URL(`${authority}/v2.0`), world.clientId, undefined, await credential(), {
    // The ID token's signature is checked, as it is by Signet; without this it is not.
    execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
  })
}

const app = createApp()
app.use(['/auth', '/api'], sessions())

app.get('/auth/login', async (request, response) => {
  const codeVerifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  request.session.transaction = { codeVerifier, state, nonce }
  const address = client.buildAuthorizationUrl(await configuration(), {
    redirect_uri: redirectUri,
    response_mode: 'form_post',
    scope,
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  })
  response.redirect(address.href)
})

app.post('/auth/callback', express.urlencoded({ extended: false }), async (request, response) => {
  const { transaction } = request.session
  if (transaction === undefined) return void response.sendStatus(400)
  const answer = new URL(`${redirectUri}?${new URLSearchParams(request.body)}`)
  try {
    const tokens = await client.authorizationCodeGrant(await configuration(), answer, {
      pkceCodeVerifier: transaction.codeVerifier,
      expectedState: transaction.state,
      expectedNonce: transaction.nonce,
      idTokenExpected: true,
    })
    // Another id than before the sign-in, as express-session's README asks for.
    await new Promise((done, failed) =>
      request.session.regenerate((fault) => (fault ? failed(fault) : done())),
    )
    Object.assign(request.session, { user: tokens.claims(), ...held(tokens) })
    response.redirect(303, '/')
  } catch {
    response.sendStatus(400)
  }
})

const held = ({ access_token, refresh_token, expires_in }) => ({
  accessToken: access_token,
  refreshToken: refresh_token,
  expiresAtMs: Date.now() + expires_in * 1_000,
})

app.get('/auth/session', (request, response) => {
  const { user } = request.session
  response.set('cache-control', 'no-store')
  response.json(user === undefined ? { authenticated: false } : { authenticated: true, user })
})

let ofApp
proxies(app, {
  async asPerson({ session }) {
    if (session.accessToken === undefined) return undefined
    if (session.expiresAtMs < Date.now() + RENEWED_BEFORE_MS)
      Object.assign(
        session,
        held(await client.refreshTokenGrant(await configuration(), session.refreshToken, { scope })),
      )
    return session.accessToken
  },
  async asApp({ session }) {
    if (session.user === undefined) return undefined
    if (ofApp === undefined || ofApp.expiresAtMs < Date.now() + RENEWED_BEFORE_MS)
      ofApp = held(await client.clientCredentialsGrant(await configuration(), { scope: appScope }))
    return ofApp.accessToken
  },
})
frontEnd(app)
listen(app)

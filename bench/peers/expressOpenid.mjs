/**
 * express-openid-connect: its middleware, the code flow, a key in place of a secret. BENCH_STORE=table keeps its sessions in the table, by its
 * `session.store`; without it they are in its encrypted cookie, as they are unless told.
 */
import { auth } from 'express-openid-connect'
import { createApp, frontEnd, listen, proxies } from './expressApp.mjs'
import { TableSessionStore } from './tableSessionStore.mjs'
import { authority, origin, scope, world } from './world.mjs'

const RENEWED_BEFORE_SEC = 60

const app = createApp()
app.use(
  auth({
    issuerBaseURL: `${authority}/v2.0`,
    baseURL: origin,
    clientID: world.clientId,
    secret: 'a secret that an operator would have to keep',
    authRequired: false,
    clientAuthMethod: 'private_key_jwt',
    clientAssertionSigningKey: world.peer.privateKeyPem,
    clientAssertionSigningAlg: 'PS256',
    authorizationParams: { response_type: 'code', response_mode: 'form_post', scope },
    routes: { login: '/auth/login', callback: '/auth/callback', logout: '/auth/logout' },
    ...(process.env.BENCH_STORE === 'table' ? { session: { store: new TableSessionStore() } } : {}),
  }),
)

app.get('/auth/session', (request, response) => {
  response.set('cache-control', 'no-store')
  const { user } = request.oidc
  response.json(request.oidc.isAuthenticated() ? { authenticated: true, user } : { authenticated: false })
})

proxies(app, {
  async asPerson({ oidc }) {
    if (!oidc.isAuthenticated()) return undefined
    const { accessToken } = oidc
    if (!accessToken.isExpired() && accessToken.expires_in > RENEWED_BEFORE_SEC)
      return accessToken.access_token
    return (await accessToken.refresh()).access_token
  },
  // The library has no client credentials grant.
  asApp: async () => undefined,
})
frontEnd(app)
listen(app)

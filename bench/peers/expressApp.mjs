/** What the Express peers have in common: sessions in the table, the look at a session, the proxies. */
import express from 'express'
import session from 'express-session'
import { createProxyMiddleware } from 'http-proxy-middleware'
import { TableSessionStore } from './tableSessionStore.mjs'
import { port, world } from './world.mjs'

export function createApp() {
  const app = express()
  app.disable('x-powered-by')
  // TLS ends before the app, as it does in Azure.
  app.set('trust proxy', 1)
  return app
}

/** As its README has it for production; `none`, because Entra's answer is posted from another site. */
export function sessions() {
  return session({
    store: new TableSessionStore(),
    secret: 'a secret that an operator would have to keep',
    resave: false,
    saveUninitialized: false,
    cookie: { secure: true, httpOnly: true, sameSite: 'none', maxAge: 3_600_000 },
  })
}

/**
 * `/api/orders` with a token of the person and `/api/reports` with one of the app, each from a function of the request, and the front end
 * everywhere else.
 */
export function proxies(app, { asPerson, asApp }) {
  const withToken = (tokenOf) => async (request, response, next) => {
    try {
      request.accessToken = await tokenOf(request)
      if (request.accessToken === undefined) response.sendStatus(401)
      else next()
    } catch (fault) {
      next(fault)
    }
  }
  const proxy = createProxyMiddleware({
    target: world.apiOrigin,
    changeOrigin: true,
    on: {
      proxyReq(outgoing, request) {
        outgoing.removeHeader('cookie')
        outgoing.setHeader('authorization', `Bearer ${request.accessToken}`)
      },
    },
  })
  app.use('/api/orders', withToken(asPerson), proxy)
  app.use('/api/reports', withToken(asApp), proxy)
}

export function frontEnd(app) {
  app.use(createProxyMiddleware({ target: world.frontEndOrigin, changeOrigin: true }))
}

export function listen(app) {
  const server = app.listen(port, '127.0.0.1')
  server.keepAliveTimeout = 120_000
}

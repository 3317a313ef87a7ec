/**
 * A desk and the app in this process, over the wire: real SDKs, real HTTP, and a clock that tests may move. One world per test
 * file, because `@azure/identity` keeps its tokens and its endpoint per process.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { HttpHandler, HttpRequest, HttpResponse, InvocationContext } from '@azure/functions'
import type { App } from '../../lib/app.ts'
import type { Effects } from '../../lib/base/effects.ts'
import { realEffects } from '../../lib/base/realEffects.ts'
import { composeApp } from '../../lib/compose.ts'
// The app loads it with its first token, from its bundle; to find it among modules would take a second of somebody's deadline.
import '../../lib/credential/platformIdentity.ts'
import { methodsOfCallback } from '../../lib/http/answerByAddress.ts'
import { serve } from '../../lib/http/boundary.ts'
import { ANY_METHOD, type Handle, type Method } from '../../lib/http/route.ts'
import { api } from '../../lib/http/routes/api.ts'
import { callback } from '../../lib/http/routes/callback.ts'
import { device } from '../../lib/http/routes/device.ts'
import { deviceRefresh } from '../../lib/http/routes/deviceRefresh.ts'
import { frontchannelLogout } from '../../lib/http/routes/frontchannelLogout.ts'
import { frontEnd } from '../../lib/http/routes/frontEnd.ts'
import { live, ready } from '../../lib/http/routes/health.ts'
import { home } from '../../lib/http/routes/home.ts'
import { icon } from '../../lib/http/routes/icon.ts'
import { login } from '../../lib/http/routes/login.ts'
import { logout } from '../../lib/http/routes/logout.ts'
import { root } from '../../lib/http/routes/root.ts'
import { session } from '../../lib/http/routes/session.ts'
import { sessions } from '../../lib/http/routes/sessions.ts'
import { signedOut } from '../../lib/http/routes/signedOut.ts'
import { whoami } from '../../lib/http/routes/whoami.ts'
import { type Desk, type DeskOptions, openDesk } from '../../local/desk.ts'
import { loopbackOnly } from '../../local/loopbackOnly.ts'
import type { ServerCertificate } from '../../local/pki.ts'
import { openTlsFront } from '../../local/tls/openTlsFront.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'
import { setClock } from './clocks.ts'
import { openSessionRows, type SessionRows } from './sessionRows.ts'
import { watchSecrets } from './watchSecrets.ts'

type Route = readonly [
  name: string,
  methods: readonly Method[],
  handle: Handle,
  methodsOf?: typeof methodsOfCallback,
]

const ROUTES: Readonly<Record<string, Route>> = {
  '/': ['home', ['GET', 'HEAD'], root],
  '/auth': ['ownPage', ['GET', 'HEAD'], home],
  '/api/': ['api', ANY_METHOD, api],
  '/auth/login': ['login', ['GET', 'HEAD', 'POST'], login],
  '/auth/callback': ['callback', ['GET', 'HEAD', 'POST'], callback, methodsOfCallback],
  '/auth/session': ['session', ['GET', 'HEAD', 'POST'], session],
  '/auth/sessions': ['sessions', ['GET', 'HEAD', 'POST', 'DELETE'], sessions],
  '/auth/logout': ['logout', ['POST'], logout],
  '/auth/signed-out': ['signedOut', ['GET', 'HEAD'], signedOut],
  '/auth/frontchannel-logout': ['frontchannelLogout', ['GET', 'HEAD'], frontchannelLogout],
  '/auth/device': ['device', ['POST'], device],
  '/auth/device/refresh': ['deviceRefresh', ['POST'], deviceRefresh],
  '/auth/icon': ['icon', ['GET', 'HEAD'], icon],
  '/protected/whoami': ['whoami', ['GET', 'HEAD'], whoami],
  '/health/live': ['live', ['GET', 'HEAD'], live],
  '/health/ready': ['ready', ['GET', 'HEAD'], ready],
}

export interface LogLine {
  readonly level: string
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** What the app answered, as it went out. */
export interface SentReply {
  readonly method: string
  /** Without the query. */
  readonly path: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Set-Cookie lines. */
  readonly setCookies: readonly string[]
  readonly text: string
}

export interface WorldOptions {
  /** Laid over the desk's settings, for every instance. */
  readonly settings?: Readonly<Record<string, string>>
  /** In place of the app's real effects; clock and log are the world's. */
  readonly effects?: Partial<Omit<Effects, 'now' | 'log'>>
  /** The clock stands still but for `advance`. */
  readonly isFrozen?: boolean
  /** How far the app's own clock is ahead of everybody else's, in milliseconds. */
  readonly appAheadMs?: () => number
  /** The app is reached over TLS, by this certificate. */
  readonly tls?: ServerCertificate
  readonly desk?: Omit<DeskOptions, 'appOrigin' | 'now'>
}

export interface World {
  readonly desk: Desk
  readonly origin: string
  /** The running app: an instance of the product, as one process in Azure would hold it. */
  readonly app: () => App
  /** Everything the app logged, in order. */
  readonly logs: LogLine[]
  /** Everything the app answered, in order. */
  readonly replies: SentReply[]
  /** Every code, verifier, assertion, token and cookie secret so far. */
  readonly secrets: ReadonlySet<string>
  readonly rows: SessionRows
  /** The clock of app and stand-ins. Milliseconds since the epoch. */
  readonly now: () => number
  /** Lets another instance take over, with nothing of the old one's memory. */
  replaceInstance(settings?: Readonly<Record<string, string>>): void
  /** The answer to the next request for this path gets lost, after the app has done its part. */
  loseNextAnswer(path: string): void
  /** Moves the clock of app and stand-ins. */
  advance(ms: number): void
  close(): Promise<void>
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const startedMs = Date.now()
  let offsetMs = 0
  const now = (): number => (options.isFrozen === true ? startedMs : Date.now()) + offsetMs
  const logs: LogLine[] = []
  const replies: SentReply[] = []
  const lost = new Set<string>()
  const watch = watchSecrets(options.effects?.fetch ?? realEffects.fetch)
  const handlers = new Map<string, HttpHandler>()
  // As much as App Service lets through, so that the app itself meets oversize headers.
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const url = new URL(request.url ?? '/', origin)
    const { basePath } = app.config.app
    const isBelow = url.pathname.startsWith(`${basePath}/`)
    const below = isBelow ? url.pathname.slice(basePath.length) : '*'
    const handler =
      handlers.get(url.pathname === '/' ? '/' : below.startsWith('/api/') ? '/api/' : below) ??
      handlers.get('*')
    Promise.resolve(handler?.(platformRequest(request, url), {} as InvocationContext)).then(async (reply) => {
      const whole = reply as HttpResponse
      const { status, cookies } = whole
      const headers = Object.fromEntries(whole.headers)
      const bytes = Buffer.from(await whole.arrayBuffer())
      const text = bytes.toString()
      const setCookies = cookies.map(setCookieHeader)
      for (const { value } of cookies) if (value !== '') watch.add(value)
      if (lost.delete(url.pathname)) {
        request.socket.destroy()
        return
      }
      replies.push({ method: request.method ?? '', path: url.pathname, status, headers, setCookies, text })
      response.setHeader('set-cookie', setCookies)
      response.writeHead(status, headers).end(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { tls: certificate } = options
  const front =
    certificate === undefined
      ? undefined
      : await openTlsFront({
          port: 0,
          certificate,
          hostPort: port,
          onExchange: (exchange) => desk.onExchange(exchange),
        })
  const origin = front === undefined ? `http://localhost:${port}` : `https://localhost:${front.port}`

  setClock(origin, now)
  const desk = await openDesk({ ...options.desk, appOrigin: origin, now })
  trustAuthority(desk.authorityPem)
  const unmap = loopbackOnly({ vaultPort: desk.vault.port })
  Object.assign(process.env, desk.identity.env)

  const compose = (settings: Readonly<Record<string, string>> = {}): App =>
    composeApp(
      { ...desk.settings, ...options.settings, ...settings },
      {
        ...options.effects,
        fetch: watch.fetch,
        now: () => now() + (options.appAheadMs?.() ?? 0),
        log: (level, event, facts = {}) => void logs.push({ level, event, facts }),
      },
    )
  let app = compose()
  const routes: Readonly<Record<string, Route>> = { ...ROUTES, '*': ['zFrontEnd', ANY_METHOD, frontEnd] }
  for (const [path, [name, methods, handle, methodsOf]] of Object.entries(routes)) {
    handlers.set(
      path,
      serve(() => app, { name, methods, methodsOf, handle }),
    )
  }
  // Azurite judges tokens by the machine's clock: the app gets its one before anybody moves ours.
  await app.sessions.check()

  return {
    desk,
    origin,
    app: () => app,
    logs,
    replies,
    secrets: watch.secrets,
    rows: await openSessionRows(desk),
    now,
    replaceInstance(settings) {
      app = compose(settings)
    },
    advance: (ms) => {
      offsetMs += ms
    },
    loseNextAnswer: (path) => void lost.add(path),
    async close() {
      await front?.close()
      server.closeAllConnections()
      server.close()
      unmap()
      await desk.close()
    },
  }
}

function platformRequest(request: IncomingMessage, url: URL): HttpRequest {
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(url, {
    method: request.method ?? 'GET',
    headers: Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' } : {}),
  }) as unknown as HttpRequest
}

function setCookieHeader({
  name,
  value,
  maxAge,
  path,
  secure,
  httpOnly,
  sameSite,
}: HttpResponse['cookies'][number]) {
  const attributes = [
    maxAge === undefined ? undefined : `Max-Age=${maxAge}`,
    `Path=${path}`,
    secure ? 'Secure' : undefined,
    httpOnly ? 'HttpOnly' : undefined,
    `SameSite=${sameSite}`,
  ]
  return [`${name}=${value}`, ...attributes.filter(Boolean)].join('; ')
}

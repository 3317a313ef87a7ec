/**
 * A desk and the app in this process, over the wire: real SDKs, real HTTP, and a clock that tests may move. One world per test
 * file, because `@azure/identity` keeps its tokens and its endpoint per process.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { HttpHandler, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions'
import type { App } from '../../lib/app.ts'
import { composeApp } from '../../lib/compose.ts'
import { serve } from '../../lib/http/boundary.ts'
import type { Handle, Method } from '../../lib/http/route.ts'
import { callback } from '../../lib/http/routes/callback.ts'
import { frontchannelLogout } from '../../lib/http/routes/frontchannelLogout.ts'
import { live, ready } from '../../lib/http/routes/health.ts'
import { home } from '../../lib/http/routes/home.ts'
import { login } from '../../lib/http/routes/login.ts'
import { logout } from '../../lib/http/routes/logout.ts'
import { notFound } from '../../lib/http/routes/notFound.ts'
import { session } from '../../lib/http/routes/session.ts'
import { signedOut } from '../../lib/http/routes/signedOut.ts'
import { type Desk, openDesk } from '../../local/desk.ts'
import { loopbackOnly } from '../../local/loopbackOnly.ts'
import { trustAuthority } from '../../local/trustAuthority.ts'

const ROUTES: Readonly<Record<string, readonly [name: string, methods: readonly Method[], handle: Handle]>> =
  {
    '/': ['home', ['GET', 'HEAD'], home],
    '/auth/login': ['login', ['GET'], login],
    '/auth/callback': ['callback', ['POST'], callback],
    '/auth/session': ['session', ['GET'], session],
    '/auth/logout': ['logout', ['POST'], logout],
    '/auth/signed-out': ['signedOut', ['GET', 'HEAD'], signedOut],
    '/auth/frontchannel-logout': ['frontchannelLogout', ['GET'], frontchannelLogout],
    '/health/live': ['live', ['GET', 'HEAD'], live],
    '/health/ready': ['ready', ['GET', 'HEAD'], ready],
  }

export interface LogLine {
  readonly level: string
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

export interface World {
  readonly desk: Desk
  readonly origin: string
  /** The running app: an instance of the product, as one process in Azure would hold it. */
  readonly app: () => App
  /** Everything the app logged, in order. */
  readonly logs: LogLine[]
  /** Lets another instance take over, with nothing of the old one's memory. */
  replaceInstance(settings?: Readonly<Record<string, string>>): void
  /** Moves the clock of app and stand-ins. */
  advance(ms: number): void
  close(): Promise<void>
}

export async function openWorld(): Promise<World> {
  let offsetMs = 0
  const now = (): number => Date.now() + offsetMs
  const logs: LogLine[] = []
  const handlers = new Map<string, HttpHandler>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', origin)
    const handler = handlers.get(url.pathname) ?? handlers.get('*')
    Promise.resolve(handler?.(platformRequest(request, url), {} as InvocationContext)).then((reply) => {
      const { status = 200, headers, cookies = [], body } = reply as HttpResponseInit
      response.setHeader('set-cookie', cookies.map(setCookieHeader))
      response.writeHead(status, headers as Record<string, string>).end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`

  const desk = await openDesk({ appOrigin: origin, now })
  trustAuthority(desk.authorityPem)
  const unmap = loopbackOnly({ vaultPort: desk.vault.port })
  Object.assign(process.env, desk.identity.env)

  let app: App
  function replaceInstance(settings: Readonly<Record<string, string>> = {}): void {
    app = composeApp(
      { ...desk.settings, ...settings },
      { now, log: (level, event, facts = {}) => void logs.push({ level, event, facts }) },
    )
    for (const [path, [name, methods, handle]] of Object.entries(ROUTES)) {
      handlers.set(
        path,
        serve(() => app, { name, methods, handle }),
      )
    }
    handlers.set(
      '*',
      serve(() => app, { name: 'notFound', methods: ['GET', 'POST'], handle: notFound }),
    )
  }
  replaceInstance()

  return {
    desk,
    origin,
    app: () => app,
    logs,
    replaceInstance,
    advance: (ms) => {
      offsetMs += ms
    },
    async close() {
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
}: NonNullable<HttpResponseInit['cookies']>[number]) {
  const attributes = [
    maxAge === undefined ? undefined : `Max-Age=${maxAge}`,
    `Path=${path}`,
    secure ? 'Secure' : undefined,
    httpOnly ? 'HttpOnly' : undefined,
    `SameSite=${sameSite}`,
  ]
  return [`${name}=${value}`, ...attributes.filter(Boolean)].join('; ')
}

/**
 * A Functions host for one desk: serves an `@azure/functions` app in this process, on 127.0.0.1, and answers as
 * the Azure Functions host does, its traps included. The cases in test/host hold it to that.
 *
 * Not here: triggers other than HTTP and timer, other bindings, retries, functionTimeout, throttling, CORS,
 * App Service Authentication, the management side of /admin, CONNECT, and request targets that are no path.
 */
import { createAccessKey } from './accessKey.ts'
import { answerRequest } from './answerRequest.ts'
import { createFunctionsCore, type FunctionsCore } from './functionsCore.ts'
import { homepageOf } from './homepage.ts'
import { readHostJson } from './hostJson.ts'
import { leadOn } from './leadOn.ts'
import { listenOnLoopback } from './listenOnLoopback.ts'
import { loadApp } from './loadApp.ts'
import { logFault } from './logFault.ts'
import { openLoopbackServer } from './loopbackServer.ts'
import { printLog } from './printLog.ts'
import { provideCore } from './provideCore.ts'
import { createRouteTable } from './routeTable.ts'
import { startTimers } from './timers.ts'
import { answerUnparsed } from './unparsedRequest.ts'

export type HostOptions = {
  /** The folder with the app's package.json and host.json. */
  readonly appDir: string
  /** 0 takes a free one. */
  readonly port: number
  /** Opens functions with an authLevel, and /admin; without it nobody can. */
  readonly masterKey: string | undefined
  readonly bodyLimitBytes: number
  /** Value of AzureWebJobsDisableHomepage. */
  readonly disableHomepage: string | undefined
  /** Origin that whoever comes by an address of numbers is led to; undefined to answer there too, as the real host does. */
  readonly leadsTo: string | undefined
  /** How long a streamed reply may stand still before it becomes a 500. */
  readonly activityTimeoutMs: number
}

export type Host = {
  readonly url: string
  /** What is served, one line each. */
  readonly lines: readonly string[]
  /** No new requests, a moment for those in flight, then the app's appTerminate hooks; 1.6 seconds at most. */
  readonly stop: () => Promise<void>
}

const graceMs = 800

/** Loads the app and serves it. One app per process: the library is a singleton. Throws HostFault. */
export async function serveApp(options: HostOptions): Promise<Host> {
  const { appDir, bodyLimitBytes, activityTimeoutMs, leadsTo } = options
  const { routePrefix, customHeaders } = readHostJson(appDir)
  const core = createFunctionsCore(printLog)
  provideCore(core.api)
  await loadApp(appDir)
  core.close()
  await core.runHooks('appStart', { functionAppDirectory: appDir })

  const routes = createRouteTable(core.functions.values(), routePrefix)
  for (const fault of routes.faults) core.log('error', 'system', fault)
  const streamingPort = await openStreaming(core)
  const { port, server, close } = await openLoopbackServer(options.port)
  const timers = startTimers(core, process.env)
  const allows = createAccessKey(options.masterKey)
  const homepage = homepageOf(options.disableHomepage)
  const serving = { core, routes, timers, allows, homepage, bodyLimitBytes, activityTimeoutMs, streamingPort }

  server.on('clientError', (fault, socket) => answerUnparsed(fault, socket, homepage))
  server.on('request', (message, reply) => {
    reply.setHeader('server', 'Kestrel')
    for (const [name, value] of Object.entries(customHeaders)) reply.setHeader(name, value)
    if (leadsTo !== undefined && leadOn(leadsTo, message, reply)) return
    answerRequest(serving, message, reply).catch((fault) => {
      if (!reply.destroyed) logFault(core, 'The host', fault) // else the client went away
      reply.destroy()
    })
  })
  const stop = async () => {
    timers.stop()
    await close(graceMs)
    await within(graceMs, core.runHooks('appTerminate', {}))
  }
  return { url: `http://127.0.0.1:${port}`, lines: [...routes.lines, ...timers.lines], stop }
}

/** The port of the library's streaming server, which it opens when the app asked for streaming. */
async function openStreaming(core: FunctionsCore): Promise<number | undefined> {
  const capabilities = await listenOnLoopback(async () => core.model()?.getCapabilities({}))
  return capabilities?.HttpUri ? Number(new URL(capabilities.HttpUri).port) : undefined
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))])
}

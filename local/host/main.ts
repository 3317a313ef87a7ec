/**
 * node local/host/main.ts <folder of the app> <port>
 *
 * HOST_MASTER_KEY                   key for /admin and for functions with an authLevel
 * HOST_ACTIVITY_TIMEOUT_MS          how long a streamed reply may stand still; 240000, as in Azure
 * FUNCTIONS_REQUEST_BODY_SIZE_LIMIT octets of a request body; 104857600, as in Azure, where it is no number
 * HOST_LEADS_TO                     origin that a visit to http://127.0.0.1:<port> is led to; the port is then said by whoever started this
 * AzureWebJobsDisableHomepage       `true`: the root without a function is an empty 204 instead of the host's own page
 */
import { enableCompileCache } from 'node:module'
import path from 'node:path'
import { HostFault } from './hostFault.ts'

// Stripping the types of this host costs a third of a second, but only the first time.
enableCompileCache(path.resolve(import.meta.dirname, '../../node_modules/.cache/node'))
const { serveApp } = await import('./host.ts')

const [appDir, port] = process.argv.slice(2)
if (!appDir || !port || !/^\d+$/.test(port)) {
  console.error('usage: node local/host/main.ts <folder of the app> <port>')
  process.exit(2)
}

// What the worker gives an app besides its settings.
process.chdir(appDir)
process.env.AZURE_FUNCTIONS_ENVIRONMENT ??= 'Development'
process.env.FUNCTIONS_WORKER_RUNTIME ??= 'node'
process.env.WEBSITE_HOSTNAME ??= `localhost:${port}`

const leadsTo = process.env.HOST_LEADS_TO
const bodyLimit = process.env.FUNCTIONS_REQUEST_BODY_SIZE_LIMIT?.trim() ?? ''
try {
  const host = await serveApp({
    appDir: path.resolve('.'),
    port: Number(port),
    masterKey: process.env.HOST_MASTER_KEY,
    bodyLimitBytes: /^\d+$/.test(bodyLimit) ? Number(bodyLimit) : 104_857_600,
    leadsTo,
    disableHomepage: process.env.AzureWebJobsDisableHomepage,
    activityTimeoutMs: Number(process.env.HOST_ACTIVITY_TIMEOUT_MS ?? 240_000),
  })
  // Whoever started this says where people go; to them a route with all its methods is no news.
  if (leadsTo === undefined) {
    for (const line of host.lines) console.log(`  ${line}`)
    console.log(`listening on ${host.url}`)
  } else console.log(`The Functions host serves ${host.lines.length} functions.`)

  let isStopping = false
  const stop = async () => {
    if (isStopping) process.exit(130) // a second Ctrl-C does not wait
    isStopping = true
    await host.stop()
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // Whoever started this host may be gone, also by now.
  process.on('disconnect', stop)
  if (process.connected === false) await stop()
} catch (fault) {
  if (!(fault instanceof HostFault)) throw fault
  console.error(fault.message)
  if (fault.cause) console.error(fault.cause)
  process.exit(1)
}

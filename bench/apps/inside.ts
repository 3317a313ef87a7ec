/**
 * Loaded into every app that is measured, before it: nothing leads off this machine, the vault's name leads to its stand-in, and the process
 * says on request what the operating system has counted for it.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import '../../local/preload.ts'

/** Of a whole process, all threads. */
export interface Usage {
  /** User and system time since its start. Milliseconds. */
  readonly cpuMs: number
  readonly rssBytes: number
  /** After a collection of garbage, where one was asked for. */
  readonly heapBytes: number
  readonly peakRssBytes: number
}

process.on('message', (message: { readonly usage?: 'now' | 'collected' }) => {
  if (message.usage === undefined) return
  if (message.usage === 'collected') collect()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const peakRssBytes = process.resourceUsage().maxRSS * 1_024
  const usage: Usage = { cpuMs: (user + system) / 1_000, rssBytes: rss, heapBytes: heapUsed, peakRssBytes }
  process.send?.({ usage })
})
// What is measured shall not live on because of this.
process.channel?.unref()

function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
  gc()
}

/** Where a command has its settings from: the desk that runs, or a file over the environment. */
import type { Environment } from '../lib/config/settingsReader.ts'
import { honourProxy } from './proxy.ts'
import { settingsFrom } from './settingsSource.ts'
import { UsageFault } from './usageFault.ts'

interface Wanted {
  readonly onDesk: boolean
  /** A file of settings. */
  readonly settings: string | undefined
}

/** What there is to say about either goes to standard error. To be asked before the first client is made: of the proxy, too. */
export async function commandEnvironment({ onDesk, settings }: Wanted): Promise<Environment> {
  if (onDesk) return deskEnvironment()
  const proxy = honourProxy(process.env)
  if (proxy !== '') console.error(proxy)
  return settingsFrom(settings, process.env, console.error)
}

async function deskEnvironment(): Promise<Environment> {
  const { joinDesk } = await import('../local/deskNotice.ts')
  const joined = joinDesk()
  if (joined === undefined) throw new UsageFault('No desk runs: start one with "npm start".')
  console.error(`On the desk at ${joined.appOrigin}.`)
  return joined.env
}

/** Where Microsoft Graph is: each cloud has its own, and one cloud has two. */
import type { SettingsReader } from './settingsReader.ts'
import { hostOf } from './urls.ts'

const GLOBAL = 'https://graph.microsoft.com'

/** By the host of sign-in. The United States' cloud for defence signs in at the host of its neighbour: there the setting has to say. */
const GRAPH_OF_CLOUDS: ReadonlyMap<string, string> = new Map([
  ['login.microsoftonline.us', 'https://graph.microsoft.us'],
  ['login.partner.microsoftonline.cn', 'https://microsoftgraph.chinacloudapi.cn'],
])

/** An origin: the setting's, else that of the cloud. */
export function readGraphUrl(read: SettingsReader, authority: string): string {
  const value = read.optionalUrl('GRAPH_URL')
  if (value === undefined) return GRAPH_OF_CLOUDS.get(hostOf(authority)) ?? GLOBAL
  if (URL.parse(value)?.pathname !== '/') read.fault('GRAPH_URL', 'must be an origin, without a path')
  return value
}

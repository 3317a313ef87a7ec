/** Azure Resource Manager, asked with the examiner's own token by whoever may. Where it is follows from the environment that azd leaves behind. */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../lib/base/effects.ts'
import { type Environment, isGuid } from '../lib/config/settingsReader.ts'
import { hostOf } from '../lib/config/urls.ts'
import { createBoundedFetch } from '../lib/entra/boundedFetch.ts'

const DEADLINE_MS = 20_000

/** A sentence on why something could not be read. */
export class AzureFault extends Error {}

/** By the domain of the vault: where Resource Manager and Log Analytics are in its cloud. */
const CLOUDS: readonly (readonly [domain: string, arm: string, logs: string])[] = [
  ['azure.net', 'https://management.azure.com', 'https://api.loganalytics.azure.com'],
  ['usgovcloudapi.net', 'https://management.usgovcloudapi.net', 'https://api.loganalytics.us'],
  ['azure.cn', 'https://management.chinacloudapi.cn', 'https://api.loganalytics.azure.cn'],
]

/** Every call throws AzureFault, `identity/unavailable`, `entra/unavailable` for the network. */
export interface ResourceManager {
  /** What an address answers, asked with a token for `resource`; posted where there is a body. */
  ask(url: string, resource: string, body?: object): Promise<unknown>
  /** Of Resource Manager, which is asked with a token for itself. */
  read(path: string, apiVersion: string): Promise<unknown>
  /** Origin of Log Analytics. */
  logs(): string
  /** Resource id of a vault. */
  vaultPath(vaultUrl: string): string
}

export interface ResourceManagerOptions {
  readonly env: Environment
  readonly credential: TokenCredential
  readonly effects: Pick<Effects, 'fetch'>
}

export function createResourceManager({ env, credential, effects }: ResourceManagerOptions): ResourceManager {
  const fetchBounded = createBoundedFetch(effects, DEADLINE_MS)

  async function ask(url: string, resource: string, body?: object): Promise<unknown> {
    const token = await credential.getToken(`${resource}/.default`)
    if (token === null) throw new AzureFault('There is no token for it: sign in with "az login".')
    const init = { headers: { authorization: `Bearer ${token.token}`, 'content-type': 'application/json' } }
    const response = await fetchBounded(
      url,
      body === undefined ? init : { ...init, method: 'POST', body: JSON.stringify(body) },
    )
    if (!response.ok)
      throw new AzureFault(`${hostOf(url)} answered ${response.status}: whoever asked may not read it.`)
    return response.json()
  }

  function cloud(): { origin: string; logs: string } {
    const { KEY_VAULT_URL = '' } = env
    const found = CLOUDS.find(([domain]) => hostOf(KEY_VAULT_URL).endsWith(`.${domain}`))
    if (found === undefined) throw new AzureFault('The domain of the vault tells no cloud.')
    return { origin: found[1], logs: found[2] }
  }

  return {
    ask,
    async read(path, apiVersion) {
      const { origin } = cloud()
      return ask(`${origin}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`, origin)
    },
    logs: () => cloud().logs,
    vaultPath(vaultUrl) {
      const { AZURE_SUBSCRIPTION_ID: subscription = '', AZURE_RESOURCE_GROUP: group = '' } = env
      if (!isGuid(subscription) || !/^[\w.()-]{1,90}$/.test(group))
        throw new AzureFault('AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP do not say where the vault is.')
      const [name = ''] = hostOf(vaultUrl).split('.')
      return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`
    },
  }
}

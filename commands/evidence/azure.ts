/**
 * What Azure Resource Manager says of the vault, and Log Analytics of its log: asked with the examiner's own token, by whoever may. Where
 * they are follows from the environment that azd leaves behind.
 */
import { readFileSync } from 'node:fs'
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../../lib/base/effects.ts'
import { type Environment, isGuid } from '../../lib/config/settingsReader.ts'
import { hostOf } from '../../lib/config/urls.ts'
import { createBoundedFetch } from '../../lib/entra/boundedFetch.ts'
import type { RoleEvidence, SignatureEvidence, VaultEvidence } from './evidence.ts'
import { customerIdOf, readRoles, readSignatures, readVault, roleNames, workspaceIn } from './readAzure.ts'

const DEADLINE_MS = 20_000
const VAULT_API = '2026-02-01'
const ROLES_API = '2022-04-01'
const DIAGNOSTICS_API = '2021-05-01-preview'
const WORKSPACE_API = '2025-07-01'
const SINCE = 'P30D'

/** A sentence on why something could not be read. */
export class AzureFault extends Error {}

/** Every call throws AzureFault, `identity/unavailable`, `entra/unavailable` for the network. */
export interface Azure {
  vault(vaultUrl: string): Promise<VaultEvidence>
  roles(vaultUrl: string): Promise<readonly RoleEvidence[]>
  signatures(vaultUrl: string): Promise<readonly SignatureEvidence[]>
}

interface AzureOptions {
  readonly env: Environment
  readonly credential: TokenCredential
  readonly effects: Pick<Effects, 'fetch'>
}

/** By the domain of the vault: where Resource Manager and Log Analytics are in its cloud. */
const CLOUDS: readonly (readonly [domain: string, arm: string, logs: string])[] = [
  ['azure.net', 'https://management.azure.com', 'https://api.loganalytics.azure.com'],
  ['usgovcloudapi.net', 'https://management.usgovcloudapi.net', 'https://api.loganalytics.us'],
  ['azure.cn', 'https://management.chinacloudapi.cn', 'https://api.loganalytics.azure.cn'],
]

export function createAzure({ env, credential, effects }: AzureOptions): Azure {
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

  /** Of Resource Manager, which is asked with a token for itself. */
  const arm = (path: string, api: string): Promise<unknown> => {
    const { origin } = cloud()
    return ask(`${origin}${path}${path.includes('?') ? '&' : '?'}api-version=${api}`, origin)
  }

  function cloud(): { origin: string; logs: string } {
    const { KEY_VAULT_URL = '' } = env
    const found = CLOUDS.find(([domain]) => hostOf(KEY_VAULT_URL).endsWith(`.${domain}`))
    if (found === undefined) throw new AzureFault('The domain of the vault tells no cloud.')
    return { origin: found[1], logs: found[2] }
  }

  function vaultPath(vaultUrl: string): string {
    const { AZURE_SUBSCRIPTION_ID: subscription = '', AZURE_RESOURCE_GROUP: group = '' } = env
    if (!isGuid(subscription) || !/^[\w.()-]{1,90}$/.test(group))
      throw new AzureFault('AZURE_SUBSCRIPTION_ID and AZURE_RESOURCE_GROUP do not say where the vault is.')
    const [name = ''] = hostOf(vaultUrl).split('.')
    return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}`
  }

  return {
    async vault(vaultUrl) {
      return readVault(await arm(vaultPath(vaultUrl), VAULT_API))
    },
    async roles(vaultUrl) {
      const path = vaultPath(vaultUrl)
      const assignments = '/providers/Microsoft.Authorization/roleAssignments'
      const definitions = '/providers/Microsoft.Authorization/roleDefinitions'
      const names = roleNames(await arm(`${path}${definitions}`, ROLES_API))
      return readRoles(await arm(`${path}${assignments}`, ROLES_API), names, path)
    },
    async signatures(vaultUrl) {
      const diagnostics = '/providers/Microsoft.Insights/diagnosticSettings'
      const path = workspaceIn(await arm(`${vaultPath(vaultUrl)}${diagnostics}`, DIAGNOSTICS_API))
      if (path === undefined) throw new AzureFault('The vault’s log goes to no Log Analytics workspace.')
      const workspace = customerIdOf(await arm(path, WORKSPACE_API))
      const { logs } = cloud()
      const query = readFileSync(
        new URL('../../infra/queries/signatures-by-caller.kql', import.meta.url),
        'utf8',
      )
      const url = `${logs}/v1/workspaces/${workspace}/query`
      return readSignatures(await ask(url, logs.replace('.azure.com', '.io'), { query, timespan: SINCE }))
    },
  }
}

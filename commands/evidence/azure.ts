/** What Azure Resource Manager says of the vault, and Log Analytics of its log. */
import { readFileSync } from 'node:fs'
import { AzureFault, createResourceManager, type ResourceManagerOptions } from '../resourceManager.ts'
import type { RoleEvidence, SignatureEvidence, VaultEvidence } from './evidence.ts'
import { customerIdOf, readRoles, readSignatures, readVault, roleNames, workspaceIn } from './readAzure.ts'

const VAULT_API = '2026-02-01'
const ROLES_API = '2022-04-01'
const DIAGNOSTICS_API = '2021-05-01-preview'
const WORKSPACE_API = '2025-07-01'
const SINCE = 'P30D'

/** Every call throws AzureFault, `identity/unavailable`, `entra/unavailable` for the network. */
export interface Azure {
  vault(vaultUrl: string): Promise<VaultEvidence>
  roles(vaultUrl: string): Promise<readonly RoleEvidence[]>
  signatures(vaultUrl: string): Promise<readonly SignatureEvidence[]>
}

export function createAzure(options: ResourceManagerOptions): Azure {
  const { ask, read, logs, vaultPath } = createResourceManager(options)
  return {
    async vault(vaultUrl) {
      return readVault(await read(vaultPath(vaultUrl), VAULT_API))
    },
    async roles(vaultUrl) {
      const path = vaultPath(vaultUrl)
      const assignments = '/providers/Microsoft.Authorization/roleAssignments'
      const definitions = '/providers/Microsoft.Authorization/roleDefinitions'
      const names = roleNames(await read(`${path}${definitions}`, ROLES_API))
      return readRoles(await read(`${path}${assignments}`, ROLES_API), names, path)
    },
    async signatures(vaultUrl) {
      const diagnostics = '/providers/Microsoft.Insights/diagnosticSettings'
      const path = workspaceIn(await read(`${vaultPath(vaultUrl)}${diagnostics}`, DIAGNOSTICS_API))
      if (path === undefined) throw new AzureFault('The vault’s log goes to no Log Analytics workspace.')
      const workspace = customerIdOf(await read(path, WORKSPACE_API))
      const query = readFileSync(
        new URL('../../infra/queries/signatures-by-caller.kql', import.meta.url),
        'utf8',
      )
      const url = `${logs()}/v1/workspaces/${workspace}/query`
      return readSignatures(await ask(url, logs().replace('.azure.com', '.io'), { query, timespan: SINCE }))
    },
  }
}

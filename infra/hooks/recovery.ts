/**
 * A vault with purge protection keeps its name for 90 days after its removal, and its certificates with it. An environment that is set
 * up again gets them back: no other vault could have that name. Recovered first and deployed afterwards, always: the service takes
 * nothing but the wish to recover, and gives the vault back with the network rules it had.
 */
import { rememberValues } from './azdEnvironment.ts'
import { requireAzure } from './azureCli.ts'
import { type Deployment, requireValue, wantedGroup } from './deployment.ts'
import { HookFault } from './hookFault.ts'

interface DeletedVault {
  readonly name?: string
  readonly properties?: {
    readonly vaultId?: string
    readonly location?: string
    readonly tags?: Readonly<Record<string, string>> | null
  }
}

/** Recovers the vault of this environment, where there is one to recover. */
export async function recoverVault(deployment: Deployment): Promise<void> {
  const { run, now, say } = deployment
  const environment = requireValue(deployment, 'AZURE_ENV_NAME')
  const location = requireValue(deployment, 'AZURE_LOCATION')
  const deleted = await requireAzure(run, ['keyvault', 'list-deleted', '--resource-type', 'vault'])
  const vault = ((deleted ?? []) as readonly DeletedVault[]).find(isVaultOf(environment, location))
  if (vault === undefined) return

  const group = requireGroup(deployment, vault)
  say('The vault of this environment was deleted and is recovered, with its certificates.')
  // Before anything else: azd deploys only what it takes for changed, and has to after this.
  await rememberValues(deployment, { SIGNET_VAULT_RECOVERED: new Date(now()).toISOString() })
  if ((await requireAzure(run, ['group', 'exists', '--name', group])) !== true) {
    const tag = `azd-env-name=${environment}`
    await requireAzure(run, ['group', 'create', '--name', group, '--location', location, '--tags', tag])
  }
  await requireAzure(run, [
    ...['keyvault', 'recover', '--name', vault.name ?? ''],
    ...['--resource-group', group, '--location', location],
  ])
}

/** A vault comes back into the resource group it was in. */
function requireGroup(deployment: Deployment, { name, properties }: DeletedVault): string {
  const group = /\/resourceGroups\/([^/]+)\//i.exec(properties?.vaultId ?? '')?.[1] ?? ''
  const wanted = wantedGroup(deployment)
  if (group.toLowerCase() === wanted.toLowerCase()) return wanted
  throw new HookFault(
    `The deleted vault ${name} of this environment was in the resource group ${group}, and can only come back there.`,
    [`azd env set SIGNET_RESOURCE_GROUP ${group} && azd up`],
  )
}

/** By a tag that only our vaults have: other projects call environments "prod" too. A region is written "West Europe" in some answers. */
function isVaultOf(environment: string, location: string): (vault: DeletedVault) => boolean {
  const compact = (text: string): string => text.toLowerCase().replaceAll(' ', '')
  return ({ properties }) =>
    properties?.tags?.['signet-environment'] === environment &&
    compact(properties.location ?? '') === compact(location)
}

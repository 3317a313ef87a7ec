/** Before anything is created: is the right account signed in, and can the environment be created here at all? */
import { rememberValues } from './azdEnvironment.ts'
import { askAzure, requireAzure } from './azureCli.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { HookFault } from './hookFault.ts'

interface DeletedVault {
  readonly properties?: {
    readonly location?: string
    readonly tags?: Readonly<Record<string, string>> | null
  }
}

export async function prepare(deployment: Deployment): Promise<void> {
  await requireAccount(deployment)
  if (deployment.env.SIGNET_PRIVATE_NETWORKING === 'true') await requireNetworkProvider(deployment)
  await planRecovery(deployment)
}

async function requireAccount(deployment: Deployment): Promise<void> {
  const subscription = requireValue(deployment, 'AZURE_SUBSCRIPTION_ID')
  const answer = await askAzure(deployment.run, ['account', 'show'])
  if ('refusal' in answer) {
    throw new HookFault('The Azure CLI is not signed in; azd keeps a sign-in of its own.', ['az login'])
  }
  const { id, user } = answer.value as { id?: string; user?: { type?: string } }
  if (id !== subscription) {
    throw new HookFault('The Azure CLI works in another subscription than azd.', [
      `az account set --subscription ${subscription}`,
    ])
  }
  // azd tells the templates who it is, but not what: role assignments need both.
  if (user?.type === 'servicePrincipal')
    await rememberValues(deployment, { AZURE_PRINCIPAL_TYPE: 'ServicePrincipal' })
}

async function requireNetworkProvider({ run }: Deployment): Promise<void> {
  const shown = await requireAzure(run, ['provider', 'show', '--namespace', 'Microsoft.App'])
  if ((shown as { registrationState?: string }).registrationState === 'Registered') return
  throw new HookFault(
    'Private networking needs the resource provider Microsoft.App, which is not registered.',
    ['az provider register --namespace Microsoft.App --wait'],
  )
}

/**
 * A vault with purge protection keeps its name for 90 days after its removal, and its certificates with it. An environment that
 * is set up again gets them back: no other vault could have that name.
 */
async function planRecovery(deployment: Deployment): Promise<void> {
  const { env, run, say } = deployment
  const deleted = await requireAzure(run, ['keyvault', 'list-deleted', '--resource-type', 'vault'])
  const isOurs = isVaultOf(
    requireValue(deployment, 'AZURE_ENV_NAME'),
    requireValue(deployment, 'AZURE_LOCATION'),
  )
  const mustRecover = ((deleted ?? []) as readonly DeletedVault[]).some(isOurs)
  if (mustRecover)
    say('The vault of this environment was deleted and will be recovered, with its certificates.')
  if (mustRecover || env.SIGNET_RECOVER_VAULT === 'true') {
    await rememberValues(deployment, { SIGNET_RECOVER_VAULT: String(mustRecover) })
  }
}

/** By a tag that only our vaults have: other projects call environments "prod" too. A region is written "West Europe" in some answers. */
function isVaultOf(environment: string, location: string): (vault: DeletedVault) => boolean {
  const compact = (text: string): string => text.toLowerCase().replaceAll(' ', '')
  return ({ properties }) =>
    properties?.tags?.['signet-environment'] === environment &&
    compact(properties.location ?? '') === compact(location)
}

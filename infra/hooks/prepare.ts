/** Before anything is created: is the right account signed in, and can the environment be created here at all? */
import { askAzure, requireAzure } from './azureCli.ts'
import { type Deployment, wantedGroup } from './deployment.ts'
import { requireFrontEnd } from './frontEnd.ts'
import { HookFault } from './hookFault.ts'
import { recoverVault } from './recovery.ts'
import { keepSettled } from './settled.ts'

export async function prepare(given: Deployment): Promise<void> {
  requirePlace(given)
  requireSameGroup(given)
  requireFrontEnd(given)
  const deployment = await keepSettled(given)
  tellWhoMakesVersions(deployment)
  await requireAccount(deployment)
  if (deployment.env.SIGNET_PRIVATE_NETWORKING === 'true') await requireNetworkProvider(deployment)
  await recoverVault(deployment)
}

/** `azd up` asks for both before this; a plain `azd provision` runs this first and asks afterwards. */
function requirePlace({ env }: Deployment): void {
  const missing = ['AZURE_SUBSCRIPTION_ID', 'AZURE_LOCATION'].filter((name) => !env[name])
  if (missing.length === 0) return
  throw new HookFault(`azd has not asked yet where to deploy (${missing.join(', ')}).`, [
    'azd up',
    `Or first: ${missing.map((name) => `azd env set ${name} <value>`).join(' && ')}`,
  ])
}

/** Names are decided by environment and region: the same in another group would be refused halfway. */
function requireSameGroup(deployment: Deployment): void {
  const { AZURE_RESOURCE_GROUP: current } = deployment.env
  const wanted = wantedGroup(deployment)
  if (!current || current.toLowerCase() === wanted.toLowerCase()) return
  throw new HookFault(
    `This environment is in the resource group ${current}, and its resources cannot be in ${wanted} as well.`,
    [`azd env set SIGNET_RESOURCE_GROUP ${current} && azd up`, 'To move it, remove it there first: azd down'],
  )
}

/** No built-in role is narrow enough for it, so the templates give none. */
function tellWhoMakesVersions({ env, say }: Deployment): void {
  if (env.ROTATION !== 'auto' || env.SIGNET_SIGNER_ROLE !== 'built-in') return
  say(
    'ROTATION is auto, and with SIGNET_SIGNER_ROLE=built-in the app gets no right to make versions: the vault renews by its own policy, for which ROTATION=register is enough.',
  )
}

async function requireAccount({ env, run }: Deployment): Promise<void> {
  const answer = await askAzure(run, ['account', 'show'])
  if ('refusal' in answer) {
    throw new HookFault('The Azure CLI is not signed in; azd keeps a sign-in of its own.', ['az login'])
  }
  const { id } = answer.value as { id?: string }
  if (id === env.AZURE_SUBSCRIPTION_ID) return
  throw new HookFault('The Azure CLI works in another subscription than azd.', [
    `az account set --subscription ${env.AZURE_SUBSCRIPTION_ID}`,
  ])
}

async function requireNetworkProvider({ run }: Deployment): Promise<void> {
  const shown = await requireAzure(run, ['provider', 'show', '--namespace', 'Microsoft.App'])
  if ((shown as { registrationState?: string }).registrationState === 'Registered') return
  throw new HookFault(
    'Private networking needs the resource provider Microsoft.App, which is not registered.',
    ['az provider register --namespace Microsoft.App --wait'],
  )
}

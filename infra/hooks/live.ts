/** The settings of the app and its alerts (infra/live), written where they are not already as they should be. */
import { askAzure, azureFault } from './azureCli.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { findSame, LIVE, send } from './deployOnce.ts'

/** `settings` are laid over the environment; `ENTRA_CLIENT_ID` is among them. */
export async function goLive(
  deployment: Deployment,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const same = await findSame(deployment, LIVE, settings)
  if (same !== undefined && (await isTold(deployment, settings.ENTRA_CLIENT_ID))) {
    deployment.say('Settings and alerts are as they should be.')
    return
  }
  deployment.say('Writing the settings of the app, and its alerts.')
  const answer = await send(deployment, LIVE, settings)
  if ('refusal' in answer) throw azureFault(answer.args, answer.refusal)
}

/** Whether the app has settings at all: one that was made anew has none, whatever was deployed to the one before it. */
async function isTold(deployment: Deployment, clientId: string | undefined): Promise<boolean> {
  const answer = await askAzure(deployment.run, [
    ...['functionapp', 'config', 'appsettings', 'list'],
    ...['--resource-group', requireValue(deployment, 'AZURE_RESOURCE_GROUP')],
    ...['--name', requireValue(deployment, 'AZURE_FUNCTION_APP_NAME')],
  ])
  if (!('value' in answer)) return false
  const settings = answer.value as readonly { readonly name: string; readonly value: string }[]
  return settings.some(({ name, value }) => name === 'ENTRA_CLIENT_ID' && value === clientId)
}

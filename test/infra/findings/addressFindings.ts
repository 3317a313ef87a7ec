import { deployed } from '../../support/deployed.ts'
import { at, listAt, ofType, type Prediction } from '../../support/prediction.ts'
import { deployedSettings } from './settingFindings.ts'

/** Every address names what is deployed: the vault, the accounts of sessions and host, the package container, the probe of the app. */
export function addressFindings(prediction: Prediction, routes: readonly string[]): string[] {
  const settings = deployedSettings(prediction) ?? {}
  const [vault] = ofType(prediction, 'Microsoft.KeyVault/vaults')
  const [table] = ofType(prediction, 'Microsoft.Storage/storageAccounts/tableServices/tables')
  const expected = {
    KEY_VAULT_URL: `https://${vault?.name}.vault.azure.net`,
    SESSION_TABLES_URL: `https://${table?.name?.split('/')[0]}.table.core.windows.net`,
  }
  const [hostAccount] = ofType(prediction, 'Microsoft.Storage/storageAccounts').filter(({ name }) =>
    name?.startsWith('sthost'),
  )
  const wrong = Object.entries(expected).filter(([name, url]) => deployed(settings[name]) !== url)
  return [
    ...wrong.map(([name, url]) => `${name} is ${deployed(settings[name])}, not ${url}`),
    ...hostFindings(settings, hostAccount?.name),
    ...probeFindings(
      prediction,
      `${deployed(settings.PUBLIC_URL)}${settings.BASE_PATH ?? ''}`,
      routes.map((route) => `${settings.BASE_PATH ?? ''}${route}`),
    ),
    ...packageFindings(prediction),
  ]
}

/** The host finds its storage by name and by address, and both are the same account. */
function hostFindings(settings: Readonly<Record<string, unknown>>, account: string | undefined): string[] {
  const { AzureWebJobsStorage__accountName: name, AzureWebJobsStorage__blobServiceUri: address } = settings
  return [
    ...(name === account ? [] : [`the host looks for the account ${name}, not for ${account}`]),
    ...(String(address).includes(`/storageAccounts/${account}'`)
      ? []
      : [`the host looks for blobs at ${address}, which is not ${account}`]),
  ]
}

function probeFindings(prediction: Prediction, publicUrl: string, routes: readonly string[]): string[] {
  return ofType(prediction, 'Microsoft.Insights/webtests').flatMap((test) => {
    const url = deployed(at(test, 'properties.Request.RequestUrl'))
    return [
      ...(url === `${publicUrl}/health/ready` ? [] : [`the probe asks ${url}`]),
      ...(routes.includes(URL.parse(url)?.pathname ?? '') ? [] : [`no route answers the probe at ${url}`]),
      ...(at(test, 'properties.ValidationRules.ExpectedHttpStatusCode') === 200
        ? []
        : ['the probe takes any status']),
    ]
  })
}

function packageFindings(prediction: Prediction): string[] {
  const [site] = ofType(prediction, 'Microsoft.Web/sites')
  const containers = ofType(prediction, 'Microsoft.Storage/storageAccounts/blobServices/containers')
  const home = String(at(site, 'properties.functionAppConfig.deployment.storage.value'))
  const found = containers.some(({ name = '' }) => {
    const [account, , container] = name.split('/')
    return home.includes(`/storageAccounts/${account}'`) && home.endsWith(`'${container}')]`)
  })
  const ready = listAt(site, 'properties.functionAppConfig.scaleAndConcurrency.alwaysReady')
  return [
    ...(found ? [] : [`the package comes from ${home}, which is not deployed`]),
    ...ready.filter((one) => at(one, 'name') !== 'http').map((one) => `always ready: ${JSON.stringify(one)}`),
  ]
}

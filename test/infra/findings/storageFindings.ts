import { at, differences, ofType, type PredictedResource, type Prediction } from '../../support/prediction.ts'

const HARDENED = {
  'properties.allowSharedKeyAccess': false,
  'properties.defaultToOAuthAuthentication': true,
  'properties.allowBlobPublicAccess': false,
  'properties.allowCrossTenantReplication': false,
  'properties.minimumTlsVersion': 'TLS1_2',
  'properties.supportsHttpsTrafficOnly': true,
  'properties.networkAcls.bypass': 'None',
} as const

/** Storage takes Entra identities only, shows nothing to the public, and keeps sessions apart from everything else. */
export function storageFindings(prediction: Prediction, sessionTable: string): string[] {
  const accounts = ofType(prediction, 'Microsoft.Storage/storageAccounts')
  const containers = ofType(prediction, 'Microsoft.Storage/storageAccounts/blobServices/containers')
  const tables = ofType(prediction, 'Microsoft.Storage/storageAccounts/tableServices/tables')
  const sessionHome = tables.find((table) => table.name?.endsWith(`/${sessionTable}`))
  return [
    ...accounts.flatMap((account) => differences(account, HARDENED)),
    ...containers
      .filter((container) => at(container, 'properties.publicAccess') !== 'None')
      .map((container) => `container ${container.name} is not said to be closed`),
    ...(sessionHome === undefined ? [`no table ${sessionTable}`] : []),
    ...containers
      .filter((container) => sessionHome !== undefined && accountOf(container) === accountOf(sessionHome))
      .map((container) => `container ${container.name} shares an account with the sessions`),
  ]
}

function accountOf({ name }: PredictedResource): string {
  return name?.split('/')[0] ?? ''
}

import { at, differences, listAt, ofType, type Prediction } from '../../support/prediction.ts'

const GUARDED = {
  'properties.sku.name': 'premium',
  'properties.enableRbacAuthorization': true,
  'properties.enableSoftDelete': true,
  'properties.softDeleteRetentionInDays': 90,
  'properties.enablePurgeProtection': true,
  'properties.enabledForDeployment': false,
  'properties.enabledForDiskEncryption': false,
  'properties.enabledForTemplateDeployment': false,
  'properties.networkAcls.bypass': 'None',
  'properties.accessPolicies': undefined,
} as const

/** There is one vault; it goes by roles, cannot be purged, keeps keys in hardware and an audit trail of all they do. */
export function vaultFindings(prediction: Prediction): string[] {
  const vaults = ofType(prediction, 'Microsoft.KeyVault/vaults')
  const trails = ofType(prediction, 'Microsoft.Insights/diagnosticSettings').filter((setting) =>
    listAt(setting, 'properties.logs').some(
      (log) => at(log, 'categoryGroup') === 'audit' && at(log, 'enabled') === true,
    ),
  )
  return [
    ...(vaults.length === 1 ? [] : [`${vaults.length} vaults`]),
    ...vaults.flatMap((vault) => differences(vault, GUARDED)),
    ...vaults
      .filter((vault) => !trails.some((trail) => trail.id?.startsWith(`${vault.id}/providers/`)))
      .map((vault) => `vault ${vault.name} keeps no audit trail`),
    ...ofType(prediction, 'Microsoft.KeyVault/vaults/secrets').map(
      (secret) => `secret ${secret.name} in the vault`,
    ),
  ]
}

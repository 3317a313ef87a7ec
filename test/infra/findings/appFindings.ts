import {
  at,
  differences,
  listAt,
  ofType,
  type PredictedResource,
  type Prediction,
} from '../../support/prediction.ts'

const SITE = {
  kind: 'functionapp,linux',
  'identity.type': 'UserAssigned',
  'properties.httpsOnly': true,
  'properties.siteScopedCertificatesEnabled': true,
  'properties.siteConfig.minTlsVersion': '1.2',
  'properties.siteConfig.scmMinTlsVersion': '1.2',
  'properties.functionAppConfig.runtime.name': 'node',
  'properties.functionAppConfig.deployment.storage.authentication.type': 'UserAssignedIdentity',
} as const

/**
 * The app speaks https only, also under a name of its own, runs a supported Node.js as its own identity, and has no publishing
 * password. The host approves no other origin: the app's own answers never do. The platform takes no word on passwords without the region.
 */
export function appFindings(prediction: Prediction): string[] {
  const sites = ofType(prediction, 'Microsoft.Web/sites')
  const passwords = ofType(prediction, 'Microsoft.Web/sites/basicPublishingCredentialsPolicies')
  const closed = passwords
    .filter((policy) => at(policy, 'properties.allow') === false)
    .map((policy) => policy.name)
  const region = sites[0]?.location
  return [
    ...(sites.length === 1 ? [] : [`${sites.length} function apps`]),
    ...sites.flatMap((site) => [
      ...differences(site, SITE),
      ...(at(site, 'properties.siteConfig.cors') === undefined
        ? []
        : [`${site.name} approves other origins`]),
      ...(['22', '24'].includes(String(at(site, 'properties.functionAppConfig.runtime.version')))
        ? []
        : [`${site.name} runs an unsupported Node.js`]),
      ...['ftp', 'scm']
        .filter((way) => !closed.includes(`${site.name}/${way}`))
        .map((way) => `${site.name} takes a password for ${way}`),
    ]),
    ...sites.flatMap(frontDoorFindings),
    ...passwords
      .filter(({ location }) => location !== region)
      .map(({ name, location }) => `${name} is in ${location}, not in ${region}`),
    ...telemetryFindings(prediction),
  ]
}

/** An app that is behind a Front Door takes requests of that one only; the way by which it is deployed stays open. */
function frontDoorFindings(site: PredictedResource): string[] {
  const config = at(site, 'properties.siteConfig')
  const restrictions = listAt(config, 'ipSecurityRestrictions')
  if (restrictions.length === 0 && at(config, 'ipSecurityRestrictionsDefaultAction') == null) return []
  const ids = restrictions.map((one) => listAt(one, 'headers.x-azure-fdid'))
  return [
    ...differences(site, {
      'properties.siteConfig.ipSecurityRestrictionsDefaultAction': 'Deny',
      'properties.siteConfig.scmIpSecurityRestrictionsUseMain': false,
    }),
    ...(restrictions.length === 1 && at(restrictions[0], 'ipAddress') === 'AzureFrontDoor.Backend'
      ? []
      : [`${site.name} takes requests from elsewhere than Front Door`]),
    ...(ids.length === 1 && ids[0]?.length === 1 ? [] : [`${site.name} takes requests of any Front Door`]),
  ]
}

/** Telemetry is taken from identities only. */
function telemetryFindings(prediction: Prediction): string[] {
  const components = ofType(prediction, 'Microsoft.Insights/components')
  const workspaces = ofType(prediction, 'Microsoft.OperationalInsights/workspaces')
  return [
    ...components.flatMap((one) => differences(one, { 'properties.DisableLocalAuth': true })),
    ...workspaces.flatMap((one) => differences(one, { 'properties.features.disableLocalAuth': true })),
    ...alertFindings(prediction),
  ]
}

/** Every alert is on and watches something of this deployment. */
function alertFindings(prediction: Prediction): string[] {
  const ids = prediction.predictedResources.map((resource) => resource.id)
  const alerts = ['Microsoft.Insights/metricAlerts', 'Microsoft.Insights/scheduledQueryRules'].flatMap(
    (type) => ofType(prediction, type),
  )
  return alerts.flatMap((alert) => [
    ...differences(alert, { 'properties.enabled': true }),
    ...listAt(alert, 'properties.scopes')
      .filter((scope) => !ids.includes(String(scope)))
      .map((scope) => `${alert.name} watches ${scope}, which is not of this deployment`),
  ])
}

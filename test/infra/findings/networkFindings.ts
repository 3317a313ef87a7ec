import { at, listAt, ofType, type PredictedResource, type Prediction } from '../../support/prediction.ts'

/** Where there is a network, vault and storage are closed to the internet and the app reaches each by a private endpoint. */
export function networkFindings(prediction: Prediction): string[] {
  const [network] = ofType(prediction, 'Microsoft.Network/virtualNetworks')
  if (network === undefined) return []
  const guarded = ['Microsoft.KeyVault/vaults', 'Microsoft.Storage/storageAccounts'].flatMap((type) =>
    ofType(prediction, type),
  )
  return [
    ...guarded.filter((resource) => !isClosed(resource)).map(({ name }) => `${name} is open to the internet`),
    ...guarded
      .filter((resource) => !hasEndpoint(prediction, resource))
      .map(({ name }) => `${name} has no private endpoint`),
    ...subnetFindings(prediction, network),
  ]
}

/** Off altogether, unless some addresses are let through; and closed for every other address in either case. */
function isClosed(resource: PredictedResource): boolean {
  const isOff = at(resource, 'properties.publicNetworkAccess') === 'Disabled'
  const letThrough = listAt(resource, 'properties.networkAcls.ipRules').length > 0
  return at(resource, 'properties.networkAcls.defaultAction') === 'Deny' && isOff !== letThrough
}

/** An endpoint counts when its name resolves: with a zone, and the zone linked to the network. */
function hasEndpoint(prediction: Prediction, { id }: PredictedResource): boolean {
  const endpoint = ofType(prediction, 'Microsoft.Network/privateEndpoints').find((candidate) =>
    listAt(candidate, 'properties.privateLinkServiceConnections').some(
      (connection) => at(connection, 'properties.privateLinkServiceId') === id,
    ),
  )
  const groups = ofType(prediction, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')
  const group = groups.find(({ name }) => name === `${endpoint?.name}/default`)
  const zoneId = at(listAt(group, 'properties.privateDnsZoneConfigs')[0], 'properties.privateDnsZoneId')
  const zone = ofType(prediction, 'Microsoft.Network/privateDnsZones').find(
    (candidate) => candidate.id === zoneId,
  )
  const links = ofType(prediction, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')
  return zone !== undefined && links.some((link) => link.name?.includes(inner(zone.name ?? '')))
}

/** An expression without its brackets, as it appears inside a longer one. */
function inner(expression: string): string {
  return expression.replace(/^\[|\]$/g, '')
}

function subnetFindings(prediction: Prediction, network: PredictedResource): string[] {
  const subnet = listAt(network, 'properties.subnets').find((one) => at(one, 'name') === 'app')
  const delegations = listAt(subnet, 'properties.delegations').map((one) => at(one, 'properties.serviceName'))
  const [site] = ofType(prediction, 'Microsoft.Web/sites')
  return [
    ...(delegations.includes('Microsoft.App/environments')
      ? []
      : ['the subnet is not delegated to Flex Consumption']),
    ...(at(site, 'properties.virtualNetworkSubnetId') === `${network.id}/subnets/app`
      ? []
      : ['the app does not join the network']),
    ...(at(subnet, 'properties.natGateway.id') === undefined ? ['the app has no way out to Entra'] : []),
  ]
}

import { at, listAt, ofType, type PredictedResource, type Prediction } from '../../support/prediction.ts'

/** What the app and its host reach, by the beginning of the name. The host needs tables of its account as soon as it knows its name. */
const REACHED: readonly (readonly [name: string, services: readonly string[]])[] = [
  ['kv-', ['vault']],
  ['sthost', ['blob', 'table']],
  ['stsess', ['table']],
  ['stweb', ['blob', 'web']],
]

/** Where there is a network, vault and storage are closed to the internet and the app reaches each by a private endpoint. */
export function networkFindings(prediction: Prediction): string[] {
  const [network] = ofType(prediction, 'Microsoft.Network/virtualNetworks')
  if (network === undefined) return []
  const guarded = ['Microsoft.KeyVault/vaults', 'Microsoft.Storage/storageAccounts'].flatMap((type) =>
    ofType(prediction, type),
  )
  return [
    ...guarded.filter((resource) => !isClosed(resource)).map(({ name }) => `${name} is open to the internet`),
    ...guarded.flatMap((resource) =>
      servicesOf(resource)
        .filter((service) => !hasEndpoint(prediction, resource, service))
        .map((service) => `${resource.name} has no private endpoint for ${service}`),
    ),
    ...subnetFindings(prediction, network),
  ]
}

/** Off altogether, unless some addresses are let through; and closed for every other address in either case. */
function isClosed(resource: PredictedResource): boolean {
  const isOff = at(resource, 'properties.publicNetworkAccess') === 'Disabled'
  const letThrough = listAt(resource, 'properties.networkAcls.ipRules').length > 0
  return at(resource, 'properties.networkAcls.defaultAction') === 'Deny' && isOff !== letThrough
}

function servicesOf({ name = '' }: PredictedResource): readonly string[] {
  return REACHED.find(([prefix]) => name.startsWith(prefix))?.[1] ?? ['of any kind']
}

/** An endpoint counts when its name resolves: with the service's zone, and the zone linked to the network. */
function hasEndpoint(prediction: Prediction, { id }: PredictedResource, service: string): boolean {
  const endpoint = ofType(prediction, 'Microsoft.Network/privateEndpoints').find((candidate) =>
    listAt(candidate, 'properties.privateLinkServiceConnections').some(
      (connection) =>
        at(connection, 'properties.privateLinkServiceId') === id &&
        listAt(connection, 'properties.groupIds').includes(service),
    ),
  )
  const groups = ofType(prediction, 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups')
  const group = groups.find(({ name }) => name === `${endpoint?.name}/default`)
  const zoneId = at(listAt(group, 'properties.privateDnsZoneConfigs')[0], 'properties.privateDnsZoneId')
  const zone = ofType(prediction, 'Microsoft.Network/privateDnsZones').find(
    (candidate) => candidate.id === zoneId,
  )
  const links = ofType(prediction, 'Microsoft.Network/privateDnsZones/virtualNetworkLinks')
  const zoneName = inner(zone?.name ?? '')
  const isRight = service === 'vault' ? zoneName.includes('vaultcore') : zoneName.includes(`.${service}.`)
  return isRight && links.some((link) => link.name?.includes(zoneName))
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
    ...(at(site, 'properties.outboundVnetRouting.allTraffic') === true
      ? []
      : ['what leaves the app need not leave by the fixed address']),
  ]
}

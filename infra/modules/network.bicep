metadata description = 'Private networking: a virtual network the function app joins, private endpoints for the vault and the storage accounts with their DNS, and one fixed address for everything that leaves.'

@description('Name of the virtual network; the other names derive from it.')
param name string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

@description('Address range of the virtual network, /23 or larger: the first /24 is for function instances, the second for private endpoints.')
param addressPrefix string

@description('Create the private DNS zones here. Off where a platform team runs them centrally and registers private endpoints by policy.')
param createDnsZones bool

@description('Name of the vault.')
param vaultName string

@description('Name of the storage account of the Functions host.')
param hostAccountName string

@description('Name of the storage account of the session rows.')
param sessionAccountName string

@description('Name of the storage account of the front end, or empty.')
param frontEndAccountName string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource sessionAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: sessionAccountName
}

resource frontEndAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: empty(frontEndAccountName) ? 'none' : frontEndAccountName
}

// What is reached privately: the target, the kind of endpoint, and which of the zones answers for it.
var ownLinks = [
  { name: 'vault', targetId: vault.id, service: 'vault', zone: 0 }
  { name: 'blob', targetId: hostAccount.id, service: 'blob', zone: 1 }
  { name: 'host-table', targetId: hostAccount.id, service: 'table', zone: 2 }
  { name: 'table', targetId: sessionAccount.id, service: 'table', zone: 2 }
]
// Its files, which the app reads as anybody would, and the way by which they are put there.
var frontEndLinks = [
  { name: 'front-end-blob', targetId: frontEndAccount.id, service: 'blob', zone: 1 }
  { name: 'front-end-web', targetId: frontEndAccount.id, service: 'web', zone: 3 }
]
var links = concat(ownLinks, empty(frontEndAccountName) ? [] : frontEndLinks)
// The vault's zone is not its own suffix: privatelink.vaultcore against vault.
var ownZoneNames = [
  'privatelink${replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')}'
  'privatelink.blob.${environment().suffixes.storage}'
  'privatelink.table.${environment().suffixes.storage}'
]
var zoneNames = concat(
  ownZoneNames,
  empty(frontEndAccountName) ? [] : ['privatelink.web.${environment().suffixes.storage}']
)

resource outboundAddress 'Microsoft.Network/publicIPAddresses@2025-01-01' = {
  name: '${name}-outbound'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

// New virtual networks have no way out of their own, and the app must reach Entra.
resource gateway 'Microsoft.Network/natGateways@2025-01-01' = {
  name: '${name}-outbound'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: outboundAddress.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 0)
          defaultOutboundAccess: false
          natGateway: { id: gateway.id }
          // Flex Consumption runs its instances here; the provider Microsoft.App has to be registered.
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 24, 1)
          defaultOutboundAccess: false
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = [
  for link in links: {
    name: '${name}-${link.name}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpoints.id }
      privateLinkServiceConnections: [
        {
          name: link.name
          properties: { privateLinkServiceId: link.targetId, groupIds: [link.service] }
        }
      ]
    }
  }
]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zoneName in zoneNames: if (createDnsZones) {
    name: zoneName
    location: 'global'
    tags: tags
  }
]

resource zoneInNetwork 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zoneName, i) in zoneNames: if (createDnsZones) {
    parent: zone[i]
    name: name
    location: 'global'
    tags: tags
    properties: {
      virtualNetwork: { id: network.id }
      registrationEnabled: false
    }
  }
]

resource endpointInZone 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-01-01' = [
  for (link, i) in links: if (createDnsZones) {
    parent: endpoint[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: link.service, properties: { privateDnsZoneId: zone[link.zone].id } }]
    }
  }
]

@description('The one address from which the app reaches the internet, for allow-lists and Conditional Access.')
output outboundAddress string = outboundAddress.properties.ipAddress

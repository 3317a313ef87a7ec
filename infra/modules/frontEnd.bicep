metadata description = 'A storage account for the files of the front end and nothing else, filled by whoever deploys. Its static website is switched on by the data plane alone, which the hook does (infra/hooks/frontEnd.ts): no version of the resource that the compiler knows has the property.'

import { builtInRole } from 'roles.bicep'

@description('Name of the account.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Tags for the account.')
param tags object

@description('Whether the deployer may write files.')
param grantDeployer bool

@description('Object id of whoever runs the deployment.')
param deployerPrincipalId string

@description('Kind of that principal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string

@description('Whether the account is closed to the internet, its website included.')
param privateNetworking bool

@description('Addresses (CIDR) that may still reach it when it is closed.')
param allowedAddresses string[]

@description('Keep copies in three availability zones.')
param zoneRedundant bool

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    // The website answers everybody all the same, from its one container.
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateNetworking && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
      ipRules: map(allowedAddresses, address => { value: address })
    }
  }
}

// Not the app: it reads the website, as everybody does, and whoever takes the app over must not be able to change what browsers run.
resource deployerWritesFiles 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (grantDeployer) {
  name: guid(account.id, deployerPrincipalId, builtInRole.storageBlobDataContributor)
  scope: account
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.storageBlobDataContributor
    )
  }
}

@description('Where the website is served.')
output url string = account.properties.primaryEndpoints.web

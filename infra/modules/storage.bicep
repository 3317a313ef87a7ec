metadata description = 'Two storage accounts that accept Entra identities only: one for the Functions host and its packages, one for nothing but session rows. Apart, so that whoever may deploy code or read host state still cannot reach a session.'

import { builtInRole } from 'roles.bicep'

@description('Name of the account for host state and deployment packages.')
@minLength(3)
@maxLength(24)
param hostAccountName string

@description('Name of the account for session rows.')
@minLength(3)
@maxLength(24)
param sessionAccountName string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

@description('Object id of the function app identity.')
param appPrincipalId string

@description('Whether the deployer may use the session table, for the round trip that the doctor makes on it.')
param grantDeployer bool

@description('Object id of whoever runs the deployment.')
param deployerPrincipalId string

@description('Kind of that principal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string

@description('Whether both accounts are closed to the internet.')
param privateNetworking bool

@description('Addresses (CIDR) that may still reach both accounts when they are closed.')
param allowedAddresses string[]

@description('Keep copies in three availability zones.')
param zoneRedundant bool

@description('Container that holds the deployed package.')
param packageContainerName string

@description('Table that holds the session rows. The app expects this name and does not create the table.')
param sessionTableName string

var sku = { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
var hardened = {
  allowSharedKeyAccess: false
  defaultToOAuthAuthentication: true
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

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: hostAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: sku
  properties: hardened

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: packageContainerName
      properties: { publicAccess: 'None' }
    }
  }
}

resource sessionAccount 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: sessionAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: sku
  properties: hardened

  resource tables 'tableServices' = {
    name: 'default'

    resource sessions 'tables' = {
      name: sessionTableName
    }
  }
}

// Owner, not contributor, and on the whole account: the Functions host makes its own containers for leases and
// keys, and that is the role it documents.
resource appOwnsHostBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostAccount.id, appPrincipalId, builtInRole.storageBlobDataOwner)
  scope: hostAccount
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.storageBlobDataOwner
    )
  }
}

// The host writes down its own troubles in tables of this account, which it makes, lists and deletes, as soon as it knows the account
// by name. Nothing of a session is here.
resource appWritesHostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostAccount.id, appPrincipalId, builtInRole.storageTableDataContributor)
  scope: hostAccount
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.storageTableDataContributor
    )
  }
}

// On the one table, so that the identity can neither list nor create others.
resource appWritesSessions 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(sessionAccount::tables::sessions.id, appPrincipalId, builtInRole.storageTableDataContributor)
  scope: sessionAccount::tables::sessions
  properties: {
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.storageTableDataContributor
    )
  }
}

resource deployerWritesSessions 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (grantDeployer) {
  name: guid(
    sessionAccount::tables::sessions.id,
    deployerPrincipalId,
    builtInRole.storageTableDataContributor
  )
  scope: sessionAccount::tables::sessions
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.storageTableDataContributor
    )
  }
}

metadata description = 'Premium Key Vault: roles only, purge protection, 90 days of soft delete, an audit trail, and the one role the app gets on it. The certificates themselves are data, which no template can create: the certificate hook makes them after this.'

import { builtInRole } from 'roles.bicep'

@description('Name of the vault, unique in Azure.')
@minLength(3)
@maxLength(24)
param name string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

@description('Name of the environment, by which a deleted vault is known again as its own.')
param environmentName string

@description('Object id of the function app identity, which reads certificates and keys and signs.')
param signerPrincipalId string

@description('Whether the app gets the custom role that can only read and sign, or built-in ones. Built-in gives away more than the app needs: Key Vault Crypto User also decrypts, unwraps, backs keys up and updates them, and Key Vault Reader also lists the names of secrets. Choose it only where custom roles cannot be created.')
@allowed(['custom', 'built-in'])
param signerRole string

@description('Whether the app may create certificates, as it does of its own accord when ROTATION is auto. It may with the custom roles only: the built-in ones that let it would let it import, change and delete as well.')
param appMayCreate bool

@description('Whether the deployer gets the rights that the hooks need.')
param grantDeployer bool

@description('Object id of whoever runs the deployment.')
param deployerPrincipalId string

@description('Kind of that principal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string

@description('Whether the vault is closed to the internet. The app then reaches it through a private endpoint only.')
param privateNetworking bool

@description('Addresses (CIDR) that may still reach the vault when it is closed, such as the machine that runs the certificate hook.')
param allowedAddresses string[]

@description('When the vault was last recovered after a removal, or empty. Recovering is not done here: the service then ignores everything else, so it comes first and this after it.')
param recovered string

@description('Name of the Log Analytics workspace that receives the audit trail.')
param workspaceName string

var signerRoleName = guid(resourceGroup().id, name, 'signet-signer')
var makerRoleName = guid(resourceGroup().id, name, 'signet-maker')
var roleScopes = [resourceGroup().id]
var hasMaker = appMayCreate && signerRole == 'custom'
var closed = privateNetworking && empty(allowedAddresses)

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: union(
    tags,
    { 'signet-environment': environmentName },
    empty(recovered) ? {} : { 'signet-recovered': recovered }
  )
  properties: {
    tenantId: tenant().tenantId
    // Premium, because keys then live and sign in a hardware security module.
    sku: { family: 'A', name: 'premium' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: closed ? 'Disabled' : 'Enabled'
    networkAcls: {
      // Azure Functions is not among the trusted services, so a bypass would admit others and not the app.
      bypass: 'None'
      defaultAction: privateNetworking ? 'Deny' : 'Allow'
      ipRules: [for address in allowedAddresses: { value: address }]
    }
  }
}

resource auditTrail 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'audit', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// Reading a certificate gives its public part only; there is no secrets action here, so that even a key someone
// once made exportable could not be downloaded by the app.
resource signer 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (signerRole == 'custom') {
  name: signerRoleName
  properties: {
    roleName: 'Signet signer (${name})'
    description: 'Reads certificates and keys of a vault and signs with them. Cannot export, unwrap, decrypt, change or delete.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/certificates/read'
          'Microsoft.KeyVault/vaults/keys/read'
          'Microsoft.KeyVault/vaults/keys/sign/action'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: roleScopes
  }
}

var signerRoles = signerRole == 'custom'
  ? [signerRoleName]
  : [builtInRole.keyVaultCryptoUser, builtInRole.keyVaultReader]

resource appMaySign 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in signerRoles: {
    name: guid(vault.id, signerPrincipalId, role)
    scope: vault
    properties: {
      principalId: signerPrincipalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
    dependsOn: [signer]
  }
]

// Apart from the signer role, which the deployer gets too. What this creates can only be used through the other role: to
// download a key, though the app itself had made it exportable, takes an action on secrets, which nobody here has.
resource maker 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (hasMaker) {
  name: makerRoleName
  properties: {
    roleName: 'Signet maker (${name})'
    description: 'Creates certificates and new versions of them in a vault. Cannot read, import, sign, change or delete.'
    type: 'CustomRole'
    permissions: [
      {
        actions: []
        notActions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/certificates/create/action'
        ]
        notDataActions: []
      }
    ]
    assignableScopes: roleScopes
  }
}

resource appMayMake 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (hasMaker) {
  name: guid(vault.id, signerPrincipalId, makerRoleName)
  scope: vault
  properties: {
    principalId: signerPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', makerRoleName)
  }
  dependsOn: [maker]
}

// The deployer creates the certificates, and signs once when the last step of a deployment asks Entra for a
// real token.
resource deployerMaySign 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in (grantDeployer ? signerRoles : []): {
    name: guid(vault.id, deployerPrincipalId, role)
    scope: vault
    properties: {
      principalId: deployerPrincipalId
      principalType: deployerPrincipalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
    dependsOn: [signer]
  }
]

resource deployerMayCreateCertificates 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (grantDeployer) {
  name: guid(vault.id, deployerPrincipalId, builtInRole.keyVaultCertificatesOfficer)
  scope: vault
  properties: {
    principalId: deployerPrincipalId
    principalType: deployerPrincipalType
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.keyVaultCertificatesOfficer
    )
  }
}

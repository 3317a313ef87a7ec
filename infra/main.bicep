metadata name = 'Signet'
metadata description = 'Everything Signet runs on, in one resource group. What depends on the applications, which are registered afterwards (infra/entra), is not in here but in infra/live: the settings of the app and its alerts.'

targetScope = 'subscription'

import { namesOf } from 'modules/names.bicep'
import { checked, wordIn } from 'modules/reading.bicep'

// Where

@description('Name of this environment, such as "prod". With the subscription and the location it decides every resource name.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Azure region, one of those that offer Flex Consumption. Zones are offered in some of them only.')
@metadata({ azd: { type: 'location' } })
@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
param location string

@description('Resource group, created if it does not exist.')
param resourceGroupName string = 'rg-${environmentName}'

@description('Tags for every resource, besides the one azd goes by.')
param extraTags object = {}

// Who may do what

@description('Whether the app gets the custom role that can only read and sign, or built-in ones where custom roles cannot be created. Built-in also lets the app decrypt, unwrap, back up and update keys.')
@allowed(['custom', 'built-in'])
param signerRole string = 'custom'

@description('Who brings a new version of a certificate into use: "register", "auto" or "manual", as the app reads it; empty is register. Only with auto does the app get the right to create certificates in the vault, by a role of its own; where custom roles cannot be created it gets none. It takes nothing away that was given before.')
param rotation string = ''

@description('Whether the deployer may create certificates, sign, and use the session table, as the hooks need it. Without, nobody but the app gets any access to data, which is right once the environment stands and another pipeline looks after certificates; it takes nothing away that was given before.')
param grantDeployer bool = true

@description('Object id of the deployer: whoever runs this deployment, unless it is said to be another.')
param deployerPrincipalId string = deployer().objectId

@description('Kind of that principal.')
@allowed(['User', 'Group', 'ServicePrincipal'])
param deployerPrincipalType string = 'User'

// The function app

@description('Node.js major version.')
@allowed(['24', '22'])
param nodeVersion string = '24'

@description('Memory of one instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Instances that are always running, so that nobody waits for a cold start; billed around the clock. Zero pays for use only.')
@minValue(0)
param alwaysReadyInstances int = 1

@description('The most instances the app may scale out to.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@description('Requests one instance handles at a time before another is added; null leaves it to the platform.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int?

@description('Spread app and storage over availability zones, in regions that have them.')
param zoneRedundant bool = false

@description('Id of the Front Door that alone may reach the app, as front-door.bicep gives it in SIGNET_FRONT_DOOR_ID. Empty leaves the app open to everybody, and a restriction that is there as it is.')
param frontDoorId string = ''

// The front end

@description('Folder whose files are the front end. With one, a storage account is made for them, and azd fills it; empty makes none.')
param frontEndFolder string = ''

// Network

@description('Close the vault and the storage accounts to the internet and reach them through a virtual network. Needs the resource provider Microsoft.App registered.')
param privateNetworking bool = false

@description('Address range of that network, /23 or larger.')
param networkPrefix string = '10.90.0.0/23'

@description('Create private DNS zones here. Off where a platform team runs them centrally.')
param createDnsZones bool = true

@description('Addresses or CIDR ranges that may reach vault and storage from outside although they are closed, such as the machine that creates the certificates. A single address goes without /32, which storage does not take. Without private networking all may, and this changes nothing.')
param allowedAddresses string[] = []

// Logs and recovery

@description('Days that logs are kept, the vault audit trail among them.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('When the vault was last recovered after a removal; becomes a tag of it. A recovered vault has its old network rules, so this has to differ from the last time, or a tool that compares parameters sends nothing.')
param vaultRecovered string = ''

var tags = union(extraTags, { 'azd-env-name': environmentName })
var names = namesOf(uniqueString(subscription().id, environmentName, location))
var packageContainerName = 'packages'
// The app looks for this table by name.
var sessionTableName = 'signetsessions'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    componentName: names.component
    location: location
    tags: tags
    retentionDays: logRetentionDays
    publisherPrincipalId: identity.outputs.principalId
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: names.vault
    location: location
    tags: tags
    environmentName: environmentName
    signerPrincipalId: identity.outputs.principalId
    signerRole: signerRole
    appMayCreate: checked('ROTATION', rotation, wordIn(rotation, ['register', 'auto', 'manual'])) == 'auto'
    grantDeployer: grantDeployer
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
    privateNetworking: privateNetworking
    allowedAddresses: allowedAddresses
    recovered: vaultRecovered
    workspaceName: names.workspace
  }
  dependsOn: [monitoring]
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    hostAccountName: names.hostAccount
    sessionAccountName: names.sessionAccount
    location: location
    tags: tags
    appPrincipalId: identity.outputs.principalId
    grantDeployer: grantDeployer
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
    privateNetworking: privateNetworking
    allowedAddresses: allowedAddresses
    zoneRedundant: zoneRedundant
    packageContainerName: packageContainerName
    sessionTableName: sessionTableName
  }
}

module frontEnd 'modules/frontEnd.bicep' = if (!empty(frontEndFolder)) {
  scope: group
  params: {
    name: names.frontEndAccount
    location: location
    tags: tags
    grantDeployer: grantDeployer
    deployerPrincipalId: deployerPrincipalId
    deployerPrincipalType: deployerPrincipalType
    privateNetworking: privateNetworking
    allowedAddresses: allowedAddresses
    zoneRedundant: zoneRedundant
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  scope: group
  params: {
    name: names.network
    location: location
    tags: tags
    addressPrefix: networkPrefix
    createDnsZones: createDnsZones
    vaultName: names.vault
    hostAccountName: names.hostAccount
    sessionAccountName: names.sessionAccount
    frontEndAccountName: empty(frontEndFolder) ? '' : names.frontEndAccount
  }
  dependsOn: [frontEnd, storage, vault]
}

module functionApp 'modules/functionApp.bicep' = {
  scope: group
  params: {
    name: names.functionApp
    planName: names.plan
    location: location
    tags: tags
    serviceName: 'app'
    identityName: names.identity
    hostAccountName: names.hostAccount
    packageContainerName: packageContainerName
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    networkName: privateNetworking ? names.network : ''
    frontDoorId: frontDoorId
  }
  // The app comes last, so that it starts with all its roles and its network.
  dependsOn: [monitoring, network, storage, vault]
}

module queries 'modules/queries.bicep' = {
  scope: group
  params: { workspaceName: names.workspace }
  dependsOn: [monitoring]
}

// azd keeps these as the environment that the hooks read. None has the name of something that a parameter is read from
// (main.parameters.json): the next run would then have other parameters than this one, and be sent. None is called
// AZURE_CLIENT_ID, which would make the Azure SDK in a hook believe it was that identity.

@description('Tenant the resources are in, which need not be the one people sign in to.')
output AZURE_TENANT_ID string = tenant().tenantId

@description('Resource group that holds everything.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Function app that the service in azure.yaml is deployed to.')
output AZURE_FUNCTION_APP_NAME string = names.functionApp

@description('Client id of the identity the app runs as.')
output SIGNET_IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Object id of that identity: the subject of the federated credential.')
output SIGNET_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Origin of the vault, where the certificate hook works.')
output KEY_VAULT_URL string = 'https://${names.vault}${environment().suffixes.keyvaultDns}'

@description('Table endpoint of the session rows.')
output SESSION_TABLES_URL string = 'https://${names.sessionAccount}.table.${environment().suffixes.storage}'

@description('Storage account of the front end, if one was made.')
output SIGNET_FRONT_END_ACCOUNT string = empty(frontEndFolder) ? '' : names.frontEndAccount

@description('Where the files of that account are served: FRONT_END_URL, where none was chosen.')
output SIGNET_FRONT_END_URL string = frontEnd.?outputs.url ?? ''

@description('Origin Azure gives the app: its public URL, where none was chosen.')
output SIGNET_APP_URL string = 'https://${functionApp.outputs.hostName}'

@description('What a TXT record has to hold before the app may be given a domain of its own.')
output SIGNET_DOMAIN_VERIFICATION_ID string = functionApp.outputs.domainVerificationId

@description('Address from which the app reaches the internet, when private networking fixes one.')
output SIGNET_OUTBOUND_ADDRESS string = network.?outputs.outboundAddress ?? ''

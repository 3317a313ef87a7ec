metadata description = 'The function app on a Flex Consumption plan. Its package comes from a blob container by managed identity; passwords for publishing are off.'

@description('Name of the function app, unique in Azure.')
param name string

@description('Name of its plan.')
param planName string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

@description('Name of the service in azure.yaml that is deployed here.')
param serviceName string

@description('Name of the identity the app runs as.')
param identityName string

@description('Storage account that holds the deployed package.')
param hostAccountName string

@description('Container in it.')
param packageContainerName string

@description('Node.js major version.')
@allowed(['24', '22'])
param nodeVersion string

@description('Memory of one instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Instances that are always running for HTTP, so that the first sign-in of the day waits for no cold start.')
@minValue(0)
param alwaysReadyInstances int

@description('The most instances the app may scale out to.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Requests one instance handles at a time before another is added; null leaves it to the platform, which goes by memory.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int?

@description('Spread instances over availability zones. Not every region can.')
param zoneRedundant bool

@description('Virtual network whose subnet "app" the app joins, or empty for none.')
param networkName string

@description('Id of the Front Door that alone may reach the app, or empty.')
param frontDoorId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

// No health check path here: on this plan the platform probes none. The availability test in alerts.bicep asks
// /health/ready instead.
resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // The browser comes here, so the app itself stays public also when everything behind it is private.
    publicNetworkAccess: 'Enabled'
    clientAffinityEnabled: false
    virtualNetworkSubnetId: empty(networkName)
      ? null
      : resourceId('Microsoft.Network/virtualNetworks/subnets', networkName, 'app')
    // Everything that leaves goes through the network, so that the one address it leaves from holds for all of it.
    outboundVnetRouting: empty(networkName) ? null : { allTraffic: true }
    // On this plan a certificate for a domain of one's own belongs to the app, and only to one that was made with this.
    // The platform takes the property; the compiler's types do not know it yet.
    #disable-next-line BCP037
    siteScopedCertificatesEnabled: true
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
      // Every Front Door there is comes from the same addresses; only the header tells ours, and Front Door alone can set it.
      ipSecurityRestrictions: empty(frontDoorId)
        ? null
        : [
            {
              name: 'front-door'
              priority: 100
              action: 'Allow'
              tag: 'ServiceTag'
              ipAddress: 'AzureFrontDoor.Backend'
              headers: { 'x-azure-fdid': [frontDoorId] }
            }
          ]
      ipSecurityRestrictionsDefaultAction: empty(frontDoorId) ? null : 'Deny'
      // Whoever deploys does not come by Front Door.
      scmIpSecurityRestrictionsUseMain: empty(frontDoorId) ? null : false
    }
    functionAppConfig: {
      runtime: { name: 'node', version: nodeVersion }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostAccount.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0 ? [] : [{ name: 'http', instanceCount: alwaysReadyInstances }]
        triggers: httpConcurrency == null ? null : { http: { perInstanceConcurrency: httpConcurrency } }
      }
    }
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    // The platform refuses the request without it; the compiler's types do not know it.
    #disable-next-line BCP187
    location: location
    properties: { allow: false }
  }

  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    // The platform refuses the request without it; the compiler's types do not know it.
    #disable-next-line BCP187
    location: location
    properties: { allow: false }
  }
}

@description('Host name the platform gives the app.')
output hostName string = app.properties.defaultHostName

@description('Proves, in DNS, that a domain may be given to an app of this subscription. No secret.')
output domainVerificationId string = app.properties.customDomainVerificationId

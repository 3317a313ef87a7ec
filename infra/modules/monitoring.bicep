metadata description = 'Log Analytics workspace and Application Insights. Telemetry is accepted only from Entra identities: an instrumentation key opens nothing.'

import { builtInRole } from 'roles.bicep'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Azure region.')
param location string

@description('Tags for every resource.')
param tags object

@description('Days that logs are kept. The vault audit trail lives here too, so choose it for your auditors.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Object id of the function app identity, which may publish telemetry.')
param publisherPrincipalId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Microsoft documents this for the public cloud; elsewhere telemetry may stay out until it is off.
    DisableLocalAuth: true
  }
}

// Despite its name this role admits logs and traces as well as metrics.
resource publisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, publisherPrincipalId, builtInRole.monitoringMetricsPublisher)
  scope: component
  properties: {
    principalId: publisherPrincipalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      builtInRole.monitoringMetricsPublisher
    )
  }
}

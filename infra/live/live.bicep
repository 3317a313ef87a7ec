metadata name = 'Signet: settings and alerts'
metadata description = 'What turns the resources of main.bicep into a running app, once the applications are registered: the settings that name them, and the alerts that watch it. Deployed on its own, so that a changed setting or a new client id touches nothing else.'

import { chosenSettings, readSettings } from '../modules/settings.bicep'
import { namesOf } from '../modules/names.bicep'

@description('Name of this environment, as given to main.bicep.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Azure region, as given to main.bicep.')
param location string

@description('Tags for every resource, besides the one azd goes by.')
param extraTags object = {}

@description('What the operator decides for the app.')
param settings chosenSettings

@description('Addresses that get mail when an alert fires.')
param alertEmails string[] = []

@description('Resource id of an action group to notify as well.')
param actionGroupId string = ''

@description('Ask /health/ready from outside every five minutes, and alert when it fails.')
param probeReady bool = true

@description('What this deployment was made from, kept with it: whoever finds the same again need not deploy.')
param fingerprint string = ''

var chosen = readSettings(settings)
var tags = union(extraTags, { 'azd-env-name': environmentName })
var names = namesOf(uniqueString(subscription().id, environmentName, location))

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: names.identity
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: names.functionApp
}

var origin = empty(chosen.?PUBLIC_URL) ? 'https://${app.properties.defaultHostName}' : chosen.PUBLIC_URL!

// The app-only client is registered here, in the tenant of the subscription, also where people of several tenants sign in.
var appOnlyTenantId = chosen.?ENTRA_TENANT_ID != 'organizations' || empty(chosen.?APP_ONLY_CLIENT_ID)
  ? ''
  : (empty(chosen.?APP_ONLY_TENANT_ID) ? tenant().tenantId : chosen.APP_ONLY_TENANT_ID!)

module appSettings '../modules/settings.bicep' = {
  params: {
    functionAppName: names.functionApp
    identityClientId: identity.properties.clientId
    hostAccountName: names.hostAccount
    componentName: names.component
    vaultName: names.vault
    sessionAccountName: names.sessionAccount
    publicUrl: origin
    chosen: union(chosen, { APP_ONLY_TENANT_ID: appOnlyTenantId })
  }
}

module alerts '../modules/alerts.bicep' = {
  params: {
    name: names.rules
    location: location
    tags: tags
    workspaceName: names.workspace
    componentName: names.component
    vaultName: names.vault
    publicUrl: '${origin}${chosen.?BASE_PATH ?? ''}'
    emails: alertEmails
    actionGroupId: actionGroupId
    probeReady: probeReady
  }
}

@description('What this deployment was made from.')
output fingerprint string = fingerprint

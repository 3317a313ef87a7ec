metadata name = 'Signet: behind a static web app'
metadata description = 'A static web app that has the files of the front end and passes /api/… on to Signet, which it is linked to. Deployed after main.bicep, whose app then needs BASE_PATH=/api. Linking turns on the sign-in of the platform at the function app, so that nobody but this static web app reaches it.'

@description('Name of the function app: output AZURE_FUNCTION_APP_NAME of main.bicep.')
param functionAppName string

@description('Region of the function app, which the link has to name.')
param functionAppLocation string = resourceGroup().location

@description('Name of the static web app.')
@minLength(1)
@maxLength(40)
param name string = 'stapp-${uniqueString(resourceGroup().id, functionAppName)}'

@description('Region that its management is in; the files are served from everywhere.')
@allowed(['centralus', 'eastasia', 'eastus2', 'westeurope', 'westus2'])
param location string = 'westeurope'

@description('Tags for the static web app.')
param tags object = {}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource frontEnd 'Microsoft.Web/staticSites@2025-03-01' = {
  name: name
  location: location
  tags: tags
  // A backend of one's own is of this plan alone.
  sku: { name: 'Standard', tier: 'Standard' }
  properties: {
    // Its configuration file says that nothing of the platform's own sign-in is offered.
    allowConfigFileUpdates: true
    // A copy for each pull request would be another origin, without a backend: the link is of the one that people use.
    stagingEnvironmentPolicy: 'Disabled'
    publicNetworkAccess: 'Enabled'
  }

  resource backend 'linkedBackends' = {
    name: 'signet'
    properties: {
      backendResourceId: app.id
      region: functionAppLocation
    }
  }
}

@description('Origin under which browsers reach both: PUBLIC_URL, where no domain of yours is given to the static web app.')
output SIGNET_STATIC_WEB_APP_URL string = 'https://${frontEnd.properties.defaultHostname}'

@description('Name under which the files are deployed.')
output SIGNET_STATIC_WEB_APP_NAME string = frontEnd.name

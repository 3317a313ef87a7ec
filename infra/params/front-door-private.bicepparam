using '../front-door/front-door.bicep'

// front-door-private: the Premium tier, which reaches both origins by private link, with all routes of the app below one path.
param functionAppName = 'func-example'
param frontEndHostName = 'stwebexample.z6.web.core.windows.net'
param frontEndAccountName = 'stwebexample'
param name = 'afd-private'
param tags = { owner: 'identity-team' }
param basePath = '/signet'
param sku = 'Premium_AzureFrontDoor'
param privateLink = true
param cacheFrontEnd = true
param privateLinkLocation = 'westeurope'
param callbacksPerMinute = 60

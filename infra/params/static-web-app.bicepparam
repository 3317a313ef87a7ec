using '../static-web-app/static-web-app.bicep'

// static-web-app: Signet as its linked backend.
param functionAppName = 'func-example'
param functionAppLocation = 'swedencentral'

using '../front-door/front-door.bicep'

// front-door: the Standard tier, with public origins.
param functionAppName = 'func-example'
param frontEndHostName = 'stwebexample.z6.web.core.windows.net'

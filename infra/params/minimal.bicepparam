using '../main.bicep'

// The least one has to say: a name, a region, and the application that was registered.
param environmentName = 'minimal'
param location = 'westeurope'
param settings = { ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c' }
param deployerPrincipalId = '00000000-0000-4000-8000-00000000000d'

using '../live/live.bicep'

// defaults: the application that was registered.
param environmentName = 'defaults'
param location = 'westeurope'
param settings = { ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c' }

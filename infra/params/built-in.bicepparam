using '../main.bicep'

// Where custom roles cannot be created, and nobody but the app is to have access to data.
param environmentName = 'built-in'
param location = 'westeurope'
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  CREDENTIAL: 'managed-identity'
}
param signerRole = 'built-in'
param alwaysReadyInstances = 0
param probeReady = false

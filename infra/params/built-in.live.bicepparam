using '../live/live.bicep'

// built-in: the managed identity stands in for the certificate; nobody asks from outside whether the app is ready.
param environmentName = 'built-in'
param location = 'westeurope'
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  CREDENTIAL: 'managed-identity'
  ROTATION: 'auto'
}
param probeReady = false

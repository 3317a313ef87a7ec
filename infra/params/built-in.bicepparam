using '../main.bicep'

// built-in: where custom roles cannot be created, and nobody but the app is to have access to data.
param environmentName = 'built-in'
param location = 'westeurope'
param signerRole = 'built-in'
param rotation = 'auto'
param grantDeployer = false
param alwaysReadyInstances = 0

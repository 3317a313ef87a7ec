using '../main.bicep'

// max: every option used.
param environmentName = 'max'
param location = 'westeurope'
param resourceGroupName = 'signet-max'
param extraTags = { owner: 'identity-team' }
param signerRole = 'custom'
param rotation = 'auto'
param grantDeployer = true
param deployerPrincipalId = '00000000-0000-4000-8000-00000000000d'
param deployerPrincipalType = 'ServicePrincipal'
param nodeVersion = '22'
param instanceMemoryMB = 512
param alwaysReadyInstances = 2
param maximumInstances = 200
param httpConcurrency = 100
param zoneRedundant = true
param frontDoorId = '00000000-0000-4000-8000-0000000000fd'
param frontEndFolder = 'examples/front-end/dist'
param privateNetworking = true
param networkPrefix = '10.20.0.0/23'
param createDnsZones = true
param allowedAddresses = []
param logRetentionDays = 180
param vaultRecovered = '2026-01-01T00:00:00Z'

using '../main.bicep'

// waf-aligned: what the Well-Architected Framework asks for: closed, spread over zones, no right to data for whoever deploys, a year of
// logs. The certificates are made by another pipeline, from inside the network.
param environmentName = 'waf-aligned'
param location = 'swedencentral'
param grantDeployer = false
param alwaysReadyInstances = 2
param zoneRedundant = true
param privateNetworking = true
param logRetentionDays = 365

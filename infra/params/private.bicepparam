using '../main.bicep'

// private: closed to the internet, with one machine let in from outside.
param environmentName = 'private'
param location = 'westeurope'
param deployerPrincipalId = '00000000-0000-4000-8000-00000000000d'
param privateNetworking = true
param allowedAddresses = ['203.0.113.7']

using '../domain/domain.bicep'

// domain: a name of one's own, for the first time.
param functionAppName = 'func-example'
param hostName = 'signin.example.com'
param location = 'westeurope'

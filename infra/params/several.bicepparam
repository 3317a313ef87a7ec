using '../main.bicep'

// Closed, with a machine let in from outside, and people of several tenants who sign in to an app that also acts itself.
param environmentName = 'several'
param location = 'westeurope'
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  ENTRA_TENANT_ID: 'organizations'
  ENTRA_ALLOWED_TENANTS: '00000000-0000-4000-8000-0000000000a1,00000000-0000-4000-8000-0000000000a2'
  APP_ONLY_CLIENT_ID: '00000000-0000-4000-8000-0000000000ac'
}
param deployerPrincipalId = '00000000-0000-4000-8000-00000000000d'
param privateNetworking = true
param allowedAddresses = ['203.0.113.7']

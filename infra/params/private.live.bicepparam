using '../live/live.bicep'

// private: people of several tenants sign in, to an app that also acts itself.
param environmentName = 'private'
param location = 'westeurope'
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  ENTRA_TENANT_ID: 'organizations'
  ENTRA_ALLOWED_TENANTS: '00000000-0000-4000-8000-0000000000a1,00000000-0000-4000-8000-0000000000a2'
  APP_ONLY_CLIENT_ID: '00000000-0000-4000-8000-0000000000ac'
}

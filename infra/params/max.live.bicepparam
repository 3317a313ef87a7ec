using '../live/live.bicep'

// max: every setting given, every option used.
param environmentName = 'max'
param location = 'westeurope'
param extraTags = { owner: 'identity-team' }
param settings = {
  ENTRA_CLIENT_ID: '00000000-0000-4000-8000-00000000000c'
  ENTRA_TENANT_ID: 'organizations'
  ENTRA_ALLOWED_TENANTS: '00000000-0000-4000-8000-0000000000a1,00000000-0000-4000-8000-0000000000a2'
  ENTRA_AUTHORITY_HOST: 'https://login.example.com'
  ENTRA_ISSUER: 'https://login.example.com/{tenantid}/v2.0'
  ENTRA_SCOPES: 'openid profile offline_access'
  SIGN_IN_ROLES: 'Staff Auditor'
  PUBLIC_URL: 'https://signin.example.com'
  BASE_PATH: '/api'
  CREDENTIAL: 'vault'
  SIGNING_CERTIFICATE: 'signin'
  APP_ONLY_CLIENT_ID: '00000000-0000-4000-8000-0000000000ac'
  APP_ONLY_TENANT_ID: '00000000-0000-4000-8000-0000000000a1'
  APP_ONLY_CERTIFICATE: 'own-calls'
  DOWNSTREAM_APIS: '{"orders": {"url": "https://orders.example.com", "as": "app", "scope": "api://orders/.default"}}'
  FRONT_END_URL: 'https://frontend.example.com'
  FRONT_END_FALLBACK: '/app.html'
  FRONT_END_CSP: 'default-src \'self\''
  FRONT_END_MAX_BYTES: '20000000'
  FRONT_END_SIGN_IN: 'required'
  FRONT_END_OPEN_PATHS: '/,/welcome'
  SESSION_IDLE_MINUTES: '30'
  SESSION_ABSOLUTE_MINUTES: '600'
  SESSION_DEVICE_BINDING: 'require'
  HELP_URL: 'https://help.contoso.com/{code}'
}
param alertEmails = ['operators@example.com']
param actionGroupId = '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/operations/providers/Microsoft.Insights/actionGroups/duty'
param probeReady = true
param fingerprint = '0123456789abcdef'

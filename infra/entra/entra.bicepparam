using 'entra.bicep'

// Run after main.bicep, whose outputs these are, with the certificates read from the vault.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param publicUrl = readEnvironmentVariable('PUBLIC_URL')

// JSON lists of certificates, all that are still to be accepted. Without a default on purpose: a forgotten list
// would take the certificates in use away.
param signingCertificates = json(readEnvironmentVariable('SIGNET_SIGNING_CERTIFICATES'))
param appOnlyCertificates = json(readEnvironmentVariable('SIGNET_APP_ONLY_CERTIFICATES'))

param federatedPrincipalId = readEnvironmentVariable('CREDENTIAL', 'vault') == 'managed-identity'
  ? readEnvironmentVariable('SIGNET_IDENTITY_PRINCIPAL_ID', '')
  : ''
param signInAudience = readEnvironmentVariable('ENTRA_ALLOWED_TENANTS', '') == ''
  ? 'AzureADMyOrg'
  : 'AzureADMultipleOrgs'
param assignmentRequired = bool(readEnvironmentVariable('SIGNET_ASSIGNMENT_REQUIRED', 'false'))
param grantTenantConsent = bool(readEnvironmentVariable('SIGNET_GRANT_TENANT_CONSENT', 'false'))
param fingerprint = readEnvironmentVariable('SIGNET_FINGERPRINT', '')

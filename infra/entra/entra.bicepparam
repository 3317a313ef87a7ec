using 'entra.bicep'

import { flagIn, isBlank, tenantIn, wordIn } from '../modules/reading.bicep'

// Run after main.bicep, whose outputs these are, with the certificates read from the vault.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param publicUrl = readEnvironmentVariable('PUBLIC_URL')
param basePath = readEnvironmentVariable('BASE_PATH', '')

// JSON lists of certificates, all that are still to be accepted. Without a default on purpose: a forgotten list
// would take the certificates in use away.
param signingCertificates = json(readEnvironmentVariable('SIGNET_SIGNING_CERTIFICATES'))
param appOnlyCertificates = json(readEnvironmentVariable('SIGNET_APP_ONLY_CERTIFICATES'))

var credentials = ['vault', 'managed-identity', 'vault,managed-identity', 'managed-identity,vault']
var credential = isBlank(readEnvironmentVariable('CREDENTIAL', ''))
  ? credentials[0]
  : wordIn(readEnvironmentVariable('CREDENTIAL', ''), credentials)
param federatedPrincipalId = contains(credential, 'managed-identity')
  ? readEnvironmentVariable('SIGNET_IDENTITY_PRINCIPAL_ID', '')
  : credential == 'vault'
      ? ''
      : fail('CREDENTIAL must be vault, managed-identity, or both with a comma between.')

var signInTenant = tenantIn(readEnvironmentVariable('ENTRA_TENANT_ID', ''))
param signInAudience = signInTenant == 'organizations'
  ? 'AzureADMultipleOrgs'
  : !empty(signInTenant) || isBlank(readEnvironmentVariable('ENTRA_TENANT_ID', ''))
      ? 'AzureADMyOrg'
      : fail('ENTRA_TENANT_ID must be a tenant GUID or organizations.')
param assignmentRequired = flagIn(readEnvironmentVariable('SIGNET_ASSIGNMENT_REQUIRED', 'false'), false) ?? fail('SIGNET_ASSIGNMENT_REQUIRED must be true or false.')
param grantTenantConsent = flagIn(readEnvironmentVariable('SIGNET_GRANT_TENANT_CONSENT', 'false'), false) ?? fail('SIGNET_GRANT_TENANT_CONSENT must be true or false.')
param fingerprint = readEnvironmentVariable('SIGNET_FINGERPRINT', '')

using 'main.bicep'

// The environment that azd keeps, as parameters. `azd env set NAME value` changes one; without azd, export them.
// The names are those of the settings they become, else they start with SIGNET_.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param resourceGroupName = readEnvironmentVariable(
  'AZURE_RESOURCE_GROUP',
  'rg-${readEnvironmentVariable('AZURE_ENV_NAME')}'
)

param settings = {
  // Both written by the hook that registers the applications; absent the first time.
  ENTRA_CLIENT_ID: readEnvironmentVariable('ENTRA_CLIENT_ID', '')
  APP_ONLY_CLIENT_ID: readEnvironmentVariable('APP_ONLY_CLIENT_ID', '')

  ENTRA_TENANT_ID: readEnvironmentVariable('ENTRA_TENANT_ID', '')
  ENTRA_ALLOWED_TENANTS: readEnvironmentVariable('ENTRA_ALLOWED_TENANTS', '')
  ENTRA_AUTHORITY_HOST: readEnvironmentVariable('ENTRA_AUTHORITY_HOST', '')
  ENTRA_ISSUER: readEnvironmentVariable('ENTRA_ISSUER', '')
  ENTRA_SCOPES: readEnvironmentVariable('ENTRA_SCOPES', '')
  PUBLIC_URL: readEnvironmentVariable('PUBLIC_URL', '')
  CREDENTIAL: readEnvironmentVariable('CREDENTIAL', '')
  SIGNING_CERTIFICATE: readEnvironmentVariable('SIGNING_CERTIFICATE', '')
  APP_ONLY_TENANT_ID: readEnvironmentVariable('APP_ONLY_TENANT_ID', '')
  APP_ONLY_CERTIFICATE: readEnvironmentVariable('APP_ONLY_CERTIFICATE', '')
  DOWNSTREAM_APIS: readEnvironmentVariable('DOWNSTREAM_APIS', '')
  SESSION_IDLE_MINUTES: readEnvironmentVariable('SESSION_IDLE_MINUTES', '')
  SESSION_ABSOLUTE_MINUTES: readEnvironmentVariable('SESSION_ABSOLUTE_MINUTES', '')
}

// azd says who runs it, and not whether that is a service principal; the preprovision hook finds out.
param deployerPrincipalId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param deployerPrincipalType = readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')

param signerRole = readEnvironmentVariable('SIGNET_SIGNER_ROLE', 'custom')
param nodeVersion = readEnvironmentVariable('SIGNET_NODE_VERSION', '24')
param instanceMemoryMB = any(int(readEnvironmentVariable('SIGNET_INSTANCE_MEMORY_MB', '2048')))
param alwaysReadyInstances = int(readEnvironmentVariable('SIGNET_ALWAYS_READY_INSTANCES', '1'))
param maximumInstances = int(readEnvironmentVariable('SIGNET_MAXIMUM_INSTANCES', '100'))
param httpConcurrency = readEnvironmentVariable('SIGNET_HTTP_CONCURRENCY', '') == ''
  ? null
  : int(readEnvironmentVariable('SIGNET_HTTP_CONCURRENCY', '0'))
param zoneRedundant = bool(readEnvironmentVariable('SIGNET_ZONE_REDUNDANT', 'false'))
param privateNetworking = bool(readEnvironmentVariable('SIGNET_PRIVATE_NETWORKING', 'false'))
param networkPrefix = readEnvironmentVariable('SIGNET_NETWORK_PREFIX', '10.90.0.0/23')
param createDnsZones = bool(readEnvironmentVariable('SIGNET_CREATE_DNS_ZONES', 'true'))
param allowedAddresses = json(readEnvironmentVariable('SIGNET_ALLOWED_ADDRESSES', '[]'))
param logRetentionDays = int(readEnvironmentVariable('SIGNET_LOG_RETENTION_DAYS', '90'))
param alertEmails = json(readEnvironmentVariable('SIGNET_ALERT_EMAILS', '[]'))
param actionGroupId = readEnvironmentVariable('SIGNET_ACTION_GROUP_ID', '')
param probeReady = bool(readEnvironmentVariable('SIGNET_PROBE_READY', 'true'))
param recoverVault = bool(readEnvironmentVariable('SIGNET_RECOVER_VAULT', 'false'))

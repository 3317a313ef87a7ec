using 'live.bicep'

import { flagIn, isBlank } from '../modules/reading.bicep'

// The environment that azd keeps, as parameters. `azd env set NAME value` changes one; without azd, export them.
// The names are those of the settings they become, else they start with SIGNET_.

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')

param settings = {
  // Both written by the hook that registers the applications.
  ENTRA_CLIENT_ID: readEnvironmentVariable('ENTRA_CLIENT_ID')
  APP_ONLY_CLIENT_ID: readEnvironmentVariable('APP_ONLY_CLIENT_ID', '')

  ENTRA_TENANT_ID: readEnvironmentVariable('ENTRA_TENANT_ID', '')
  ENTRA_ALLOWED_TENANTS: readEnvironmentVariable('ENTRA_ALLOWED_TENANTS', '')
  ENTRA_AUTHORITY_HOST: readEnvironmentVariable('ENTRA_AUTHORITY_HOST', '')
  ENTRA_ISSUER: readEnvironmentVariable('ENTRA_ISSUER', '')
  ENTRA_OBJECT_ID: readEnvironmentVariable('ENTRA_OBJECT_ID', '')
  GRAPH_URL: readEnvironmentVariable('GRAPH_URL', '')
  ENTRA_SCOPES: readEnvironmentVariable('ENTRA_SCOPES', '')
  SIGN_IN_ROLES: readEnvironmentVariable('SIGN_IN_ROLES', '')
  PUBLIC_URL: readEnvironmentVariable('PUBLIC_URL', '')
  BASE_PATH: readEnvironmentVariable('BASE_PATH', '')
  CREDENTIAL: readEnvironmentVariable('CREDENTIAL', '')
  ASSERTION_PROFILE: readEnvironmentVariable('ASSERTION_PROFILE', '')
  ASSERTION_LIFETIME_SEC: readEnvironmentVariable('ASSERTION_LIFETIME_SEC', '')
  SIGNING_CERTIFICATE: readEnvironmentVariable('SIGNING_CERTIFICATE', '')
  APP_ONLY_TENANT_ID: readEnvironmentVariable('APP_ONLY_TENANT_ID', '')
  APP_ONLY_OBJECT_ID: readEnvironmentVariable('APP_ONLY_OBJECT_ID', '')
  APP_ONLY_CERTIFICATE: readEnvironmentVariable('APP_ONLY_CERTIFICATE', '')
  DOWNSTREAM_APIS: readEnvironmentVariable('DOWNSTREAM_APIS', '')
  // Where none was chosen, the account that main.bicep made.
  FRONT_END_URL: isBlank(readEnvironmentVariable('FRONT_END_URL', ''))
    ? readEnvironmentVariable('SIGNET_FRONT_END_URL', '')
    : readEnvironmentVariable('FRONT_END_URL', '')
  FRONT_END_FALLBACK: readEnvironmentVariable('FRONT_END_FALLBACK', '')
  FRONT_END_CSP: readEnvironmentVariable('FRONT_END_CSP', '')
  FRONT_END_MAX_BYTES: readEnvironmentVariable('FRONT_END_MAX_BYTES', '')
  FRONT_END_SIGN_IN: readEnvironmentVariable('FRONT_END_SIGN_IN', '')
  FRONT_END_OPEN_PATHS: readEnvironmentVariable('FRONT_END_OPEN_PATHS', '')
  SESSION_IDLE_MINUTES: readEnvironmentVariable('SESSION_IDLE_MINUTES', '')
  SESSION_DEVICE_BINDING: readEnvironmentVariable('SESSION_DEVICE_BINDING', '')
  ROTATION: readEnvironmentVariable('ROTATION', '')
  HELP_URL: readEnvironmentVariable('HELP_URL', '')
  SESSION_ABSOLUTE_MINUTES: readEnvironmentVariable('SESSION_ABSOLUTE_MINUTES', '')
}

param alertEmails = json(readEnvironmentVariable('SIGNET_ALERT_EMAILS', '[]'))
param actionGroupId = readEnvironmentVariable('SIGNET_ACTION_GROUP_ID', '')
param probeReady = flagIn(readEnvironmentVariable('SIGNET_PROBE_READY', 'true'), true) ?? fail('SIGNET_PROBE_READY must be true or false.')
param fingerprint = readEnvironmentVariable('SIGNET_FINGERPRINT', '')

metadata description = 'Application settings: where things are and which names they carry. None is a secret, so none needs a vault reference. A test compares them with the list in lib/config/settings.ts, in both directions.'

import { basePathIn, checked, guidIn, isBlank, originIn, tenantIn } from 'reading.bicep'

@export()
@sealed()
@description('What the operator decides, under the names the app reads (lib/config/settings.ts explains each). Absent or empty leaves the default of the app, or the value this deployment derives.')
type chosenSettings = {
  @description('Client id of the sign-in application.')
  ENTRA_CLIENT_ID: string

  @description('Tenant whose people sign in, or "organizations" with allowed tenants; derived: the tenant of the subscription.')
  ENTRA_TENANT_ID: string?

  @description('Tenants that may sign in when the tenant is "organizations", separated by commas.')
  ENTRA_ALLOWED_TENANTS: string?

  @description('Origin of the sign-in service; derived: that of the cloud this runs in. External ID has its own.')
  ENTRA_AUTHORITY_HOST: string?

  @description('Issuer where it does not follow from the sign-in service, as in its metadata, with {tenantid} for the tenant: External ID under a domain of its own.')
  ENTRA_ISSUER: string?

  @description('Object id of the sign-in application, for rotation where the app may not read it.')
  ENTRA_OBJECT_ID: string?

  @description('Origin of Microsoft Graph where it does not follow from the sign-in service.')
  GRAPH_URL: string?

  @description('Scopes asked for at sign-in.')
  ENTRA_SCOPES: string?

  @description('Application roles, one of which a person needs to sign in, separated by spaces.')
  SIGN_IN_ROLES: string?

  @description('Origin under which browsers reach the app; derived: the host name Azure gives it. A domain of your own also needs its DNS record and its binding, which are not made here.')
  PUBLIC_URL: string?

  @description('Path that all routes lie below, such as /api.')
  BASE_PATH: string?

  @description('By what the app proves itself to Entra: a key in the vault signs, or the managed identity stands in as a federated credential; both, in the order in which they are asked. A TPM or a file is not for Functions Flex.')
  CREDENTIAL: 'vault' | 'managed-identity' | 'vault,managed-identity' | 'managed-identity,vault' | ''?

  @description('By whose rules an assertion is made.')
  ASSERTION_PROFILE: 'entra' | 'rfc10070' | ''?

  @description('Seconds that an assertion lives from its signature.')
  ASSERTION_LIFETIME_SEC: string?

  @description('Certificate in the vault for the sign-in application.')
  SIGNING_CERTIFICATE: string?

  @description('Client id of the app-only application; absent when the app makes no calls of its own.')
  APP_ONLY_CLIENT_ID: string?

  @description('Tenant in which the app-only application acts, when the tenant of sign-in is "organizations"; derived: the tenant of the subscription.')
  APP_ONLY_TENANT_ID: string?

  @description('Object id of the app-only application, for rotation where the app may not read it.')
  APP_ONLY_OBJECT_ID: string?

  @description('Certificate in the vault for the app-only application.')
  APP_ONLY_CERTIFICATE: string?

  @description('APIs the app calls, as JSON.')
  DOWNSTREAM_APIS: string?

  @description('Address of the front end that the app passes on.')
  FRONT_END_URL: string?

  @description('What a navigation gets that the front end answers with 404, or "none".')
  FRONT_END_FALLBACK: string?

  @description('Content-Security-Policy of what the front end sends without one.')
  FRONT_END_CSP: string?

  @description('Bytes of one answer of the front end.')
  FRONT_END_MAX_BYTES: string?

  @description('Whether the front end is for people who are signed in.')
  FRONT_END_SIGN_IN: 'optional' | 'required' | ''?

  @description('Paths of the front end that need nobody, separated by commas.')
  FRONT_END_OPEN_PATHS: string?

  @description('Minutes of disuse after which a session ends.')
  SESSION_IDLE_MINUTES: string?
  SESSION_DEVICE_BINDING: string?

  @description('Who brings a new version of a certificate into use: register, auto or manual.')
  ROTATION: string?

  @description('Where a screen of a fault leads people on, with {code} and {correlationId} in place.')
  HELP_URL: string?

  @description('Minutes after sign-in when a session ends, used or not.')
  SESSION_ABSOLUTE_MINUTES: string?
}

@export()
@description('The settings as the app reads them: those that templates read as well in their normal form, the others as they are. Fails by the name of a setting that the app would refuse.')
func readSettings(given chosenSettings) chosenSettings => {
  ...given
  ENTRA_CLIENT_ID: checked('ENTRA_CLIENT_ID', given.?ENTRA_CLIENT_ID, guidIn(given.?ENTRA_CLIENT_ID ?? ''))
  ENTRA_TENANT_ID: checked('ENTRA_TENANT_ID', given.?ENTRA_TENANT_ID, tenantIn(given.?ENTRA_TENANT_ID ?? ''))
  ENTRA_AUTHORITY_HOST: checked(
    'ENTRA_AUTHORITY_HOST',
    given.?ENTRA_AUTHORITY_HOST,
    originIn(given.?ENTRA_AUTHORITY_HOST ?? '')
  )
  PUBLIC_URL: checked('PUBLIC_URL', given.?PUBLIC_URL, originIn(given.?PUBLIC_URL ?? ''))
  BASE_PATH: checked('BASE_PATH', given.?BASE_PATH, basePathIn(given.?BASE_PATH ?? ''))
  APP_ONLY_CLIENT_ID: checked(
    'APP_ONLY_CLIENT_ID',
    given.?APP_ONLY_CLIENT_ID,
    guidIn(given.?APP_ONLY_CLIENT_ID ?? '')
  )
  APP_ONLY_TENANT_ID: checked(
    'APP_ONLY_TENANT_ID',
    given.?APP_ONLY_TENANT_ID,
    guidIn(given.?APP_ONLY_TENANT_ID ?? '')
  )
}

@description('Name of the function app.')
param functionAppName string

@description('Client id of the identity the app runs as.')
param identityClientId string

@description('Storage account of the Functions host.')
param hostAccountName string

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the vault.')
param vaultName string

@description('Storage account of the session rows.')
param sessionAccountName string

@description('Origin under which browsers reach the app, chosen or derived.')
param publicUrl string

@description('What the operator decided.')
param chosen chosenSettings

resource hostAccount 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostAccountName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    // The host. Its account goes by name as well: at an early start the host has been seen to find no storage by the address alone.
    AzureWebJobsStorage__accountName: hostAccountName
    AzureWebJobsStorage__blobServiceUri: hostAccount.properties.primaryEndpoints.blob
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: identityClientId
    // Bytes of a request body. Without it the host takes 100 MB from anybody, several times over in memory, before the app is asked.
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '12582912'
    // Without it the root shows the host's own page, without a header of the app's, to a method that HTTP does not have.
    AzureWebJobsDisableHomepage: 'true'
    // Holds an instrumentation key, which opens nothing while local authentication is off.
    APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identityClientId}'
    // The app: what is derived, under what was chosen.
    AZURE_CLIENT_ID: identityClientId
    KEY_VAULT_URL: 'https://${vaultName}${environment().suffixes.keyvaultDns}'
    SESSION_TABLES_URL: 'https://${sessionAccountName}.table.${environment().suffixes.storage}'
    ENTRA_TENANT_ID: tenant().tenantId
    ENTRA_AUTHORITY_HOST: environment().authentication.loginEndpoint
    ...toObject(filter(items(chosen), one => !isBlank(one.?value)), one => one.key, one => one.?value)
    PUBLIC_URL: publicUrl
  }
}

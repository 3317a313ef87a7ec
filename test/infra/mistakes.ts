/** A wrong word in a template, and what the compiler or the invariants have to say about it. */
export interface Mistake {
  readonly what: string
  readonly file: string
  readonly right: string
  readonly wrong: string
  readonly finding: RegExp
}

const STORAGE = 'modules/storage.bicep'
const VAULT = 'modules/vault.bicep'
const APP = 'modules/functionApp.bicep'
const SETTINGS = 'modules/settings.bicep'
const APP_TABLE_ROLE = `resource appWritesSessions 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(sessionAccount::tables::sessions.id, appPrincipalId, builtInRole.storageTableDataContributor)
  scope: sessionAccount::tables::sessions`

/** Mistakes in what main.bicep deploys. */
export const MISTAKES: readonly Mistake[] = [
  {
    what: 'storage takes shared keys',
    file: STORAGE,
    right: 'allowSharedKeyAccess: false',
    wrong: 'allowSharedKeyAccess: true',
    finding: /allowSharedKeyAccess is true/,
  },
  {
    what: 'blobs may be public',
    file: STORAGE,
    right: 'allowBlobPublicAccess: false',
    wrong: 'allowBlobPublicAccess: true',
    finding: /allowBlobPublicAccess is true/,
  },
  {
    what: 'storage speaks an old TLS',
    file: STORAGE,
    right: "minimumTlsVersion: 'TLS1_2'",
    wrong: "minimumTlsVersion: 'TLS1_0'",
    finding: /minimumTlsVersion is "TLS1_0"/,
  },
  {
    what: 'the table has another name than the app looks for',
    file: 'main.bicep',
    right: "var sessionTableName = 'signetsessions'",
    wrong: "var sessionTableName = 'sessions'",
    finding: /no table signetsessions/,
  },
  {
    what: 'sessions live beside the packages',
    file: STORAGE,
    right: '  name: hostAccountName\n',
    wrong: '  name: sessionAccountName\n',
    finding: /shares an account with the sessions/,
  },
  {
    what: 'the vault goes by access policies',
    file: VAULT,
    right: 'enableRbacAuthorization: true',
    wrong: 'enableRbacAuthorization: false',
    finding: /enableRbacAuthorization is false/,
  },
  {
    what: 'the vault can be purged',
    file: VAULT,
    right: '    enablePurgeProtection: true\n',
    wrong: '',
    finding: /enablePurgeProtection is undefined/,
  },
  {
    what: 'the vault keeps no audit trail',
    file: VAULT,
    right: "categoryGroup: 'audit', enabled: true",
    wrong: "categoryGroup: 'audit', enabled: false",
    finding: /keeps no audit trail/,
  },
  {
    what: 'trusted services walk around the firewall of the vault',
    file: VAULT,
    right: "bypass: 'None'",
    wrong: "bypass: 'AzureServices'",
    finding: /networkAcls\.bypass is "AzureServices"/,
  },
  {
    what: 'private networking leaves the vault open',
    file: VAULT,
    right: "defaultAction: privateNetworking ? 'Deny' : 'Allow'",
    wrong: "defaultAction: 'Allow'",
    finding: /kv-\w+ is open to the internet/,
  },
  {
    what: 'private networking leaves the public door of the vault ajar',
    file: VAULT,
    right: "publicNetworkAccess: closed ? 'Disabled' : 'Enabled'",
    wrong: "publicNetworkAccess: 'Enabled'",
    finding: /kv-\w+ is open to the internet/,
  },
  {
    what: 'private networking leaves the public door of the storage ajar',
    file: STORAGE,
    right: "privateNetworking && empty(allowedAddresses) ? 'Disabled' : 'Enabled'",
    wrong: "'Enabled'",
    finding: /stsess\w+ is open to the internet/,
  },
  {
    what: 'the app may read secrets',
    file: VAULT,
    right: '? [signerRoleName]',
    wrong: "? [signerRoleName, '4633458b-17de-408a-b874-0445c86b69e6']",
    finding: /not allowed: app: 4633458b-17de-408a-b874-0445c86b69e6 on vault/,
  },
  {
    what: 'the signer role has a wildcard',
    file: VAULT,
    right: "'Microsoft.KeyVault/vaults/keys/sign/action'",
    wrong: "'Microsoft.KeyVault/vaults/keys/*'",
    finding: /the signer role may .*keys\/\*/,
  },
  {
    what: 'the signer role can be assigned in the whole subscription',
    file: VAULT,
    right: 'assignableScopes: [resourceGroup().id]',
    wrong: 'assignableScopes: [subscription().id]',
    finding: /the signer role can be assigned at/,
  },
  {
    what: 'the app may write every table of the account',
    file: STORAGE,
    right: APP_TABLE_ROLE,
    wrong: APP_TABLE_ROLE.replace('scope: sessionAccount::tables::sessions', 'scope: sessionAccount'),
    finding: /not allowed: app: Storage Table Data Contributor on \/subscriptions/,
  },
  {
    what: 'an assignment names the wrong kind of principal',
    file: 'modules/monitoring.bicep',
    right: "principalType: 'ServicePrincipal'",
    wrong: "principalType: 'User'",
    finding: /calls the app's identity a User/,
  },
  {
    what: 'a connection string with a key is a setting',
    file: SETTINGS,
    right: '    AZURE_CLIENT_ID: identityClientId\n',
    wrong:
      "    AZURE_CLIENT_ID: identityClientId\n    AzureWebJobsStorage: 'AccountKey=${hostAccount.listKeys().keys[0].value}'\n",
    finding: /read by a list function/,
  },
  {
    what: 'a setting is missing',
    file: SETTINGS,
    right: "    KEY_VAULT_URL: 'https://${vaultName}${environment().suffixes.keyvaultDns}'\n",
    wrong: '',
    finding: /KEY_VAULT_URL is read by the app, and not deployed/,
  },
  {
    what: 'a setting is misspelt',
    file: SETTINGS,
    right: "    SESSION_TABLES_URL: 'https",
    wrong: "    SESSION_TABLE_URL: 'https",
    finding: /SESSION_TABLE_URL is deployed, and the app does not read it/,
  },
  {
    what: 'a setting has a value that the app refuses',
    file: SETTINGS,
    right: "SESSION_TABLES_URL: 'https",
    wrong: "SESSION_TABLES_URL: 'http",
    finding: /the app does not start: .*SESSION_TABLES_URL/,
  },
  {
    what: 'a setting is one that the plan forbids',
    file: SETTINGS,
    right: '    AZURE_CLIENT_ID: identityClientId\n',
    wrong: "    AZURE_CLIENT_ID: identityClientId\n    FUNCTIONS_WORKER_RUNTIME: 'node'\n",
    finding: /FUNCTIONS_WORKER_RUNTIME is deployed/,
  },
  {
    what: 'the app answers http',
    file: APP,
    right: 'httpsOnly: true',
    wrong: 'httpsOnly: false',
    finding: /httpsOnly is false/,
  },
  {
    what: 'a publishing password is left on',
    file: APP,
    right: "    name: 'scm'\n    properties: { allow: false }",
    wrong: "    name: 'scm'\n    properties: { allow: true }",
    finding: /takes a password for scm/,
  },
  {
    what: 'the tag of the service is missing',
    file: APP,
    right: "union(tags, { 'azd-service-name': serviceName })",
    wrong: 'tags',
    finding: /tagged as service undefined/,
  },
  {
    what: 'a resource has no environment tag',
    file: 'modules/identity.bicep',
    right: '  tags: tags\n',
    wrong: '  tags: {}\n',
    finding: /userAssignedIdentities .* lacks the tag azd-env-name/,
  },
  {
    what: 'telemetry takes an instrumentation key',
    file: 'modules/monitoring.bicep',
    right: 'DisableLocalAuth: true',
    wrong: 'DisableLocalAuth: false',
    finding: /DisableLocalAuth is false/,
  },
  {
    what: 'the probe asks where nothing answers',
    file: 'modules/alerts.bicep',
    right: "'${publicUrl}/health/ready'",
    wrong: "'${publicUrl}/healthz'",
    finding: /no route answers the probe/,
  },
  {
    what: 'the subnet cannot hold function instances',
    file: 'modules/network.bicep',
    right: "serviceName: 'Microsoft.App/environments'",
    wrong: "serviceName: 'Microsoft.Web/serverFarms'",
    finding: /not delegated to Flex Consumption/,
  },
]

/** Mistakes that show in the template and not in what it deploys. */
export const TEMPLATE_MISTAKES: readonly Mistake[] = [
  {
    what: 'a module gives out a key',
    file: STORAGE,
    right: 'var sku = {',
    wrong:
      '#disable-next-line outputs-should-not-contain-secrets\noutput key string = hostAccount.listKeys().keys[0].value\n\nvar sku = {',
    finding: /read by a list function/,
  },
  {
    what: 'a parameter is left over',
    file: VAULT,
    right: 'param recover bool\n',
    wrong: "param recover bool\n\n@description('Left over.')\nparam leftOver string = ''\n",
    finding: /no-unused-params/,
  },
]

/** Mistakes in the app registrations. */
export const REGISTRATION_MISTAKES: readonly Mistake[] = [
  {
    what: 'a redirect URI that the app does not use',
    file: 'entra/entra.bicep',
    right: '${publicUrl}/auth/callback',
    wrong: '${publicUrl}/signin-oidc',
    finding: /redirect URIs are .*signin-oidc/,
  },
  {
    what: 'a logout URL that nobody answers',
    file: 'entra/entra.bicep',
    right: '/auth/frontchannel-logout',
    wrong: '/auth/frontchannel',
    finding: /no route answers .*frontchannel/,
  },
  {
    what: 'an application permission on the client people sign in with',
    file: 'entra/entra.bicep',
    right: "type: 'Scope' }",
    wrong: "type: 'Role' }",
    finding: /asks for an application permission/,
  },
  {
    what: 'an app role on the client people sign in with',
    file: 'entra/entra.bicep',
    right: 'principalId: appOnlyPrincipal.id',
    wrong: 'principalId: signInPrincipal.id',
    finding: /an app role goes to .*signInPrincipal/,
  },
  {
    what: 'a client with a password',
    file: 'entra/entra.bicep',
    right: '  isFallbackPublicClient: false\n  optionalClaims',
    wrong:
      "  isFallbackPublicClient: false\n  passwordCredentials: [{ displayName: 'spare' }]\n  optionalClaims",
    finding: /a client has a password/,
  },
  {
    what: 'a service principal that takes credentials',
    file: 'entra/entra.bicep',
    right: 'var locked = { isEnabled: true',
    wrong: 'var locked = { isEnabled: false',
    finding: /servicePrincipalLockConfiguration\.isEnabled is false/,
  },
  {
    what: 'a federated credential without a subject, as a spread that the compiler drops in silence',
    file: 'entra/entra.bicep',
    right: '    subject: federatedPrincipalId\n',
    wrong: '    ...{ subject: federatedPrincipalId }\n',
    finding: /a federated credential has no subject/,
  },
]

import type { Mistake } from './mistake.ts'

const STORAGE = 'modules/storage.bicep'
const APP_TABLE_ROLE = `resource appWritesSessions 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(sessionAccount::tables::sessions.id, appPrincipalId, builtInRole.storageTableDataContributor)
  scope: sessionAccount::tables::sessions`

/** Mistakes in what keeps packages and sessions. */
export const STORAGE_MISTAKES: readonly Mistake[] = [
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
    what: 'the container of the package is left to the account to close',
    file: STORAGE,
    right: "      properties: { publicAccess: 'None' }\n",
    wrong: '',
    finding: /packages is not said to be closed/,
  },
  {
    what: 'sessions live beside the packages',
    file: STORAGE,
    right: '  name: hostAccountName\n',
    wrong: '  name: sessionAccountName\n',
    finding: /shares an account with the sessions/,
  },
  {
    what: 'private networking leaves the public door of the storage ajar',
    file: STORAGE,
    right: "privateNetworking && empty(allowedAddresses) ? 'Disabled' : 'Enabled'",
    wrong: "'Enabled'",
    finding: /stsess\w+ is open to the internet/,
  },
  {
    what: 'the app may write every table of the account',
    file: STORAGE,
    right: APP_TABLE_ROLE,
    wrong: APP_TABLE_ROLE.replace('scope: sessionAccount::tables::sessions', 'scope: sessionAccount'),
    finding: /not allowed: app: Storage Table Data Contributor on \/subscriptions/,
  },
  {
    what: 'the host may not write its own tables',
    file: STORAGE,
    right: "resource appWritesHostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {",
    wrong: "resource appWritesHostTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (false) {",
    finding: /missing: app: Storage Table Data Contributor on host account/,
  },
  {
    what: 'the table has another name than the app looks for',
    file: 'main.bicep',
    right: "var sessionTableName = 'signetsessions'",
    wrong: "var sessionTableName = 'sessions'",
    finding: /no table signetsessions/,
  },
]

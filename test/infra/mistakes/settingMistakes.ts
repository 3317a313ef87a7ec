import type { Mistake } from './mistake.ts'

const SETTINGS = 'modules/settings.bicep'

/** Mistakes in what the app and its host are told. */
export const SETTING_MISTAKES: readonly Mistake[] = [
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
    what: 'the host is not told its storage by name',
    file: SETTINGS,
    right: '    AzureWebJobsStorage__accountName: hostAccountName\n',
    wrong: '',
    finding: /the host looks for the account undefined, not for sthost/,
  },
  {
    what: 'the host is sent to the account of the sessions',
    file: SETTINGS,
    right: 'AzureWebJobsStorage__accountName: hostAccountName',
    wrong: 'AzureWebJobsStorage__accountName: sessionAccountName',
    finding: /the host looks for the account stsess\w+, not for sthost/,
  },
  {
    what: 'nothing bounds the bodies that the host takes',
    file: SETTINGS,
    right: "    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '12582912'\n",
    wrong: '',
    finding: /the host takes bodies of 100 MB from anybody/,
  },
  {
    what: 'the bound of bodies is no number, which the host takes for none',
    file: SETTINGS,
    right: "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '12582912'",
    wrong: "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '12 MB'",
    finding: /the host takes bodies of 100 MB from anybody/,
  },
  {
    what: 'the host takes less than the app',
    file: SETTINGS,
    right: "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '12582912'",
    wrong: "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1048576'",
    finding: /the host takes less than the app passes on/,
  },
  {
    what: 'the host shows its own page',
    file: SETTINGS,
    right: "    AzureWebJobsDisableHomepage: 'true'\n",
    wrong: '',
    finding: /the host is told AzureWebJobsDisableHomepage undefined, and true on a desk/,
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
]

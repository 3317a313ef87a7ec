/** The closed table of settings: names, defaults and meanings. README shows it; every reader goes through it. */

interface Setting {
  readonly name: string
  readonly required: 'yes' | 'no' | string
  readonly defaultValue: string
  readonly meaning: string
}

export const SETTINGS = [
  {
    name: 'ENTRA_TENANT_ID',
    required: 'yes',
    defaultValue: '',
    meaning: 'Tenant GUID, or `organizations` together with `ENTRA_ALLOWED_TENANTS`',
  },
  {
    name: 'ENTRA_CLIENT_ID',
    required: 'yes',
    defaultValue: '',
    meaning: 'Application (client) id of the app registration',
  },
  {
    name: 'ENTRA_AUTHORITY_HOST',
    required: 'no',
    defaultValue: 'https://login.microsoftonline.com',
    meaning: 'Sign-in host: national clouds and External ID (`https://{name}.ciamlogin.com`) have their own',
  },
  {
    name: 'ENTRA_ISSUER',
    required: 'for External ID under a domain of your own',
    defaultValue: '',
    meaning:
      'Issuer where it does not follow from the sign-in host, as `issuer` in Entra’s metadata has it, with `{tenantid}` for the tenant: `https://{tenantid}.ciamlogin.com/{tenantid}/v2.0`',
  },
  {
    name: 'ENTRA_ALLOWED_TENANTS',
    required: 'with `organizations`',
    defaultValue: '',
    meaning: 'Tenant GUIDs that may sign in, separated by commas or spaces',
  },
  {
    name: 'ENTRA_OBJECT_ID',
    required: 'no',
    defaultValue: '',
    meaning:
      'Object id of that app registration, for [rotation](docs/operate.md#rotate) where the app may not read it in the directory',
  },
  {
    name: 'GRAPH_URL',
    required: 'in the cloud of the US Department of Defense',
    defaultValue: '',
    meaning:
      'Origin of Microsoft Graph where it does not follow from the sign-in host: `https://dod-graph.microsoft.us`',
  },
  {
    name: 'ENTRA_SCOPES',
    required: 'no',
    defaultValue: 'openid profile',
    meaning:
      'Scopes asked for at sign-in, with `offline_access` where an API is called as the person; `scope` at `/auth/login` chooses among them',
  },
  {
    name: 'SIGN_IN_ROLES',
    required: 'no',
    defaultValue: '',
    meaning:
      'Application roles, one of which a person needs to sign in, separated by spaces; without them everybody may whom Entra lets in',
  },
  {
    name: 'PUBLIC_URL',
    required: 'yes',
    defaultValue: '',
    meaning: 'Origin under which browsers reach the app, e.g. `https://app.contoso.com`',
  },
  {
    name: 'BASE_PATH',
    required: 'no',
    defaultValue: '',
    meaning:
      'Path that all routes lie below, e.g. `/api` behind a [static web app](docs/front-end.md#a-mount-path); redirect URIs follow it',
  },
  {
    name: 'CREDENTIAL',
    required: 'no',
    defaultValue: 'vault',
    meaning:
      'By what the app proves itself: `vault`, a certificate whose key signs inside Key Vault; `managed-identity`, a federated identity credential; `tpm`, a key in a [TPM](docs/tpm.md) of the host; `pem`, a key in a file, for development. Several, separated by commas, [in order](docs/credentials.md#an-ordered-list): the next one serves where the one before cannot',
  },
  {
    name: 'KEY_VAULT_URL',
    required: 'with `vault`',
    defaultValue: '',
    meaning: 'Origin of the vault, e.g. `https://contoso-signet.vault.azure.net`',
  },
  {
    name: 'SIGNING_CERTIFICATE',
    required: 'no',
    defaultValue: 'signet-signing',
    meaning: 'Name of the certificate in the vault, or `name/version` to pin one version',
  },
  {
    name: 'ROTATION',
    required: 'no',
    defaultValue: 'register',
    meaning:
      'How a new version of a certificate comes into use: `register` has the app [register it, prove it and change over](docs/operate.md#rotate), `auto` make it as well, `manual` leaves all that to you and waits a day',
  },
  {
    name: 'AZURE_CLIENT_ID',
    required: 'with `managed-identity`',
    defaultValue: '',
    meaning: 'Client id of the user-assigned managed identity; without it the system-assigned one is used',
  },
  {
    name: 'TPM_CERTIFICATE',
    required: 'with `tpm`',
    defaultValue: '',
    meaning: 'Absolute path of the certificate for the key in the TPM, PEM',
  },
  {
    name: 'TPM_HANDLE',
    required: 'no',
    defaultValue: '0x81010001',
    meaning: 'Persistent handle of the key in the TPM',
  },
  {
    name: 'TPM_TCTI',
    required: 'no',
    defaultValue: 'device:/dev/tpmrm0',
    meaning: 'How the TPM is reached, as tpm2-tools name it: `device:`, `tabrmd:` or `swtpm:`',
  },
  {
    name: 'TPM_AUTH_FILE',
    required: 'where the key has one',
    defaultValue: '',
    meaning: 'Absolute path of a file with the auth value of the key, such as a credential of systemd',
  },
  {
    name: 'TPM_PCRS',
    required: 'where the key has a policy',
    defaultValue: '',
    meaning: 'Bank and PCRs of the policy of the key, as in `sha256:0,7`',
  },
  {
    name: 'PEM_FILE',
    required: 'with `pem`',
    defaultValue: '',
    meaning:
      'Absolute path of a file with a certificate and its private key, PEM; for development: refused in Azure, and unless `PUBLIC_URL` is a loopback address',
  },
  {
    name: 'ASSERTION_PROFILE',
    required: 'no',
    defaultValue: 'entra',
    meaning:
      'By whose rules [an assertion](docs/credentials.md#two-profiles) is made: `entra`, for the token endpoint and used again; `rfc10070`, for the issuer, with a type of its own, and used once',
  },
  {
    name: 'ASSERTION_LIFETIME_SEC',
    required: 'no',
    defaultValue: '',
    meaning:
      'Seconds that an assertion lives from its signature (60 to 600); 540 with `entra`, which makes the ten minutes that Entra recommends at most with the minute by which it is valid before, and 60 with `rfc10070`',
  },
  {
    name: 'SESSION_TABLES_URL',
    required: 'yes',
    defaultValue: '',
    meaning: 'Table endpoint of the storage account, e.g. `https://contoso.table.core.windows.net`',
  },
  {
    name: 'SESSION_IDLE_MINUTES',
    required: 'no',
    defaultValue: '60',
    meaning: 'A session ends after so long without use (5 to 1440)',
  },
  {
    name: 'SESSION_ABSOLUTE_MINUTES',
    required: 'no',
    defaultValue: '480',
    meaning: 'A session ends so long after sign-in, whatever happens (10 to 10080)',
  },
  {
    name: 'SESSION_DEVICE_BINDING',
    required: 'no',
    defaultValue: 'offer',
    meaning:
      '[Device-bound sessions](docs/device-binding.md): `offer` binds where the browser can, `require` ends sessions that are not bound within a minute, `off` neither offers nor asks',
  },
  {
    name: 'APP_ONLY_CLIENT_ID',
    required: 'no',
    defaultValue: '',
    meaning: 'Client id of a second app registration, for calls as the app itself; never that of sign-in',
  },
  {
    name: 'APP_ONLY_TENANT_ID',
    required: 'with `organizations`',
    defaultValue: '',
    meaning: 'Tenant GUID in which the app itself acts; otherwise that of sign-in',
  },
  {
    name: 'APP_ONLY_OBJECT_ID',
    required: 'no',
    defaultValue: '',
    meaning: 'Object id of that registration, as `ENTRA_OBJECT_ID`',
  },
  {
    name: 'APP_ONLY_CERTIFICATE',
    required: 'no',
    defaultValue: 'signet-app-only',
    meaning: 'Name (or `name/version`) of the certificate of that registration, in the same vault',
  },
  {
    name: 'DOWNSTREAM_APIS',
    required: 'no',
    defaultValue: '',
    meaning:
      'APIs behind `/api/{name}/`, as JSON: `{"orders": {"url": "https://orders.contoso.com", "as": "app", "scope": "api://orders/.default", "methods": ["GET"]}}`',
  },
  {
    name: 'FRONT_END_URL',
    required: 'no',
    defaultValue: '',
    meaning:
      'Address of the front end, which is passed on at every address that is none of ours: `https://contoso.z6.web.core.windows.net`',
  },
  {
    name: 'FRONT_END_FALLBACK',
    required: 'no',
    defaultValue: '/index.html',
    meaning:
      'What a navigation gets that the front end answers with 404, with status 200; `none` leaves it the 404',
  },
  {
    name: 'FRONT_END_CSP',
    required: 'no',
    defaultValue: '',
    meaning:
      'Content-Security-Policy of what the front end sends without one, in place of [ours](docs/front-end.md)',
  },
  {
    name: 'FRONT_END_MAX_BYTES',
    required: 'no',
    defaultValue: '10485760',
    meaning: 'Bytes of one answer of the front end, up to 52428800; a larger one is refused',
  },
  {
    name: 'FRONT_END_SIGN_IN',
    required: 'no',
    defaultValue: 'optional',
    meaning:
      '`required`: pages and files of the front end are for people who are signed in; a navigation leads through sign-in and back',
  },
  {
    name: 'FRONT_END_OPEN_PATHS',
    required: 'no',
    defaultValue: '',
    meaning:
      'With `required`: paths that need nobody, separated by commas or spaces, each with all that lies below it; `/` is the first page alone',
  },
  {
    name: 'HELP_URL',
    required: 'no',
    defaultValue: '',
    meaning:
      'Where a screen of a fault leads people on, with `{code}` and `{correlationId}` in place: a help desk, or a copy of [these pages](docs/errors/README.md), as in `https://help.contoso.com/signet/{code}?id={correlationId}`',
  },
] as const satisfies readonly Setting[]

export type SettingName = (typeof SETTINGS)[number]['name']

/** By name; empty where there is none. */
export const SETTING_DEFAULTS: Readonly<Record<string, string>> = Object.fromEntries(
  SETTINGS.map(({ name, defaultValue }) => [name, defaultValue]),
)

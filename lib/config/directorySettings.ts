/** Settings of the directory: whom it is that signs in, as which application, and at which cloud. */
import type { Setting } from './setting.ts'

export const DIRECTORY_SETTINGS = [
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
] as const satisfies readonly Setting[]

/** Settings of calls of APIs: which there are, and the second client, as which the app calls by itself. */
import type { Setting } from './setting.ts'

export const API_SETTINGS = [
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
] as const satisfies readonly Setting[]

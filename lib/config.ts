/**
 * The settings: read once, judged together, frozen. Every URL the app ever uses is derived here, from settings and never from
 * a request. Faults name settings, never their values.
 */
import { AppError } from './errors.ts'
import { createSettingsReader, type Environment, type Guid, type SettingsReader } from './settings.ts'

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
    name: 'ENTRA_ALLOWED_TENANTS',
    required: 'with `organizations`',
    defaultValue: '',
    meaning: 'Tenant GUIDs that may sign in, separated by commas or spaces',
  },
  {
    name: 'ENTRA_SCOPES',
    required: 'no',
    defaultValue: 'openid profile offline_access',
    meaning: 'Scopes asked for at sign-in; `scope` at `/auth/login` chooses among them',
  },
  {
    name: 'PUBLIC_URL',
    required: 'yes',
    defaultValue: '',
    meaning: 'Origin under which browsers reach the app, e.g. `https://app.contoso.com`',
  },
  {
    name: 'CREDENTIAL',
    required: 'no',
    defaultValue: 'vault',
    meaning:
      '`vault`: a certificate whose key signs inside Key Vault; `managed-identity`: a federated identity credential',
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
    name: 'AZURE_CLIENT_ID',
    required: 'with `managed-identity`',
    defaultValue: '',
    meaning: 'Client id of the user-assigned managed identity; without it the system-assigned one is used',
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
] as const satisfies readonly Setting[]

export type SettingName = (typeof SETTINGS)[number]['name']

export interface VaultSettings {
  readonly url: string
  readonly certificate: string
  /** A pinned version; otherwise the newest one that is old enough to be registered. */
  readonly certificateVersion?: string
}

export type CredentialSettings =
  | { readonly kind: 'vault'; readonly vault: VaultSettings }
  | { readonly kind: 'managed-identity'; readonly clientId: string; readonly audience: string }

export interface Config {
  readonly clientId: Guid
  /** The tenants whose users may sign in: the one configured, or the allowed ones. */
  readonly allowedTenants: readonly Guid[]
  readonly scopes: readonly string[]
  readonly credential: CredentialSettings
  readonly managedIdentityClientId?: string
  readonly sessions: { readonly tablesUrl: string; readonly idleMs: number; readonly absoluteMs: number }
  readonly entra: EntraUrls
  readonly app: AppUrls
}

/** Where Entra is, derived from host and tenant alone: discovery is checked against these and cannot change them. */
export interface EntraUrls {
  readonly origin: string
  /** Holds `{tenantid}` where several tenants may sign in. */
  readonly issuerTemplate: string
  readonly metadata: string
  readonly authorization: string
  readonly token: string
  readonly endSession: string
}

export interface AppUrls {
  readonly origin: string
  readonly redirectUri: string
  readonly signedOutUri: string
}

const MINUTE_MS = 60_000
const FIC_AUDIENCES: Readonly<Record<string, string>> = {
  'login.microsoftonline.us': 'api://AzureADTokenExchangeUSGov',
  'login.partner.microsoftonline.cn': 'api://AzureADTokenExchangeChina',
}

/** The environment as a Config. Throws `config/invalid` listing every fault by setting name. */
export function readConfig(env: Environment): Config {
  const read = createSettingsReader(env, Object.fromEntries(SETTINGS.map((s) => [s.name, s.defaultValue])))
  const tenant = read.tenant('ENTRA_TENANT_ID')
  const authority = read.origin('ENTRA_AUTHORITY_HOST')
  const publicOrigin = read.origin('PUBLIC_URL')
  const managedIdentityClientId = read.optionalGuid('AZURE_CLIENT_ID')
  const idleMs = read.integer('SESSION_IDLE_MINUTES', 5, 1440) * MINUTE_MS
  const absoluteMs = read.integer('SESSION_ABSOLUTE_MINUTES', 10, 10_080) * MINUTE_MS
  if (idleMs > absoluteMs)
    read.fault('SESSION_IDLE_MINUTES', 'must not be longer than SESSION_ABSOLUTE_MINUTES')
  const config: Config = {
    clientId: read.guid('ENTRA_CLIENT_ID'),
    allowedTenants: readAllowedTenants(read, tenant),
    scopes: readScopes(read),
    credential: readCredential(read, authority),
    ...(managedIdentityClientId === undefined ? {} : { managedIdentityClientId }),
    sessions: { tablesUrl: read.url('SESSION_TABLES_URL'), idleMs, absoluteMs },
    entra: entraUrls(authority, tenant),
    app: appUrls(publicOrigin),
  }
  const faults = read.faults()
  if (faults.length > 0) throw new AppError('config/invalid', { detail: faults.join('; ') })
  return deepFreeze(config)
}

function readAllowedTenants(read: SettingsReader, tenant: string): readonly Guid[] {
  const listed = read.guids('ENTRA_ALLOWED_TENANTS')
  if (tenant !== 'organizations') {
    if (listed.length > 0) read.fault('ENTRA_ALLOWED_TENANTS', 'only goes with ENTRA_TENANT_ID=organizations')
    return [tenant as Guid]
  }
  if (listed.length === 0) {
    read.fault(
      'ENTRA_ALLOWED_TENANTS',
      'must list the tenants that may sign in when ENTRA_TENANT_ID is organizations',
    )
  }
  return listed
}

function readScopes(read: SettingsReader): readonly string[] {
  const scopes = read.words('ENTRA_SCOPES')
  if (!scopes.includes('openid')) read.fault('ENTRA_SCOPES', 'must contain openid, or there is no sign-in')
  if (scopes.some((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(scope))) {
    read.fault('ENTRA_SCOPES', 'holds a character that RFC 6749 section 3.3 does not allow')
  }
  return scopes
}

function readCredential(read: SettingsReader, authority: string): CredentialSettings {
  const kind = read.oneOf('CREDENTIAL', ['vault', 'managed-identity'])
  if (kind === 'managed-identity') {
    const audience = FIC_AUDIENCES[hostOf(authority)] ?? 'api://AzureADTokenExchange'
    return { kind, clientId: read.guid('AZURE_CLIENT_ID'), audience }
  }
  const [certificate = '', certificateVersion, ...rest] = read.text('SIGNING_CERTIFICATE').split('/')
  const versionIsValid = certificateVersion === undefined || /^[0-9a-f]{32}$/.test(certificateVersion)
  if (!/^[0-9a-zA-Z-]{1,127}$/.test(certificate) || !versionIsValid || rest.length > 0) {
    read.fault(
      'SIGNING_CERTIFICATE',
      'must be a certificate name, or name/version with the 32 hex digits of a version',
    )
  }
  const pinned = certificateVersion === undefined ? {} : { certificateVersion }
  return { kind: 'vault', vault: { url: read.origin('KEY_VAULT_URL'), certificate, ...pinned } }
}

function entraUrls(origin: string, tenant: string): EntraUrls {
  const authority = `${origin}/${tenant}`
  return {
    origin,
    issuerTemplate: issuerTemplate(origin, tenant),
    metadata: `${authority}/v2.0/.well-known/openid-configuration`,
    authorization: `${authority}/oauth2/v2.0/authorize`,
    token: `${authority}/oauth2/v2.0/token`,
    endSession: `${authority}/oauth2/v2.0/logout`,
  }
}

/** External ID issues from a host named after the tenant id, whatever name its endpoints carry. */
function issuerTemplate(origin: string, tenant: string): string {
  if (hostOf(origin).endsWith('.ciamlogin.com')) return `https://${tenant}.ciamlogin.com/${tenant}/v2.0`
  return `${origin}/${tenant === 'organizations' ? '{tenantid}' : tenant}/v2.0`
}

function appUrls(origin: string): AppUrls {
  return { origin, redirectUri: `${origin}/auth/callback`, signedOutUri: `${origin}/auth/signed-out` }
}

function hostOf(origin: string): string {
  return URL.parse(origin)?.hostname ?? ''
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

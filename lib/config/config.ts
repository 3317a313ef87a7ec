/** The settings: read once, judged together, frozen. Faults name settings, never their values. */

import { AppError } from '../errors/appError.ts'
import { type AssertionSettings, readAssertionSettings } from './assertionSettings.ts'
import { type CredentialSettings, readCredentials, readVault, type VaultSettings } from './credentials.ts'
import { type DownstreamApi, isRole } from './downstreamApi.ts'
import { readDownstreamApis } from './downstreamApis.ts'
import { type FrontEnd, readFrontEnd } from './frontEnd.ts'
import { readGraphUrl } from './graphUrl.ts'
import { readHelpUrl } from './helpUrl.ts'
import { TENANT_PLACEHOLDER } from './issuerTemplate.ts'
import { SETTING_DEFAULTS } from './settings.ts'
import { createSettingsReader, type Environment, type Guid, type SettingsReader } from './settingsReader.ts'
import { type AppUrls, appUrls, type EntraSettings, type EntraUrls, entraUrls, isExternalId } from './urls.ts'

export interface AppOnlySettings {
  readonly clientId: Guid
  /** Of the application object, where it is told. */
  readonly objectId?: Guid
  /** The token endpoint of the one tenant in which the app itself acts. */
  readonly entra: EntraUrls
  readonly vault: VaultSettings
}

export interface SessionSettings {
  readonly tablesUrl: string
  readonly idleMs: number
  readonly absoluteMs: number
  /** Whether sessions are bound to the device that they began on. */
  readonly deviceBinding: 'offer' | 'off' | 'require'
}

export interface Config {
  readonly clientId: Guid
  /** Of the application object, where it is told. */
  readonly objectId?: Guid
  /** The tenants whose users may sign in: the one configured, or the allowed ones. */
  readonly allowedTenants: readonly Guid[]
  readonly scopes: readonly string[]
  /** Application roles, one of which whoever signs in needs. Empty: none. */
  readonly signInRoles: readonly string[]
  /** By what the app proves itself when people sign in, in the order in which they are asked. One at least. */
  readonly credentials: readonly CredentialSettings[]
  readonly assertion: AssertionSettings
  readonly managedIdentityClientId?: string
  /** Who brings a new version of a certificate into use: the app, which may also make it, or an operator. */
  readonly rotation: 'manual' | 'register' | 'auto'
  /** The separate client for calls as the app itself, where there is one. */
  readonly appOnly?: AppOnlySettings
  /** By name. */
  readonly downstreamApis: Readonly<Record<string, DownstreamApi>>
  /** What is passed on at every address that is none of ours, where there is one. */
  readonly frontEnd?: FrontEnd
  /** Where screens of a fault lead, with `{code}` and `{correlationId}` in it; undefined where the operator names no place. */
  readonly helpUrl?: string
  readonly sessions: SessionSettings
  readonly entra: EntraUrls
  /** Of Microsoft Graph. */
  readonly graphOrigin: string
  readonly app: AppUrls
}

const MINUTE_MS = 60_000

/** The environment as a Config. Throws `config/invalid` listing every fault by setting name. */
export function readConfig(env: Environment): Config {
  return readSettings(env).config
}

export interface ReadSettings {
  readonly config: Config
  /** Each setting that was read, in the one form that no reader can take for anything else; empty where it is not set. */
  readonly normalForms: Readonly<Record<string, string>>
}

/** The same with the settings as texts, for whoever hands them on. Throws `config/invalid` listing every fault by setting name. */
export function readSettings(env: Environment): ReadSettings {
  const read = createSettingsReader(env, SETTING_DEFAULTS)
  const tenant = read.tenant('ENTRA_TENANT_ID')
  const authority = read.origin('ENTRA_AUTHORITY_HOST')
  if (tenant === 'organizations' && isExternalId(authority))
    read.fault('ENTRA_TENANT_ID', 'must be a tenant GUID: External ID has one tenant')
  const issuer = readIssuer(read, tenant)
  const publicOrigin = read.origin('PUBLIC_URL')
  const managedIdentityClientId = read.optionalGuid('AZURE_CLIENT_ID')
  const idleMs = read.integer('SESSION_IDLE_MINUTES', 5, 1440) * MINUTE_MS
  const absoluteMs = read.integer('SESSION_ABSOLUTE_MINUTES', 10, 10_080) * MINUTE_MS
  if (idleMs > absoluteMs)
    read.fault('SESSION_IDLE_MINUTES', 'must not be longer than SESSION_ABSOLUTE_MINUTES')
  const clientId = read.guid('ENTRA_CLIENT_ID')
  const objectId = read.optionalGuid('ENTRA_OBJECT_ID')
  const appOnly = readAppOnly(read, clientId, { origin: authority, tenant, issuer })
  const frontEnd = readFrontEnd(read, { publicOrigin, entraOrigin: authority })
  const downstreamApis = readDownstreamApis(read, appOnly !== undefined)
  const helpUrl = readHelpUrl(read)
  const config: Config = {
    clientId,
    ...(objectId === undefined ? {} : { objectId }),
    allowedTenants: readAllowedTenants(read, tenant),
    scopes: readScopes(read, downstreamApis),
    signInRoles: readSignInRoles(read),
    credentials: readCredentials(read, { authority, publicOrigin, env }),
    assertion: readAssertion(read, tenant),
    rotation: read.oneOf('ROTATION', ['register', 'auto', 'manual']),
    ...(managedIdentityClientId === undefined ? {} : { managedIdentityClientId }),
    ...(appOnly === undefined ? {} : { appOnly }),
    downstreamApis,
    ...(frontEnd === undefined ? {} : { frontEnd }),
    ...(helpUrl === undefined ? {} : { helpUrl }),
    sessions: {
      tablesUrl: read.url('SESSION_TABLES_URL'),
      idleMs,
      absoluteMs,
      deviceBinding: read.oneOf('SESSION_DEVICE_BINDING', ['offer', 'off', 'require']),
    },
    entra: entraUrls({ origin: authority, tenant, clientId, issuer }),
    graphOrigin: readGraphUrl(read, authority),
    app: appUrls(publicOrigin, read.basePath('BASE_PATH')),
  }
  const faults = read.faults()
  if (faults.length > 0) throw new AppError('config/invalid', { detail: faults.join('; ') })
  return deepFreeze({ config, normalForms: read.normalForms() })
}

/** Where several tenants sign in, an issuer without a place for the tenant would be the same for all of them. */
function readIssuer(read: SettingsReader, tenant: string): string | undefined {
  const issuer = read.optionalIssuer('ENTRA_ISSUER')
  if (tenant === 'organizations' && issuer?.includes(TENANT_PLACEHOLDER) === false) {
    read.fault('ENTRA_ISSUER', `must hold ${TENANT_PLACEHOLDER} when ENTRA_TENANT_ID is organizations`)
  }
  return issuer
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

/** A refresh token is asked for where something uses it: an API that is called as the person, or whoever lists it. */
function readScopes(read: SettingsReader, apis: Config['downstreamApis']): readonly string[] {
  const scopes = read.words('ENTRA_SCOPES')
  if (!scopes.includes('openid')) read.fault('ENTRA_SCOPES', 'must contain openid, or there is no sign-in')
  if (!scopes.includes('profile')) {
    read.fault('ENTRA_SCOPES', 'must contain profile, or nothing says who signed in (oid)')
  }
  if (scopes.some((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(scope))) {
    read.fault('ENTRA_SCOPES', 'holds a character that RFC 6749 section 3.3 does not allow')
  }
  const isUsed = Object.values(apis).some(({ as }) => as !== 'app')
  return isUsed && !scopes.includes('offline_access') ? [...scopes, 'offline_access'] : scopes
}

function readSignInRoles(read: SettingsReader): readonly string[] {
  const roles = read.optionalWords('SIGN_IN_ROLES')
  if (!roles.every(isRole)) read.fault('SIGN_IN_ROLES', 'must be the values of application roles')
  return roles
}

function readAssertion(read: SettingsReader, tenant: string): AssertionSettings {
  const settings = readAssertionSettings(read, {
    profile: 'ASSERTION_PROFILE',
    lifetime: 'ASSERTION_LIFETIME_SEC',
  })
  if (settings.profile === 'rfc10070' && tenant === 'organizations')
    read.fault(
      'ASSERTION_PROFILE',
      'must be entra when ENTRA_TENANT_ID is organizations: no issuer is certain',
    )
  return settings
}

/**
 * App-only permissions under the client that signs people in would let whoever holds its credential act without any person; kept
 * apart, neither client can do the other's work.
 */
function readAppOnly(
  read: SettingsReader,
  signInClientId: string,
  signIn: Pick<EntraSettings, 'origin' | 'tenant' | 'issuer'>,
): AppOnlySettings | undefined {
  const clientId = read.optionalGuid('APP_ONLY_CLIENT_ID')
  if (clientId === undefined) return undefined
  if (clientId === signInClientId) {
    read.fault(
      'APP_ONLY_CLIENT_ID',
      'must not be ENTRA_CLIENT_ID: application and delegated permissions under one client let its credential alone open the app flow',
    )
  }
  const { certificate: signInCertificate } = read.certificate('SIGNING_CERTIFICATE')
  const vault = readVault(read, 'APP_ONLY_CERTIFICATE')
  // The vault does not know upper from lower case.
  if (vault.certificate.toLowerCase() === signInCertificate.toLowerCase()) {
    read.fault(
      'APP_ONLY_CERTIFICATE',
      'must not be SIGNING_CERTIFICATE: each client proves itself with a key of its own',
    )
  }
  const tenant = readAppOnlyTenant(read, signIn.tenant)
  const objectId = read.optionalGuid('APP_ONLY_OBJECT_ID')
  return {
    clientId,
    ...(objectId === undefined ? {} : { objectId }),
    entra: entraUrls({ ...signIn, tenant, clientId }),
    vault,
  }
}

/** Tokens of the app itself are those of one tenant; `organizations` would leave it to Entra which one. */
function readAppOnlyTenant(read: SettingsReader, tenant: string): string {
  const own = read.optionalGuid('APP_ONLY_TENANT_ID')
  if (tenant === 'organizations') {
    if (own === undefined)
      read.fault('APP_ONLY_TENANT_ID', 'must name the tenant in which the app itself acts')
    return own ?? tenant
  }
  if (own !== undefined) read.fault('APP_ONLY_TENANT_ID', 'only goes with ENTRA_TENANT_ID=organizations')
  return tenant
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}

/** What an API asks of its callers, and where Entra is: checked once, all faults reported together. */
import type { Log } from '../base/effects.ts'
import { TENANT_PLACEHOLDER } from '../config/issuerTemplate.ts'
import { createSettingsReader, isGuid } from '../config/settingsReader.ts'
import { entraUrls, isExternalId } from '../config/urls.ts'
import type { KeySource, ProviderKeys } from '../entra/providerKeys.ts'
import { AppError } from '../errors/appError.ts'
import type { AccessTokenRules } from './judgeAccessToken.ts'
import type { ChallengeContext } from './refusal.ts'

/** What a caller must be allowed to do. At least one of the two lists is needed; a kind of caller without a list is refused. */
export interface Permission {
  /** A user's token must hold one of these delegated scopes, in their short form (`Orders.Read`). */
  readonly scopes?: readonly string[]
  /** An application's token must hold one of these app roles. Without this list a user is needed. */
  readonly roles?: readonly string[]
}

export interface GuardOptions extends Permission {
  /** GUIDs of the tenants whose tokens are accepted. */
  readonly tenants: readonly string[]
  /** Every name of this API in `aud`: its client id (version 2 tokens) and its `api://` URIs (version 1). */
  readonly audiences: readonly string[]
  /** Client ids that may call: each known to hold a certificate. This list, not the token, tells them from federated ones. */
  readonly clients: readonly string[]
  /** Sign-in host. Default `https://login.microsoftonline.com`; national clouds and External ID have their own. */
  readonly authorityHost?: string
  /** Issuers where they do not follow from the sign-in host, with `{tenantid}` for the tenant: a new cloud, a domain of one's own. */
  readonly issuers?: { readonly v1?: string; readonly v2?: string }
  /**
   * The request header in which the platform shows the client certificate of the connection, as base64 of its DER: `X-ARR-ClientCert` on
   * App Service and Azure Functions. Tokens bound to that certificate are then taken with the scheme `MTLS_POP`. Name it only where the
   * platform itself sets the header on every request: anywhere else a caller could write it. Default: bound tokens open nothing.
   */
  readonly clientCertificateHeader?: string
  /** Source of the signing keys. Default: those of the sign-in host, fetched on first use and kept. */
  readonly keys?: Pick<ProviderKeys, 'find'>
  /** Milliseconds since the epoch. Default: the system clock. */
  readonly now?: () => number
  /** How keys are fetched. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
  /** Told of each request that `protect` refuses and of trouble with keys; never of anything in a token. Default: silence. */
  readonly log?: Log
}

interface GuardSetup {
  readonly rules: AccessTokenRules
  readonly keySource: KeySource
  readonly challenge: ChallengeContext
  readonly certificateHeader: string | undefined
}

/** Hosts of the version 1 token services that are not the sign-in host itself. US Government shares the global one. */
const V1_ISSUER_ORIGINS: ReadonlyMap<string, string> = new Map([
  ['https://login.microsoftonline.com', 'https://sts.windows.net'],
  ['https://login.microsoftonline.us', 'https://sts.windows.net'],
  ['https://login.partner.microsoftonline.cn', 'https://sts.chinacloudapi.cn'],
])

/** Characters that need no escaping in a quoted string, which are those of a scope (RFC 6749 section 3.3). */
const PLAIN = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/

/** A field name (RFC 9110 section 5.1). */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/

/** Who writes no types can hand in anything; what is no list of texts counts as an empty one. */
function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : []
}

/** The options as rules. Throws `config/invalid` naming every faulty option, never a value. */
export function readGuardOptions(options: GuardOptions): GuardSetup {
  const read = createSettingsReader(
    {
      authorityHost: options.authorityHost,
      'issuers.v1': options.issuers?.v1,
      'issuers.v2': options.issuers?.v2,
      tenants: listOf(options.tenants).join(' '),
      clients: listOf(options.clients).join(' '),
    },
    { authorityHost: 'https://login.microsoftonline.com' },
  )
  const plain = (name: 'audiences' | 'scopes' | 'roles'): readonly string[] => {
    const given = options[name] ?? []
    const listed = listOf(given)
    if (listed !== given || !listed.every((one) => PLAIN.test(one)))
      read.fault(name, 'must be a list of plain words without spaces or quotes')
    return [...listed]
  }
  const tenants = read.guids('tenants')
  const clients = read.guids('clients')
  const audiences = plain('audiences')
  const permission = { scopes: plain('scopes'), roles: plain('roles') }
  const host = read.origin('authorityHost')
  const v1 = read.optionalIssuer('issuers.v1')
  const v2 = read.optionalIssuer('issuers.v2')
  for (const [name, listed] of Object.entries({ tenants, clients, audiences })) {
    if (listed.length === 0) read.fault(name, 'must not be empty')
  }
  const [tenant = '', ...others] = tenants
  const isOneTenant = others.length === 0
  if (!isOneTenant && isExternalId(host)) read.fault('tenants', 'must be one tenant at External ID')
  for (const [name, issuer] of Object.entries({ 'issuers.v1': v1, 'issuers.v2': v2 })) {
    if (!isOneTenant && issuer?.includes(TENANT_PLACEHOLDER) === false)
      read.fault(name, `must hold ${TENANT_PLACEHOLDER} where there are several tenants`)
  }
  if (permission.scopes.length + permission.roles.length === 0)
    read.fault('scopes', 'or roles must list what a caller needs')
  const certificateHeader: unknown = options.clientCertificateHeader
  if (!isHeaderOfPlatform(certificateHeader))
    read.fault('clientCertificateHeader', 'must be the name of a header that the platform sets')
  const clock: unknown = options.now
  if (clock !== undefined && typeof clock !== 'function') read.fault('now', 'must be a function')
  const faults = read.faults()
  if (faults.length > 0) throw new AppError('config/invalid', { detail: `guard: ${faults.join('; ')}` })

  const urls = entraUrls({
    origin: host,
    tenant: isOneTenant ? tenant : 'organizations',
    clientId: clientIdIn(audiences),
    issuer: v2,
  })
  const issuers = {
    v1: v1 ?? `${V1_ISSUER_ORIGINS.get(host) ?? host}/${TENANT_PLACEHOLDER}/`,
    v2: urls.issuerTemplate,
  }
  return {
    rules: { tenants, clients, audiences, issuers, ...permission },
    keySource: urls,
    challenge: { realm: audiences[0] ?? '', authorizationUri: urls.authorization },
    certificateHeader: options.clientCertificateHeader,
  }
}

/** Whether it can be one: a header of the caller's own never is. */
function isHeaderOfPlatform(name: unknown): boolean {
  if (name === undefined) return true
  return (
    typeof name === 'string' && HEADER_NAME.test(name) && !/^((proxy-)?authorization|cookie)$/i.test(name)
  )
}

/** Version 2 tokens name the API by its client id. Only where that is one can the metadata be asked for the keys of this API. */
function clientIdIn(audiences: readonly string[]): string | undefined {
  const [clientId, ...others] = new Set(audiences.filter(isGuid))
  return others.length === 0 ? clientId : undefined
}

/**
 * Every URL of the app's own and of Entra, derived from settings alone: nothing that a request or a discovery document says can change
 * one. Of discovery comes the address of the signing keys alone, on Entra's own host.
 */
import { issuerFor, TENANT_PLACEHOLDER } from './issuerTemplate.ts'

/** Where Entra is, derived from host and tenant alone: discovery is checked against these and cannot change them. */
export interface EntraUrls {
  readonly origin: string
  /** Holds `{tenantid}` where several tenants may sign in. */
  readonly issuerTemplate: string
  /** The document that belongs to this application: its `jwks_uri` leads to the keys that sign for it. */
  readonly metadata: string
  readonly authorization: string
  readonly token: string
  readonly endSession: string
}

export interface AppUrls {
  readonly origin: string
  /** The path that all routes of ours lie below, without a trailing slash: `/api`, or empty. */
  readonly basePath: string
  /** Both together. */
  readonly base: string
  readonly paths: OwnPaths
  readonly redirectUri: string
  readonly signedOutUri: string
  readonly frontchannelLogoutUri: string
}

/** Where pages and answers of ours lead, from the root of the origin. */
export interface OwnPaths {
  readonly page: string
  readonly login: string
  readonly logout: string
  readonly sessions: string
  readonly icon: string
}

export interface EntraSettings {
  /** Of the sign-in host. */
  readonly origin: string
  /** GUID, or `organizations`. */
  readonly tenant: string
  /** Whose signing keys are asked for: claims mapping can give an application a key of its own. */
  readonly clientId?: string | undefined
  /** Issuer or template where it does not follow from the host. */
  readonly issuer?: string | undefined
}

/** The endpoints of a tenant at a sign-in host, as an application sees them. */
export function entraUrls({ origin, tenant, clientId, issuer }: EntraSettings): EntraUrls {
  const authority = `${origin}/${tenant}`
  const template = issuer ?? issuerAt(origin)
  const appId = clientId === undefined ? '' : `?appid=${clientId}`
  return {
    origin,
    issuerTemplate: tenant === 'organizations' ? template : issuerFor(template, tenant),
    metadata: `${authority}/v2.0/.well-known/openid-configuration${appId}`,
    authorization: `${authority}/oauth2/v2.0/authorize`,
    token: `${authority}/oauth2/v2.0/token`,
    endSession: `${authority}/oauth2/v2.0/logout`,
  }
}

/** External ID issues from a host named after the tenant id, whatever name its endpoints carry. */
function issuerAt(origin: string): string {
  const host = isExternalId(origin) ? `https://${TENANT_PLACEHOLDER}.ciamlogin.com` : origin
  return `${host}/${TENANT_PLACEHOLDER}/v2.0`
}

/** The app's own addresses under its public origin, below its base path. */
export function appUrls(origin: string, basePath = ''): AppUrls {
  const base = `${origin}${basePath}`
  return {
    origin,
    basePath,
    base,
    paths: ownPaths(basePath),
    redirectUri: `${base}/auth/callback`,
    signedOutUri: `${base}/auth/signed-out`,
    frontchannelLogoutUri: `${base}/auth/frontchannel-logout`,
  }
}

function ownPaths(basePath: string): OwnPaths {
  const page = `${basePath}/auth`
  return {
    page,
    login: `${page}/login`,
    logout: `${page}/logout`,
    sessions: `${page}/sessions`,
    icon: `${page}/icon`,
  }
}

/** True for the host of an External ID tenant. */
export function isExternalId(origin: string): boolean {
  return hostOf(origin).endsWith('.ciamlogin.com')
}

/** The host name of an origin. */
export function hostOf(origin: string): string {
  return URL.parse(origin)?.hostname ?? ''
}

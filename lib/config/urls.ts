/**
 * Every URL the app ever uses, derived from settings alone: nothing a request or a discovery document says can change one.
 */
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

/** The endpoints of a tenant at a sign-in host. */
export function entraUrls(origin: string, tenant: string): EntraUrls {
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
  if (isExternalId(origin)) return `https://${tenant}.ciamlogin.com/${tenant}/v2.0`
  return `${origin}/${tenant === 'organizations' ? '{tenantid}' : tenant}/v2.0`
}

/** The app's own addresses under its public origin. */
export function appUrls(origin: string): AppUrls {
  return { origin, redirectUri: `${origin}/auth/callback`, signedOutUri: `${origin}/auth/signed-out` }
}

/** True for the host of an External ID tenant. */
export function isExternalId(origin: string): boolean {
  return hostOf(origin).endsWith('.ciamlogin.com')
}

/** The host name of an origin. */
export function hostOf(origin: string): string {
  return URL.parse(origin)?.hostname ?? ''
}

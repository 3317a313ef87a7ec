import { randomUUID } from 'node:crypto'
import type { JSONWebKeySet } from 'jose'
import { type RegisteredCertificate, registerDer } from './registeredCertificate.ts'

/** A federated identity credential: a token of another issuer that this application may present as its assertion. */
export type FederatedCredential = {
  readonly issuer: string
  readonly subject: string
  readonly audience: string
  readonly jwks: JSONWebKeySet
}

/** An app registration, as its owner writes it. */
export type ApplicationRegistration = {
  readonly clientId: string
  readonly displayName: string
  readonly redirectUris: readonly string[]
  /** Front-channel logout URL, called with `sid` when a browser session ends. */
  readonly logoutUrl?: string
  /** DER of every certificate whose signatures prove this application. */
  readonly certificates?: readonly Buffer[]
  readonly federatedCredentials?: readonly FederatedCredential[]
  /** Exists so that a token with `azpacr` 1 can be had; the product never has one. */
  readonly clientSecret?: string
  /** A public client presents no credential and gets `azpacr` 0. */
  readonly isPublic?: boolean
  /** Admits people of other tenants, and the `organizations` and `common` paths. */
  readonly isMultiTenant?: boolean
  /** Format of access tokens issued *for* this application. Default 2. */
  readonly requestedAccessTokenVersion?: 1 | 2
  /** Delegated scopes exposed under `api://{clientId}/`. Default `access_as_user`. */
  readonly scopes?: readonly string[]
  readonly appRoles?: readonly string[]
  /** Delegated permissions already consented for everybody, as scopes. Default: `User.Read` and its own scopes. */
  readonly delegatedPermissions?: readonly string[]
  /** App roles this application holds on others: resource (client id, `api://...` or Graph) to role values. */
  readonly applicationPermissions?: Readonly<Record<string, readonly string[]>>
  /** As a resource: no user token without this authentication context (`acrs`), e.g. `c1`. */
  readonly requiresAuthenticationContext?: string
  /** It is an owner of itself: what `Application.ReadWrite.OwnedBy` is about. */
  readonly isOwnedByItself?: boolean
  /** Milliseconds since the epoch; when it was first registered here unless told. */
  readonly createdAtMs?: number
  /** Optional claims that every ID token has, beyond the basic set. */
  readonly optionalIdTokenClaims?: readonly OptionalIdTokenClaim[]
}

/** The optional claims of ID tokens that the look-alike knows. */
export const optionalIdTokenClaims = ['auth_time', 'acct', 'acrs'] as const
export type OptionalIdTokenClaim = (typeof optionalIdTokenClaims)[number]

/** A registration in force: defaults filled in, certificates parsed. */
export type Application = Required<
  Omit<
    ApplicationRegistration,
    'certificates' | 'logoutUrl' | 'clientSecret' | 'requiresAuthenticationContext'
  >
> & {
  readonly logoutUrl: string | undefined
  readonly clientSecret: string | undefined
  readonly requiresAuthenticationContext: string | undefined
  /** Directory object id: what Graph calls `id`, and the `iss` of a key-rolling proof. */
  readonly objectId: string
  /** Object id of the service principal: `oid` and `sub` of app-only tokens. */
  readonly servicePrincipalId: string
  /** By key id; one certificate may have several entries. */
  readonly certificates: Map<string, RegisteredCertificate>
  /** What was taken away, and when. */
  readonly removedCertificates: { readonly certificate: RegisteredCertificate; readonly atMs: number }[]
  /** Deactivated: it gets no token any more. */
  isDeactivated: boolean
}

/** Puts a registration in force, in place of `former`, whose identity it keeps. Its certificates have been there for ever. */
export function createApplication(
  registration: ApplicationRegistration,
  nowMs: number,
  former?: Application,
): Application {
  const { clientId } = registration
  const scopes = registration.scopes ?? ['access_as_user']
  const certificates = (registration.certificates ?? []).map((der) =>
    registerDer(der, Number.NEGATIVE_INFINITY),
  )
  return {
    clientId,
    displayName: registration.displayName,
    redirectUris: registration.redirectUris,
    logoutUrl: registration.logoutUrl,
    clientSecret: registration.clientSecret,
    federatedCredentials: registration.federatedCredentials ?? [],
    isPublic: registration.isPublic ?? false,
    isMultiTenant: registration.isMultiTenant ?? false,
    requestedAccessTokenVersion: registration.requestedAccessTokenVersion ?? 2,
    scopes,
    appRoles: registration.appRoles ?? [],
    delegatedPermissions: registration.delegatedPermissions ?? [
      'User.Read',
      ...scopes.map((scope) => `api://${clientId}/${scope}`),
    ],
    applicationPermissions: registration.applicationPermissions ?? {},
    requiresAuthenticationContext: registration.requiresAuthenticationContext,
    optionalIdTokenClaims: registration.optionalIdTokenClaims ?? [],
    isOwnedByItself: registration.isOwnedByItself ?? false,
    createdAtMs: registration.createdAtMs ?? former?.createdAtMs ?? nowMs,
    objectId: former?.objectId ?? randomUUID(),
    servicePrincipalId: former?.servicePrincipalId ?? randomUUID(),
    certificates: new Map(certificates.map((certificate) => [certificate.keyId, certificate])),
    removedCertificates: [],
    isDeactivated: former?.isDeactivated ?? false,
  }
}

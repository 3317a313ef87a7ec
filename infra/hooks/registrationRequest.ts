/**
 * The registrations as requests to Microsoft Graph, for an administrator to send where the deployer may not register
 * applications. They say what entra.bicep says, apart from its sample API; a test compares them. Nothing in them is secret. Pure.
 */
import { createHash } from 'node:crypto'
import { isGuid } from '../../lib/config/settingsReader.ts'
import { appUrls } from '../../lib/config/urls.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { uuidFrom } from './uuidFrom.ts'

/** The certificates of both clients, as they are to be registered. */
export interface RegistrationInput<Entry extends object = object> {
  readonly signingCertificates: readonly Entry[]
  readonly appOnlyCertificates: readonly Entry[]
}

export interface RegistrationSubject {
  readonly environmentName: string
  readonly tenantId: string
  readonly publicUrl: string
  readonly basePath?: string
  /** Whether other tenants than this one may sign in. */
  readonly isMultiTenant: boolean
  /** Object id of the managed identity that stands in for the certificate, where one does. */
  readonly federatedPrincipalId?: string
  readonly issuer: string
}

const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000'
/** offline_access, openid and profile: the same in every tenant. */
const SIGN_IN_SCOPES = [
  '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
  '37f7f235-527c-4136-accd-4a02d197296e',
  '14dad69e-099b-42c9-810b-d002981feec1',
]
/** The namespace of `guid()` in Resource Manager templates. */
const TEMPLATE_NAMESPACE = '11fb06fb712d4ddd98c7e71bbd588830'
const LOCKED = { isEnabled: true, allProperties: true }

/** Whose registrations they are, from the environment of a deployment. */
export function subjectOf(deployment: Pick<Deployment, 'env'>): RegistrationSubject {
  const { env } = deployment
  const ownTenant = requireValue(deployment, 'AZURE_TENANT_ID')
  return {
    environmentName: requireValue(deployment, 'AZURE_ENV_NAME'),
    tenantId: isGuid(env.ENTRA_TENANT_ID ?? '') ? (env.ENTRA_TENANT_ID ?? ownTenant) : ownTenant,
    publicUrl: requireValue(deployment, 'PUBLIC_URL'),
    ...(env.BASE_PATH ? { basePath: env.BASE_PATH } : {}),
    isMultiTenant: env.ENTRA_TENANT_ID === 'organizations',
    // The managed identity is one of the subscription's own tenant.
    issuer: `https://login.microsoftonline.com/${ownTenant}/v2.0`,
    ...(env.CREDENTIAL?.split(',').includes('managed-identity')
      ? { federatedPrincipalId: requireValue(deployment, 'SIGNET_IDENTITY_PRINCIPAL_ID') }
      : {}),
  }
}

/** Bodies by file name: each application for its PATCH, and the federated credential for its POST. */
export function registrationRequest(
  subject: RegistrationSubject,
  input: RegistrationInput,
): Readonly<Record<string, object>> {
  const { environmentName, federatedPrincipalId, issuer } = subject
  const federation = {
    name: 'signet-managed-identity',
    description: 'The user-assigned managed identity of the function app.',
    issuer,
    subject: federatedPrincipalId,
    audiences: ['api://AzureADTokenExchange'],
  }
  return {
    [`signet-${environmentName}`]: signInApplication(subject, input.signingCertificates),
    [`signet-app-only-${environmentName}`]: {
      displayName: `Signet, own calls (${environmentName})`,
      description:
        'Calls APIs as the app itself. Apart from the client people sign in with, and with a certificate of its own.',
      signInAudience: 'AzureADMyOrg',
      isFallbackPublicClient: false,
      keyCredentials: input.appOnlyCertificates.map(keyCredential),
      servicePrincipalLockConfiguration: LOCKED,
    },
    ...(federatedPrincipalId ? { 'federated-credential': federation } : {}),
  }
}

function signInApplication(
  { environmentName, tenantId, publicUrl, basePath, isMultiTenant }: RegistrationSubject,
  certificates: readonly object[],
): object {
  const { redirectUri, signedOutUri, frontchannelLogoutUri } = appUrls(publicUrl, basePath)
  return {
    displayName: `Signet (${environmentName})`,
    description: 'Signs people in. Proves itself with a certificate whose key never leaves the vault.',
    signInAudience: isMultiTenant ? 'AzureADMultipleOrgs' : 'AzureADMyOrg',
    identifierUris: [`api://${tenantId}/signet-${environmentName}`],
    api: {
      requestedAccessTokenVersion: 2,
      oauth2PermissionScopes: [
        {
          id: templateGuid('signet', environmentName, 'access_as_user'),
          value: 'access_as_user',
          type: 'User',
          isEnabled: true,
          adminConsentDisplayName: 'Read who is calling',
          adminConsentDescription: 'Lets an app ask this API who the signed-in person is.',
          userConsentDisplayName: 'Read who you are',
          userConsentDescription: 'Lets an app ask this API who you are.',
        },
      ],
    },
    web: {
      redirectUris: [redirectUri, signedOutUri],
      logoutUrl: frontchannelLogoutUri,
      homePageUrl: publicUrl,
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
    },
    isFallbackPublicClient: false,
    optionalClaims: {
      idToken: [{ name: 'sid' }, { name: 'login_hint' }, { name: 'auth_time' }, { name: 'acrs' }],
      accessToken: [{ name: 'xms_cc' }],
      saml2Token: [],
    },
    requiredResourceAccess: [
      {
        resourceAppId: GRAPH_APP_ID,
        resourceAccess: SIGN_IN_SCOPES.map((id) => ({ id, type: 'Scope' })),
      },
    ],
    keyCredentials: certificates.map(keyCredential),
    servicePrincipalLockConfiguration: LOCKED,
  }
}

function keyCredential(one: object): object {
  return { type: 'AsymmetricX509Cert', usage: 'Verify', ...one }
}

/** `guid()` of Bicep: a version 5 UUID (RFC 9562 section 5.5) of the parts. */
function templateGuid(...parts: readonly string[]): string {
  const named = createHash('sha1').update(Buffer.from(TEMPLATE_NAMESPACE, 'hex')).update(parts.join('-'))
  return uuidFrom(named.digest(), 5)
}

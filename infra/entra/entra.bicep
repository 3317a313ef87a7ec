metadata name = 'Signet: app registrations'
metadata description = 'The applications in Entra ID: one that signs people in, one for calls of the app itself, and a sample API. They are two clients on purpose: where application permissions sit on the client that people sign in with, whoever holds its credential needs no person at all. No client has a secret.'

// Deployed on its own after main.bicep, because it needs rights in the directory and not in the subscription, and
// because the certificates have to exist first. The compiler checks these resources against the types of the Graph
// extension. It cannot know what a tenant's policies refuse (self-made certificates, long validity, new consent),
// nor that an identity named as a federated credential exists: a wrong subject fails only at sign-in.

extension microsoftGraphV1

import { basePathIn, isBlank, originIn } from '../modules/reading.bicep'

@description('The public part of a certificate. A new one comes as the vault gives it; one that is registered goes back exactly as Graph showed it, for Entra takes no change of an entry that has an id.')
type certificate = {
  @description('Certificate in DER, base64.')
  key: string

  @description('Shown in the portal.')
  displayName: string?

  @description('GUID of an entry that is registered already. None for a new one, which Entra gives one.')
  keyId: string?

  @description('Thumbprint, of an entry that is registered already.')
  customKeyIdentifier: string?

  @description('ISO 8601; within the validity of the certificate.')
  startDateTime: string?

  @description('ISO 8601; within the validity of the certificate.')
  endDateTime: string?

  @description('Of an entry that is registered already.')
  type: string?

  @description('Of an entry that is registered already.')
  usage: string?
}

@description('Name of the environment, which makes the applications of several environments distinct.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Origin of the app: the setting PUBLIC_URL, or output SIGNET_APP_URL of main.bicep.')
param publicUrl string

@description('Path that all routes of the app lie below: the setting BASE_PATH.')
param basePath string = ''

@description('Every certificate of the sign-in application that is still to be accepted, the next one included. Entra replaces the whole list: what is missing here stops working, so there is no default.')
param signingCertificates certificate[]

@description('Every certificate of the app-only application, likewise.')
param appOnlyCertificates certificate[]

@description('Object id of the managed identity that stands in for a certificate (output SIGNET_IDENTITY_PRINCIPAL_ID of main.bicep); empty when certificates are used.')
param federatedPrincipalId string = ''

@description('Who may sign in: people of this tenant, or of any organisation (the app still lets in only the tenants it lists).')
@allowed(['AzureADMyOrg', 'AzureADMultipleOrgs'])
param signInAudience string = 'AzureADMyOrg'

@description('Let in only people and groups that were assigned to the application.')
param assignmentRequired bool = false

@description('Consent for the whole tenant to what sign-in and the own API ask for, so that nobody is asked. Needs an administrator.')
param grantTenantConsent bool = false

@description('What this deployment was made from, kept with it: whoever finds the same again need not deploy.')
param fingerprint string = ''

// As the app reads it: a redirect URI is compared letter by letter.
var origin = empty(originIn(publicUrl)) ? fail('publicUrl must be an https origin.') : originIn(publicUrl)
var base = isBlank(basePath) || !empty(basePathIn(basePath))
  ? '${origin}${basePathIn(basePath)}'
  : fail('basePath must be a path such as /api.')

// Delegated permissions of Microsoft Graph; their ids are the same in every tenant.
var graphAppId = '00000003-0000-0000-c000-000000000000'
var signInScopes = {
  openid: '37f7f235-527c-4136-accd-4a02d197296e'
  profile: '14dad69e-099b-42c9-810b-d002981feec1'
  offline_access: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182'
}

var federatedAudiences = {
  AzureCloud: 'api://AzureADTokenExchange'
  AzureUSGovernment: 'api://AzureADTokenExchangeUSGov'
  AzureChinaCloud: 'api://AzureADTokenExchangeChina'
}

// Credentials on a service principal would work as well as on its application, and be overlooked; no tenant may
// add any. Whether the application itself may get a secret is for the tenant's app management policy to say.
var locked = { isEnabled: true, allProperties: true }

// Stable ids, so that a redeploy updates and does not replace.
var asUser = {
  id: guid('signet', environmentName, 'access_as_user')
  value: 'access_as_user'
  type: 'User'
  isEnabled: true
  adminConsentDisplayName: 'Read who is calling'
  adminConsentDescription: 'Lets an app ask this API who the signed-in person is.'
  userConsentDisplayName: 'Read who you are'
  userConsentDescription: 'Lets an app ask this API who you are.'
}
var roleId = guid('signet', environmentName, 'Whoami.Read')

func keyCredential(one certificate) object => {
  type: 'AsymmetricX509Cert'
  usage: 'Verify'
  ...one
}

resource signIn 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'signet-${environmentName}'
  displayName: 'Signet (${environmentName})'
  description: 'Signs people in. Proves itself with a certificate whose key never leaves the vault.'
  signInAudience: signInAudience
  // Also an API: /protected/whoami takes tokens for this application.
  identifierUris: ['api://${tenant().tenantId}/signet-${environmentName}']
  api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [asUser] }
  web: {
    redirectUris: ['${base}/auth/callback', '${base}/auth/signed-out']
    logoutUrl: '${base}/auth/frontchannel-logout'
    homePageUrl: origin
    implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false }
  }
  isFallbackPublicClient: false
  optionalClaims: {
    // sid finds the session again at front-channel logout; login_hint spares the account picker at sign-out; auth_time and acrs show
    // whether a sign-in was as fresh and as strong as it was asked to be.
    idToken: [{ name: 'sid' }, { name: 'login_hint' }, { name: 'auth_time' }, { name: 'acrs' }]
    accessToken: [{ name: 'xms_cc' }]
    saml2Token: []
  }
  requiredResourceAccess: [
    {
      resourceAppId: graphAppId
      resourceAccess: map(items(signInScopes), scope => { id: scope.value, type: 'Scope' })
    }
  ]
  keyCredentials: [for one in signingCertificates: keyCredential(one)]
  servicePrincipalLockConfiguration: locked

  resource federation 'federatedIdentityCredentials' = if (!empty(federatedPrincipalId)) {
    name: '${signIn.uniqueName}/signet-managed-identity'
    description: 'The user-assigned managed identity of the function app.'
    issuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
    subject: federatedPrincipalId
    audiences: [federatedAudiences[?environment().name] ?? federatedAudiences.AzureCloud]
  }
}

resource signInPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: signIn.appId
  appRoleAssignmentRequired: assignmentRequired
}

// The app's own calls. No redirect URI, so nobody can sign in with it.
resource appOnly 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'signet-app-only-${environmentName}'
  displayName: 'Signet, own calls (${environmentName})'
  description: 'Calls APIs as the app itself. Apart from the client people sign in with, and with a certificate of its own.'
  signInAudience: 'AzureADMyOrg'
  isFallbackPublicClient: false
  keyCredentials: [for one in appOnlyCertificates: keyCredential(one)]
  servicePrincipalLockConfiguration: locked
}

// It gets the role of the sample API from a hook and not from here: an assignment that is deployed again is refused.
resource appOnlyPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: appOnly.appId
}

resource sampleApi 'Microsoft.Graph/applications@v1.0' = {
  uniqueName: 'signet-sample-api-${environmentName}'
  displayName: 'Signet, sample API (${environmentName})'
  description: 'An API to try things on, for a person or as the app itself. Meant to stand behind a certificate guard.'
  signInAudience: 'AzureADMyOrg'
  identifierUris: ['api://${tenant().tenantId}/signet-sample-api-${environmentName}']
  api: {
    requestedAccessTokenVersion: 2
    oauth2PermissionScopes: [asUser]
    // People of the sign-in application are not asked to consent to its own sample.
    preAuthorizedApplications: [{ appId: signIn.appId, delegatedPermissionIds: [asUser.id] }]
  }
  appRoles: [
    {
      id: roleId
      value: 'Whoami.Read'
      isEnabled: true
      allowedMemberTypes: ['Application']
      displayName: 'Read who is calling'
      description: 'Lets an app ask the sample API as itself, without a person.'
    }
  ]
  // Tells the API whether a client can handle a claims challenge.
  optionalClaims: {
    idToken: []
    accessToken: [{ name: 'xms_cc' }]
    saml2Token: []
  }
  servicePrincipalLockConfiguration: locked
}

resource sampleApiPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {
  appId: sampleApi.appId
}

// A deployment of its own, because it reads the principal of Microsoft Graph, and a pipeline that may register applications need
// not be allowed to: what is not deployed reads nothing.
module tenantConsent 'consent.bicep' = if (grantTenantConsent) {
  params: {
    clientPrincipalId: signInPrincipal.id
    resourceAppId: graphAppId
    scopes: objectKeys(signInScopes)
    ownScope: asUser.value
  }
}

@description('Setting ENTRA_CLIENT_ID: the client people sign in with.')
output ENTRA_CLIENT_ID string = signIn.appId

@description('Setting ENTRA_OBJECT_ID: that application in the directory, by which it proves that it may roll its own keys.')
output ENTRA_OBJECT_ID string = signIn.id

@description('Setting APP_ONLY_CLIENT_ID: the client of the app itself.')
output APP_ONLY_CLIENT_ID string = appOnly.appId

@description('Setting APP_ONLY_OBJECT_ID: the same for the app itself.')
output APP_ONLY_OBJECT_ID string = appOnly.id

@description('Client id of the sample API: the audience of its tokens.')
output SIGNET_SAMPLE_API_CLIENT_ID string = sampleApi.appId

@description('Scope to ask for when calling the sample API for a person.')
output SIGNET_SAMPLE_API_SCOPE string = '${sampleApi.identifierUris[0]}/${asUser.value}'

@description('What this deployment was made from.')
output fingerprint string = fingerprint

import { appUrls } from '../../../lib/config/urls.ts'
import {
  at,
  differences,
  listAt,
  ofType,
  type PredictedResource,
  type Prediction,
} from '../../support/prediction.ts'

const LOCKED = {
  'properties.servicePrincipalLockConfiguration.isEnabled': true,
  'properties.servicePrincipalLockConfiguration.allProperties': true,
  'properties.passwordCredentials': undefined,
} as const

/** The registrations fit the app's addresses, hold certificates only, and never pair both kinds of permission on one client. */
export function entraFindings(
  prediction: Prediction,
  publicUrl: string,
  routes: readonly string[],
): string[] {
  const applications = ofType(prediction, 'Microsoft.Graph/applications@v1.0')
  const named = (prefix: RegExp): PredictedResource | undefined =>
    applications.find((one) => prefix.test(String(at(one, 'properties.uniqueName'))))
  const signIn = named(/^signet-example$/)
  const appOnly = named(/^signet-app-only-/)
  if (signIn === undefined || appOnly === undefined) return ['an application is missing']
  return [
    ...applications.flatMap((one) => differences(one, LOCKED)),
    ...applications.flatMap(certificateFindings),
    ...signInFindings(signIn, publicUrl, routes),
    ...permissionFindings(prediction, signIn, appOnly),
    ...federationFindings(prediction),
  ]
}

function signInFindings(signIn: PredictedResource, publicUrl: string, routes: readonly string[]): string[] {
  const { redirectUri, signedOutUri } = appUrls(publicUrl)
  const redirects = listAt(signIn, 'properties.web.redirectUris')
  const logoutUrl = String(at(signIn, 'properties.web.logoutUrl'))
  const claims = (kind: string): unknown[] =>
    listAt(signIn, `properties.optionalClaims.${kind}`).map((one) => at(one, 'name'))
  return [
    ...(redirects.toString() === [redirectUri, signedOutUri].toString()
      ? []
      : [`redirect URIs are ${redirects}`]),
    ...(logoutUrl === `${publicUrl}/auth/frontchannel-logout` ? [] : [`the logout URL is ${logoutUrl}`]),
    ...[...redirects, logoutUrl]
      .filter((url) => !routes.includes(URL.parse(String(url))?.pathname ?? ''))
      .map((url) => `no route answers ${url}`),
    ...differences(signIn, {
      'properties.api.requestedAccessTokenVersion': 2,
      'properties.web.implicitGrantSettings.enableAccessTokenIssuance': false,
      'properties.web.implicitGrantSettings.enableIdTokenIssuance': false,
      'properties.isFallbackPublicClient': false,
    }),
    ...(claims('idToken').join() === 'sid,login_hint,auth_time,acrs' &&
    claims('accessToken').join() === 'xms_cc'
      ? []
      : [`optional claims are ${claims('idToken')}; ${claims('accessToken')}`]),
  ]
}

/** Only certificates, and only to verify with. */
function certificateFindings(application: PredictedResource): string[] {
  return listAt(application, 'properties.keyCredentials')
    .filter((one) => at(one, 'type') !== 'AsymmetricX509Cert' || at(one, 'usage') !== 'Verify')
    .map(
      (one) =>
        `${at(application, 'properties.uniqueName')} holds a credential that is no certificate: ${at(one, 'type')}`,
    )
}

/** The client people sign in with holds delegated permissions only; the client of the app itself cannot sign anybody in. */
function permissionFindings(
  prediction: Prediction,
  signIn: PredictedResource,
  appOnly: PredictedResource,
): string[] {
  const wanted = listAt(signIn, 'properties.requiredResourceAccess').flatMap((one) =>
    listAt(one, 'resourceAccess'),
  )
  const roles = ofType(prediction, 'Microsoft.Graph/appRoleAssignedTo@v1.0')
  return [
    ...wanted
      .filter((one) => at(one, 'type') !== 'Scope')
      .map(() => 'the sign-in application asks for an application permission'),
    ...roles.map(() => 'an app role is assigned by the template, which Graph refuses the second time'),
    ...(at(appOnly, 'properties.web') === undefined
      ? []
      : ['people can sign in with the app-only application']),
  ]
}

/** A federated credential without its issuer, subject or audience is accepted at deployment and fails at sign-in. */
function federationFindings(prediction: Prediction): string[] {
  return ofType(prediction, 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0').flatMap((one) =>
    ['issuer', 'subject', 'audiences']
      .filter((part) => at(one, `properties.${part}`) === undefined)
      .map((part) => `a federated credential has no ${part}`),
  )
}

/** What a prediction does not show: a template reads what it calls existing, and a pipeline may not read everything. */
export function entraTemplateFindings(template: string): string[] {
  const { resources } = JSON.parse(template) as {
    resources: Readonly<Record<string, { readonly existing?: boolean; readonly properties?: unknown }>>
  }
  return Object.entries(resources)
    .filter(([, { existing }]) => existing === true)
    .map(([name]) => `${name} is read with every deployment`)
}

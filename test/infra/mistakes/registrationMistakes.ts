import type { Mistake } from './mistake.ts'

/** Mistakes in the app registrations. */
export const REGISTRATION_MISTAKES: readonly Mistake[] = [
  {
    what: 'a redirect URI that the app does not use',
    file: 'entra/entra.bicep',
    right: '${base}/auth/callback',
    wrong: '${publicUrl}/signin-oidc',
    finding: /redirect URIs are .*signin-oidc/,
  },
  {
    what: 'a logout URL that nobody answers',
    file: 'entra/entra.bicep',
    right: '/auth/frontchannel-logout',
    wrong: '/auth/frontchannel',
    finding: /no route answers .*frontchannel/,
  },
  {
    what: 'an application permission on the client people sign in with',
    file: 'entra/entra.bicep',
    right: "type: 'Scope' }",
    wrong: "type: 'Role' }",
    finding: /asks for an application permission/,
  },
  {
    what: 'an app role that every deployment assigns anew',
    file: 'entra/entra.bicep',
    right:
      "resource sampleApiPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {\n  appId: sampleApi.appId\n}\n",
    wrong:
      "resource sampleApiPrincipal 'Microsoft.Graph/servicePrincipals@v1.0' = {\n  appId: sampleApi.appId\n}\n\nresource role 'Microsoft.Graph/appRoleAssignedTo@v1.0' = {\n  appRoleId: roleId\n  principalId: appOnlyPrincipal.id\n  resourceId: sampleApiPrincipal.id\n}\n",
    finding: /Graph refuses the second time/,
  },
  {
    what: 'a client with a password',
    file: 'entra/entra.bicep',
    right: '  isFallbackPublicClient: false\n  optionalClaims',
    wrong:
      "  isFallbackPublicClient: false\n  passwordCredentials: [{ displayName: 'spare' }]\n  optionalClaims",
    finding: /a client has a password/,
  },
  {
    what: 'a service principal that takes credentials',
    file: 'entra/entra.bicep',
    right: 'var locked = { isEnabled: true',
    wrong: 'var locked = { isEnabled: false',
    finding: /servicePrincipalLockConfiguration\.isEnabled is false/,
  },
  {
    what: 'a federated credential without a subject, as a spread that the compiler drops in silence',
    file: 'entra/entra.bicep',
    right: '    subject: federatedPrincipalId\n',
    wrong: '    ...{ subject: federatedPrincipalId }\n',
    finding: /a federated credential has no subject/,
  },
]

/** Mistakes that show in the template of the registrations and not in what it predicts. */
export const REGISTRATION_TEMPLATE_MISTAKES: readonly Mistake[] = [
  {
    what: 'a read of the directory that a pipeline may not make',
    file: 'entra/entra.bicep',
    right: 'resource sampleApiPrincipal',
    wrong:
      "resource graph 'Microsoft.Graph/servicePrincipals@v1.0' existing = {\n  appId: graphAppId\n}\n\n@description('Of Microsoft Graph.')\noutput graphPrincipal string = graph.id\n\nresource sampleApiPrincipal",
    finding: /graph is read with every deployment/,
  },
]

import type { Mistake } from './mistake.ts'

/** Mistakes in the app registrations. */
export const REGISTRATION_MISTAKES: readonly Mistake[] = [
  {
    what: 'a redirect URI that the app does not use',
    file: 'entra/entra.bicep',
    right: '${publicUrl}/auth/callback',
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
    what: 'an app role on the client people sign in with',
    file: 'entra/entra.bicep',
    right: 'principalId: appOnlyPrincipal.id',
    wrong: 'principalId: signInPrincipal.id',
    finding: /an app role goes to .*signInPrincipal/,
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

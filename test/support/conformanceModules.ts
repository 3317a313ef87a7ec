/**
 * The relying-party modules of the OpenID Foundation's conformance suite that concern a client like ours, by plan. One that does not
 * apply has its reason; every other one is a test that bears its name.
 */
type Module = string | { readonly name: string; readonly notApplicable: string }

const noUserInfo = 'UserInfo is never asked: who signed in comes from the ID token.'
const codeFlowOnly = 'Only in flows that send an ID token through the browser.'

const basic: readonly Module[] = [
  'oidcc-client-test',
  'oidcc-client-test-invalid-iss',
  'oidcc-client-test-missing-sub',
  'oidcc-client-test-invalid-aud',
  'oidcc-client-test-missing-iat',
  'oidcc-client-test-kid-absent-single-jwks',
  'oidcc-client-test-kid-absent-multiple-jwks',
  'oidcc-client-test-idtoken-sig-rs256',
  'oidcc-client-test-idtoken-sig-none',
  'oidcc-client-test-invalid-sig-rs256',
  { name: 'oidcc-client-test-userinfo-invalid-sub', notApplicable: noUserInfo },
  'oidcc-client-test-nonce-invalid',
  'oidcc-client-test-scope-userinfo-claims',
  {
    name: 'oidcc-client-test-client-secret-basic',
    notApplicable: 'There is no client secret; the client has its assertion and nothing else.',
  },
]

const config: readonly Module[] = [
  'oidcc-client-test-discovery-openid-config',
  'oidcc-client-test-discovery-jwks-uri-keys',
  'oidcc-client-test-discovery-issuer-mismatch',
  'oidcc-client-test-signing-key-rotation-just-before-signing',
  'oidcc-client-test-signing-key-rotation',
]

const logout: readonly Module[] = [
  'oidcc-client-test-rp-init-logout',
  'oidcc-client-test-rp-init-logout-other-state',
  'oidcc-client-test-rp-init-logout-no-state',
  'oidcc-client-test-rp-frontchannel-rpinitlogout',
  'oidcc-client-test-rp-frontchannel-opinitlogout',
]

const comprehensive: readonly Module[] = [
  'oidcc-client-test-form-post-error',
  'oidcc-client-test-missing-aud',
  'oidcc-client-test-invalid-sig-hs256',
  'oidcc-client-test-invalid-sig-es256',
  'oidcc-client-test-invalid-athash',
  'oidcc-client-test-missing-athash',
  { name: 'oidcc-client-test-invalid-chash', notApplicable: codeFlowOnly },
  { name: 'oidcc-client-test-missing-chash', notApplicable: codeFlowOnly },
  { name: 'oidcc-client-test-nonce-unless-code-flow', notApplicable: codeFlowOnly },
  { name: 'oidcc-client-test-userinfo-bearer-header', notApplicable: noUserInfo },
  { name: 'oidcc-client-test-userinfo-bearer-body', notApplicable: noUserInfo },
  { name: 'oidcc-client-test-userinfo-signed', notApplicable: noUserInfo },
]

const fapi = 'fapi2-security-profile-final-client-test'
const fapi2: readonly Module[] = [
  `${fapi}-ensure-authorization-response-with-invalid-state-fails`,
  `${fapi}-ensure-authorization-response-with-invalid-missing-state-fails`,
  `${fapi}-invalid-authorization-response-iss`,
  {
    name: `${fapi}-remove-authorization-response-iss`,
    notApplicable: 'Entra neither sends nor announces the parameter (RFC 9207 section 3).',
  },
  `${fapi}-invalid-secondary-aud`,
  `${fapi}-invalid-missing-nonce`,
  `${fapi}-invalid-missing-iss`,
  `${fapi}-invalid-missing-exp`,
  `${fapi}-invalid-expired-exp`,
  `${fapi}-invalid-null-alg`,
  `${fapi}-invalid-alternate-alg`,
  `${fapi}-valid-aud-as-array`,
  `${fapi}-token-endpoint-response-without-expires_in`,
  `${fapi}-token-type-case-insensitivity`,
]

export const conformanceModules: readonly Module[] = [
  ...basic,
  ...config,
  ...logout,
  ...comprehensive,
  ...fapi2,
]

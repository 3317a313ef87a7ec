/**
 * The suite's plans for relying parties and the modules in each, as of 2026-08-20 (openid-certification/conformance-suite, classes
 * `OIDCCClient*TestPlan` and `FAPI2SPFinalClientTestPlan`). Left out are plans of other response types (implicit, hybrid) and those
 * of national profiles.
 */
const oidc = (...names: readonly string[]): readonly string[] =>
  names.map((name) => ['oidcc-client-test', name].filter(Boolean).join('-'))

const fapi2 = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `fapi2-security-profile-final-client-${name}`)

const BASIC = oidc(
  '',
  'invalid-iss',
  'missing-sub',
  'invalid-aud',
  'missing-iat',
  'kid-absent-single-jwks',
  'kid-absent-multiple-jwks',
  'idtoken-sig-rs256',
  'idtoken-sig-none',
  'invalid-sig-rs256',
  'userinfo-invalid-sub',
  'nonce-invalid',
  'scope-userinfo-claims',
  'client-secret-basic',
)

const CONFIG = oidc(
  'discovery-openid-config',
  'discovery-jwks-uri-keys',
  'discovery-issuer-mismatch',
  'idtoken-sig-none',
  'signing-key-rotation-just-before-signing',
  'signing-key-rotation',
)

const REGISTRATION_AND_REQUESTS = oidc(
  'discovery-webfinger-acct',
  'discovery-webfinger-url',
  'dynamic-registration',
  'request-uri-signed-rs256',
  'request-uri-signed-none',
  'userinfo-signed',
)

const RP_LOGOUT = oidc('rp-init-logout', 'rp-init-logout-other-state', 'rp-init-logout-no-state')

const BACK_CHANNEL = oidc(
  'rp-backchannel-rpinitlogout',
  'rp-backchannel-rpinitlogout-alg-none',
  'rp-backchannel-rpinitlogout-no-event',
  'rp-backchannel-rpinitlogout-with-nonce',
  'rp-backchannel-rpinitlogout-wrong-alg',
  'rp-backchannel-rpinitlogout-wrong-aud',
  'rp-backchannel-rpinitlogout-wrong-event',
  'rp-backchannel-rpinitlogout-wrong-iss',
)

export interface Plan {
  /** As the suite calls it. */
  readonly name: string
  /** As the table in the documentation calls it. */
  readonly short: string
  readonly modules: readonly string[]
}

export const PLANS: readonly Plan[] = [
  { name: 'oidcc-client-basic-certification-test-plan', short: 'Basic', modules: BASIC },
  { name: 'oidcc-client-formpost-basic-certification-test-plan', short: 'Form Post', modules: BASIC },
  { name: 'oidcc-client-config-certification-test-plan', short: 'Config', modules: CONFIG },
  {
    name: 'oidcc-client-dynamic-certification-test-plan',
    short: 'Dynamic',
    modules: [...REGISTRATION_AND_REQUESTS, ...CONFIG],
  },
  { name: 'oidcc-client-rp-initiated-logout-rp-basic', short: 'RP-Initiated', modules: RP_LOGOUT },
  {
    name: 'oidcc-client-front-channel-logout-rp-basic',
    short: 'Front-Channel',
    modules: oidc('rp-frontchannel-rpinitlogout'),
  },
  { name: 'oidcc-client-back-channel-logout-rp-basic', short: 'Back-Channel', modules: BACK_CHANNEL },
  {
    name: 'oidcc-client-rp-session-management-rp-basic',
    short: 'Session',
    modules: oidc('session-management'),
  },
  {
    name: 'oidcc-client-logout-test-plan',
    short: 'Logout',
    modules: [
      ...oidc('session-management', 'rp-frontchannel-rpinitlogout', 'rp-frontchannel-opinitlogout'),
      ...RP_LOGOUT,
      ...BACK_CHANNEL,
    ],
  },
  {
    name: 'oidcc-client-refreshtoken-test-plan',
    short: 'Refresh',
    modules: oidc('refresh-token', 'refresh-token-invalid-issuer', 'refresh-token-invalid-sub'),
  },
  {
    name: 'oidcc-client-test-3rd-party-init-login-test-plan',
    short: '3rd Party-Init',
    modules: oidc('3rd-party-init-login'),
  },
  {
    name: 'oidcc-client-test-plan',
    short: 'Comprehensive',
    modules: [
      ...BASIC,
      ...CONFIG.filter((name) => !BASIC.includes(name)),
      ...REGISTRATION_AND_REQUESTS,
      ...oidc(
        'missing-aud',
        'userinfo-bearer-header',
        'userinfo-bearer-body',
        'nonce-unless-code-flow',
        'missing-chash',
        'invalid-chash',
        'invalid-athash',
        'missing-athash',
        'form-post-error',
        'invalid-sig-hs256',
        'invalid-sig-es256',
        'aggregated-claims',
        'distributed-claims',
        'mtls-endpoint-aliases',
      ),
    ],
  },
  {
    name: 'fapi2-security-profile-final-client-test-plan',
    short: 'FAPI 2.0',
    modules: fapi2(
      'test-happy-path',
      'test-happy-path-no-dpop-nonce',
      'test-discovery-issuer-mismatch',
      'test-invalid-iss',
      'test-invalid-aud',
      'test-invalid-secondary-aud',
      'test-invalid-null-alg',
      'test-invalid-alternate-alg',
      'test-invalid-expired-exp',
      'test-invalid-missing-exp',
      'test-invalid-missing-aud',
      'test-invalid-missing-iss',
      'test-valid-aud-as-array',
      'test-invalid-nonce',
      'test-invalid-missing-nonce',
      'test-invalid-authorization-response-iss',
      'test-remove-authorization-response-iss',
      'test-ensure-authorization-response-with-invalid-state-fails',
      'test-ensure-authorization-response-with-invalid-missing-state-fails',
      'test-token-endpoint-response-without-expires_in',
      'test-token-type-case-insensitivity',
      'test-rs-dpop-auth-scheme-case-insensitivity',
      'test-invalid-openbanking-intent-id',
      'refresh-token-test',
    ),
  },
]

/** Every module of every plan, once, in order of appearance. */
export const MODULE_NAMES: readonly string[] = [...new Set(PLANS.flatMap(({ modules }) => modules))]

/** The plans that a module is part of, by their short names. */
export function plansOf(name: string): readonly string[] {
  return PLANS.filter(({ modules }) => modules.includes(name)).map(({ short }) => short)
}

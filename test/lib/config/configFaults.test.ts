import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SETTINGS } from '../../../lib/config/settings.ts'
import { anyText } from '../../support/anyText.ts'
import { CLIENT, configOf, NEEDED, type Settings, TENANT } from '../../support/configOf.ts'
import { faultsOf, faultsWith } from '../../support/faultsOf.ts'

const NAMES = SETTINGS.map(({ name }) => name)

/** A usable value for each setting that need not be set. */
const EXAMPLES: Settings & Record<(typeof NAMES)[number], string> = {
  ...NEEDED,
  ENTRA_TENANT_ID: 'organizations',
  ENTRA_AUTHORITY_HOST: 'https://login.example',
  ENTRA_ISSUER: 'https://login.example/{tenantid}/v2.0',
  ENTRA_ALLOWED_TENANTS: TENANT,
  ENTRA_SCOPES: 'openid profile',
  SIGN_IN_ROLES: 'Staff',
  BASE_PATH: '/api',
  ENTRA_OBJECT_ID: 'dddddddd-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  GRAPH_URL: 'https://graph.example',
  CREDENTIAL: 'vault,managed-identity,tpm,pem',
  SIGNING_CERTIFICATE: 'signing',
  AZURE_CLIENT_ID: CLIENT,
  TPM_CERTIFICATE: '/etc/signet/certificate.pem',
  TPM_HANDLE: '0x81010001',
  TPM_TCTI: 'device:/dev/tpmrm0',
  TPM_AUTH_FILE: '/run/credentials/signet/auth',
  TPM_PCRS: 'sha256:7',
  PEM_FILE: '/home/ada/signet.pem',
  ASSERTION_PROFILE: 'entra',
  ASSERTION_LIFETIME_SEC: '540',
  SESSION_IDLE_MINUTES: '60',
  SESSION_ABSOLUTE_MINUTES: '480',
  SESSION_DEVICE_BINDING: 'offer',
  ROTATION: 'register',
  APP_ONLY_CLIENT_ID: 'cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  APP_ONLY_TENANT_ID: TENANT,
  APP_ONLY_OBJECT_ID: 'eeeeeeee-bbbb-4ccc-8ddd-eeeeeeeeeeee',
  APP_ONLY_CERTIFICATE: 'app-only',
  DOWNSTREAM_APIS: '{}',
  FRONT_END_URL: 'https://frontend.example',
  FRONT_END_FALLBACK: '/app.html',
  FRONT_END_CSP: "default-src 'self'",
  FRONT_END_MAX_BYTES: '1000',
  FRONT_END_SIGN_IN: 'required',
  FRONT_END_OPEN_PATHS: '/welcome',
  HELP_URL: 'https://help.example/{code}',
}

const HELP_FORM = 'HELP_URL must be an https URL, with {code} and {correlationId} behind its host if anywhere'

describe('faults of the settings', () => {
  it('are reported all together, each by the name of its setting', () => {
    expect(faultsOf({})).toEqual([
      'ENTRA_TENANT_ID is not set',
      'PUBLIC_URL is not set',
      'ENTRA_CLIENT_ID is not set',
      'KEY_VAULT_URL is not set',
      'SESSION_TABLES_URL is not set',
    ])
  })

  it.each<[Settings, string]>([
    [
      { ENTRA_TENANT_ID: 'contoso.onmicrosoft.com' },
      'ENTRA_TENANT_ID must be a tenant GUID or organizations',
    ],
    [{ ENTRA_TENANT_ID: 'constructor' }, 'ENTRA_TENANT_ID must be a tenant GUID or organizations'],
    [{ ENTRA_TENANT_ID: '__proto__' }, 'ENTRA_TENANT_ID must be a tenant GUID or organizations'],
    [{ ENTRA_CLIENT_ID: 'signet' }, 'ENTRA_CLIENT_ID must be a GUID'],
    [{ ENTRA_OBJECT_ID: 'signet' }, 'ENTRA_OBJECT_ID must be a GUID'],
    [{ GRAPH_URL: 'https://graph.example/v1.0' }, 'GRAPH_URL must be an origin, without a path'],
    [{ GRAPH_URL: 'http://graph.example' }, 'GRAPH_URL must use https (http is for loopback hosts only)'],
    [{ ENTRA_CLIENT_ID: `{${CLIENT}}` }, 'ENTRA_CLIENT_ID must be a GUID'],
    [{ ENTRA_AUTHORITY_HOST: 'login.example' }, 'ENTRA_AUTHORITY_HOST must be an https URL'],
    [
      { ENTRA_AUTHORITY_HOST: 'https://login.example/tenant' },
      'ENTRA_AUTHORITY_HOST must be an origin, without a path',
    ],
    [
      { ENTRA_AUTHORITY_HOST: 'http://login.example' },
      'ENTRA_AUTHORITY_HOST must use https (http is for loopback hosts only)',
    ],
    [{ ENTRA_ALLOWED_TENANTS: TENANT }, 'ENTRA_ALLOWED_TENANTS only goes with ENTRA_TENANT_ID=organizations'],
    [{ SESSION_DEVICE_BINDING: 'on' }, 'SESSION_DEVICE_BINDING must be one of offer, off, require'],
    [{ ROTATION: 'yes' }, 'ROTATION must be one of register, auto, manual'],
    [{ HELP_URL: 'help.example' }, HELP_FORM],
    [{ HELP_URL: 'https://{code}.help.example/' }, HELP_FORM],
    [{ HELP_URL: 'https://help.example/{person}' }, HELP_FORM],
    [{ HELP_URL: 'https://help.example/{code' }, HELP_FORM],
    [{ HELP_URL: 'javascript:alert(1)' }, HELP_FORM],
    [{ HELP_URL: 'https://help.example/\\{code}' }, HELP_FORM],
    [{ HELP_URL: 'http://help.example/' }, 'HELP_URL must use https (http is for loopback hosts only)'],
    [{ HELP_URL: 'https://ada@help.example/' }, 'HELP_URL must not carry credentials, a query or a fragment'],
    [{ ENTRA_SCOPES: 'profile' }, 'ENTRA_SCOPES must contain openid, or there is no sign-in'],
    [{ ENTRA_SCOPES: 'openid' }, 'ENTRA_SCOPES must contain profile, or nothing says who signed in (oid)'],
    [
      { ENTRA_SCOPES: 'openid profile "x"' },
      'ENTRA_SCOPES holds a character that RFC 6749 section 3.3 does not allow',
    ],
    [{ PUBLIC_URL: 'https://app.example/base' }, 'PUBLIC_URL must be an origin, without a path'],
    [{ PUBLIC_URL: 'ftp://app.example' }, 'PUBLIC_URL must be an https URL'],
    [
      { PUBLIC_URL: 'https://user@app.example' },
      'PUBLIC_URL must not carry credentials, a query or a fragment',
    ],
    [
      { PUBLIC_URL: 'https://app.example?x=1' },
      'PUBLIC_URL must not carry credentials, a query or a fragment',
    ],
    [{ PUBLIC_URL: 'https://app.example#x' }, 'PUBLIC_URL must not carry credentials, a query or a fragment'],
    [{ KEY_VAULT_URL: '' }, 'KEY_VAULT_URL is not set'],
    [{ KEY_VAULT_URL: 'https://vault.example/keys' }, 'KEY_VAULT_URL must be an origin, without a path'],
    [{ AZURE_CLIENT_ID: 'mine' }, 'AZURE_CLIENT_ID must be a GUID'],
    [
      { SESSION_TABLES_URL: 'https://tables.example?sv=2020&sig=abc' },
      'SESSION_TABLES_URL must not carry credentials, a query or a fragment',
    ],
    [
      { SESSION_IDLE_MINUTES: '120', SESSION_ABSOLUTE_MINUTES: '60' },
      'SESSION_IDLE_MINUTES must not be longer than SESSION_ABSOLUTE_MINUTES',
    ],
  ])('%o is refused', (settings, fault) => {
    expect(faultsWith(settings)).toEqual([fault])
  })

  it.each(['common', 'consumers', 'Common', ' CONSUMERS '])('%s is refused, and says why', (tenant) => {
    expect(faultsWith({ ENTRA_TENANT_ID: tenant })).toEqual([
      expect.stringMatching(/^ENTRA_TENANT_ID must name one tenant: (common|consumers) .{20,}/),
    ])
  })

  it.each(['a/b', 'signing/latest', `signing/${'0'.repeat(31)}`, `signing/${'0'.repeat(32)}/x`, 'a_b', '/'])(
    'the certificate %s is refused',
    (name) => {
      expect(faultsWith({ SIGNING_CERTIFICATE: name })).toEqual([
        'SIGNING_CERTIFICATE must be a certificate name, or name/version with the 32 hex digits of a version',
      ])
    },
  )

  it.each<[keyof Settings, number, number]>([
    ['SESSION_IDLE_MINUTES', 5, 1_440],
    ['SESSION_ABSOLUTE_MINUTES', 10, 10_080],
  ])('%s is a whole number from %i to %i', (name, least, most) => {
    const withNumber = (value: string) =>
      faultsWith({ SESSION_IDLE_MINUTES: '5', SESSION_ABSOLUTE_MINUTES: '10080', [name]: value })
    const refused = [`${name} must be a whole number from ${least} to ${most}`]

    expect(withNumber(String(least))).toEqual([])
    expect(withNumber(String(most))).toEqual([])
    for (const wrong of [least - 1, most + 1, '-5', '7.5', '1e2', '0x40', 'ten', 'Infinity', '1 0'])
      expect(withNumber(String(wrong))).toEqual(expect.arrayContaining(refused))
  })

  it.each(['\u00a0', '\ufeff', '\u200b', '\u3000'])(
    'name a character that nobody sees (%j) once, in whichever setting it was pasted',
    (character) => {
      const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
      for (const name of NAMES) {
        const own = { ...EXAMPLES, [name]: `${EXAMPLES[name]}${character}` }
        expect(faultsOf(own).filter((fault) => fault.startsWith(`${name} `))).toEqual([
          `${name} holds a character that cannot be seen (U+${number}): delete the value and type it anew`,
        ])
      }
    },
  )

  it.each(['０６０', '6０', '0x3c', '6e1', '60.0', '+60', '٦٠', '60 minutes'])(
    'come where a number is written as %s',
    (value) => {
      expect(faultsWith({ SESSION_IDLE_MINUTES: value })).toEqual([
        'SESSION_IDLE_MINUTES must be a whole number from 5 to 1440',
      ])
    },
  )

  it('never repeat a value', () => {
    const marker = 'q7w0e3r9t2'
    const value = fc
      .tuple(fc.constantFrom('', 'https://', 'http://', 'openid ', 'x/', '5'), fc.string({ maxLength: 12 }))
      .map(([head, tail]) => `${head}${marker}${tail}`)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), value), (env) => {
        const all = faultsOf(env)
        expect(all.join('; ')).not.toContain(marker)
        for (const fault of all) expect(NAMES).toContain(fault.split(' ', 1)[0])
      }),
      { numRuns: 400 },
    )
  })

  it('are the only thing that reading settings throws', () => {
    const url = fc
      .tuple(
        fc.constantFrom('https://', 'http://', 'ftp:', 'https:/', ''),
        fc.constantFrom(
          'app.example',
          'user@app.example',
          'constructor',
          '__proto__',
          '[::1]',
          '[',
          'h:99999',
          '',
        ),
        fc.constantFrom('', '/', '/path', '?query', '#fragment', '\\', '/../', '%'),
      )
      .map((parts) => parts.join(''))
    const value = fc.oneof(
      anyText(),
      url,
      fc.constantFrom('organizations', 'constructor', 'managed-identity', 'openid'),
      fc.uuid(),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), value), (env) => {
        expect(faultsOf(env)).toBeInstanceOf(Array)
      }),
      { numRuns: 400 },
    )
  })
})

describe('http', () => {
  it.each(['http://localhost:7071', 'http://127.0.0.1:7071', 'http://[::1]:7071'])(
    'is allowed for %s',
    (url) => {
      expect(configOf({ PUBLIC_URL: url }).app.redirectUri).toBe(`${url}/auth/callback`)
    },
  )

  it.each([
    'http://app.example',
    'http://localhost.example',
    'http://127.0.0.2',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::2]',
  ])('is refused for %s, wherever it stands', (url) => {
    for (const name of ['PUBLIC_URL', 'KEY_VAULT_URL', 'SESSION_TABLES_URL', 'ENTRA_AUTHORITY_HOST'] as const)
      expect(faultsWith({ [name]: url })).toEqual([
        `${name} must use https (http is for loopback hosts only)`,
      ])
  })

  it('may carry a path to a table emulator, without its last slash', () => {
    const { tablesUrl } = configOf({ SESSION_TABLES_URL: 'http://127.0.0.1:10002/account/' }).sessions

    expect(tablesUrl).toBe('http://127.0.0.1:10002/account')
  })
})

describe('settings of the front end and the base path', () => {
  const URL_OF_IT = { FRONT_END_URL: 'https://files.example' }

  it.each<[Settings, string]>([
    [{ FRONT_END_URL: 'http://files.example' }, 'FRONT_END_URL must use https'],
    [{ FRONT_END_URL: 'https://app.example/static' }, 'FRONT_END_URL must not be at PUBLIC_URL'],
    [{ ...URL_OF_IT, FRONT_END_FALLBACK: 'index.html' }, 'FRONT_END_FALLBACK must be a path'],
    [{ ...URL_OF_IT, FRONT_END_FALLBACK: '/a/../b' }, 'FRONT_END_FALLBACK must be a path'],
    [{ ...URL_OF_IT, FRONT_END_CSP: 'default-src\n*' }, 'FRONT_END_CSP '],
    [{ ...URL_OF_IT, FRONT_END_MAX_BYTES: '52428801' }, 'FRONT_END_MAX_BYTES must be'],
    [{ FRONT_END_SIGN_IN: 'required' }, 'FRONT_END_SIGN_IN only goes with FRONT_END_URL'],
    [{ ...URL_OF_IT, FRONT_END_SIGN_IN: 'yes' }, 'FRONT_END_SIGN_IN must be one of'],
    [{ ...URL_OF_IT, FRONT_END_OPEN_PATHS: '/a' }, 'FRONT_END_OPEN_PATHS only goes with'],
    [
      { ...URL_OF_IT, FRONT_END_SIGN_IN: 'required', FRONT_END_OPEN_PATHS: '/a,b' },
      'FRONT_END_OPEN_PATHS must hold paths',
    ],
    [{ BASE_PATH: '/api/' }, 'BASE_PATH must be a path'],
    [{ BASE_PATH: '/' }, 'BASE_PATH must be a path'],
    [{ BASE_PATH: '/Api' }, 'BASE_PATH must be a path'],
    [{ BASE_PATH: '/administration' }, 'BASE_PATH must be a path'],
    [{ BASE_PATH: '/a b' }, 'BASE_PATH must be a path'],
  ])('%j is a fault', (settings, fault) => {
    expect(faultsOf({ ...NEEDED, ...settings }).join('\n')).toContain(fault)
  })

  it('are read as they are meant', () => {
    const { frontEnd, app } = configOf({
      FRONT_END_URL: 'HTTPS://Files.example/app/',
      FRONT_END_FALLBACK: 'none',
      FRONT_END_SIGN_IN: 'required',
      FRONT_END_OPEN_PATHS: '/, /welcome',
      BASE_PATH: '/api/v1',
    })
    expect(frontEnd).toMatchObject({ url: 'https://files.example/app', openPaths: ['/', '/welcome'] })
    expect(frontEnd?.fallback).toBeUndefined()
    expect([app.base, app.redirectUri]).toEqual([
      'https://app.example/api/v1',
      'https://app.example/api/v1/auth/callback',
    ])
    expect(configOf().frontEnd).toBeUndefined()
  })
})

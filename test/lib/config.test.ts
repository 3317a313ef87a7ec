import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig, SETTINGS } from '../../lib/config.ts'
import { AppError } from '../../lib/errors.ts'
import { anyText } from '../support/anyText.ts'
import { CLIENT, configOf, NEEDED, OTHER_TENANT, type Settings, TENANT } from '../support/configOf.ts'

const OTHER_CLIENT = 'cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const NAMES = SETTINGS.map(({ name }) => name)

/** What is wrong with an environment, fault by fault. */
function faults(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (fault) {
    if (!(fault instanceof AppError) || fault.code !== 'config/invalid') throw fault
    return (fault.context.detail ?? '').split('; ')
  }
}

const faultsWith = (settings: Settings): readonly string[] => faults({ ...NEEDED, ...settings })

describe('readConfig', () => {
  it('derives every URL from the settings alone', async () => {
    await expect(`${JSON.stringify(configOf(), null, 2)}\n`).toMatchFileSnapshot('../golden/config.json')
  })

  it('is frozen to its last leaf', () => {
    const unfrozen: string[] = []
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) return
      if (!Object.isFrozen(value)) unfrozen.push(path)
      for (const [name, inner] of Object.entries(value)) walk(inner, `${path}.${name}`)
    }
    walk(configOf(), 'config')

    expect(unfrozen).toEqual([])
  })

  it('reads the settings it lists and nothing else', () => {
    const read = new Set<string>()
    const spied = (settings: Settings) =>
      new Proxy<Record<string, string>>(settings, {
        get: (target, name) => {
          read.add(String(name))
          return target[String(name)]
        },
      })
    readConfig(spied({ ...NEEDED, APP_ONLY_CLIENT_ID: OTHER_CLIENT }))
    readConfig(spied({ ...NEEDED, CREDENTIAL: 'managed-identity', AZURE_CLIENT_ID: CLIENT }))

    expect([...read].sort()).toEqual([...NAMES].sort())
  })

  it('documents each setting once, and its default where it has one', () => {
    expect(new Set(NAMES).size).toBe(NAMES.length)
    for (const { required, defaultValue, meaning } of SETTINGS) {
      expect(meaning).not.toBe('')
      if (required === 'yes') expect(defaultValue).toBe('')
    }
  })

  it('takes blanks for absence and trims what is pasted', () => {
    const config = configOf({ PUBLIC_URL: ' https://app.example/ \n', CREDENTIAL: '  ', ENTRA_SCOPES: '' })

    expect(config.app.origin).toBe('https://app.example')
    expect(config.credential.kind).toBe('vault')
    expect(config.scopes).toEqual(['openid', 'profile', 'offline_access'])
  })

  it('lowers GUIDs, so that they can be compared', () => {
    const config = configOf({ ENTRA_TENANT_ID: TENANT.toUpperCase(), ENTRA_CLIENT_ID: CLIENT.toUpperCase() })

    expect(config.allowedTenants).toEqual([TENANT])
    expect(config.clientId).toBe(CLIENT)
  })
})

describe('faults of the settings', () => {
  it('are reported all together, each by the name of its setting', () => {
    expect(faults({})).toEqual([
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
    [{ ENTRA_SCOPES: 'profile' }, 'ENTRA_SCOPES must contain openid, or there is no sign-in'],
    [
      { ENTRA_SCOPES: 'openid "x"' },
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
    [{ CREDENTIAL: 'secret' }, 'CREDENTIAL must be one of vault, managed-identity'],
    [{ CREDENTIAL: 'Vault' }, 'CREDENTIAL must be one of vault, managed-identity'],
    [{ CREDENTIAL: 'managed-identity' }, 'AZURE_CLIENT_ID is not set'],
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

  it('never repeat a value', () => {
    const marker = 'q7w0e3r9t2'
    const value = fc
      .tuple(fc.constantFrom('', 'https://', 'http://', 'openid ', 'x/', '5'), fc.string({ maxLength: 12 }))
      .map(([head, tail]) => `${head}${marker}${tail}`)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), value), (env) => {
        const all = faults(env)
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
        expect(faults(env)).toBeInstanceOf(Array)
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

describe('organizations', () => {
  it('needs the list of tenants that may sign in', () => {
    expect(faultsWith({ ENTRA_TENANT_ID: 'organizations' })).toEqual([
      'ENTRA_ALLOWED_TENANTS must list the tenants that may sign in when ENTRA_TENANT_ID is organizations',
    ])
  })

  it('gives an issuer template and admits the listed tenants only', () => {
    const config = configOf({
      ENTRA_TENANT_ID: 'organizations',
      ENTRA_ALLOWED_TENANTS: `${TENANT}, ${OTHER_TENANT.toUpperCase()}`,
    })

    expect(config.allowedTenants).toEqual([TENANT, OTHER_TENANT])
    expect(config.entra.issuerTemplate).toBe('https://login.microsoftonline.com/{tenantid}/v2.0')
    expect(config.entra.token).toBe('https://login.microsoftonline.com/organizations/oauth2/v2.0/token')
  })

  it('reports a tenant that is no GUID', () => {
    const settings = { ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: `${TENANT},contoso.com` }

    expect(faultsWith(settings)).toEqual(['ENTRA_ALLOWED_TENANTS must be a GUID'])
  })
})

describe('clouds', () => {
  it.each([
    ['https://login.microsoftonline.com', 'api://AzureADTokenExchange'],
    ['https://login.microsoftonline.us', 'api://AzureADTokenExchangeUSGov'],
    ['https://login.partner.microsoftonline.cn', 'api://AzureADTokenExchangeChina'],
  ])('%s has endpoints and an exchange audience of its own', (host, audience) => {
    const { entra, credential } = configOf({
      ENTRA_AUTHORITY_HOST: host,
      CREDENTIAL: 'managed-identity',
      AZURE_CLIENT_ID: CLIENT,
    })

    expect(credential).toEqual({ kind: 'managed-identity', clientId: CLIENT, audience })
    expect(entra.issuerTemplate).toBe(`${host}/${TENANT}/v2.0`)
    for (const url of [entra.metadata, entra.authorization, entra.token, entra.endSession])
      expect(url.startsWith(`${host}/${TENANT}/`)).toBe(true)
  })

  it('takes no audience from the names that every object has', () => {
    const { credential } = configOf({
      ENTRA_AUTHORITY_HOST: 'https://constructor',
      CREDENTIAL: 'managed-identity',
      AZURE_CLIENT_ID: CLIENT,
    })

    expect(credential).toMatchObject({ audience: 'api://AzureADTokenExchange' })
  })

  it('of External ID issue from a host named after the tenant id', () => {
    const { entra } = configOf({ ENTRA_AUTHORITY_HOST: 'https://contoso.ciamlogin.com' })

    expect(entra.issuerTemplate).toBe(`https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`)
    expect(entra.token).toBe(`https://contoso.ciamlogin.com/${TENANT}/oauth2/v2.0/token`)
  })

  it('of External ID are one tenant each', () => {
    const settings = {
      ENTRA_AUTHORITY_HOST: 'https://contoso.ciamlogin.com',
      ENTRA_TENANT_ID: 'organizations',
      ENTRA_ALLOWED_TENANTS: TENANT,
    }

    expect(faultsWith(settings)).toEqual([
      'ENTRA_TENANT_ID must be a tenant GUID: External ID has one tenant',
    ])
  })

  it.each(['https://ciamlogin.com.evil.example', 'https://evilciamlogin.com'])(
    'are told by their whole host name: %s is not External ID',
    (host) => {
      expect(configOf({ ENTRA_AUTHORITY_HOST: host }).entra.issuerTemplate).toBe(`${host}/${TENANT}/v2.0`)
    },
  )
})

describe('the credential', () => {
  it('is the newest settled version of the certificate, unless one is pinned', () => {
    const version = '0123456789abcdef0123456789abcdef'

    expect(configOf().credential).toEqual({
      kind: 'vault',
      vault: { url: 'https://vault.example', certificate: 'signet-signing' },
    })
    expect(configOf({ SIGNING_CERTIFICATE: `mine/${version}` }).credential).toEqual({
      kind: 'vault',
      vault: { url: 'https://vault.example', certificate: 'mine', certificateVersion: version },
    })
  })

  it('as a managed identity needs no vault', () => {
    const { KEY_VAULT_URL: _none, ...rest } = NEEDED

    expect(faults({ ...rest, CREDENTIAL: 'managed-identity', AZURE_CLIENT_ID: CLIENT })).toEqual([])
  })

  it('as a vault may be reached by a user-assigned identity', () => {
    expect(configOf({ AZURE_CLIENT_ID: CLIENT }).managedIdentityClientId).toBe(CLIENT)
    expect(configOf()).not.toHaveProperty('managedIdentityClientId')
  })
})

describe('the app-only client', () => {
  it('is there only where its id is set, with a certificate of its own in the same vault', () => {
    expect(configOf()).not.toHaveProperty('appOnly')
    expect(configOf({ APP_ONLY_CLIENT_ID: OTHER_CLIENT }).appOnly).toEqual({
      clientId: OTHER_CLIENT,
      vault: { url: 'https://vault.example', certificate: 'signet-app-only' },
    })
  })

  it.each<[Settings, string]>([
    [{ APP_ONLY_CLIENT_ID: CLIENT }, 'APP_ONLY_CLIENT_ID must not be ENTRA_CLIENT_ID'],
    [{ APP_ONLY_CLIENT_ID: CLIENT.toUpperCase() }, 'APP_ONLY_CLIENT_ID must not be ENTRA_CLIENT_ID'],
    [
      { APP_ONLY_CLIENT_ID: OTHER_CLIENT, APP_ONLY_CERTIFICATE: 'signet-signing' },
      'APP_ONLY_CERTIFICATE must not be SIGNING_CERTIFICATE',
    ],
    [
      { APP_ONLY_CLIENT_ID: OTHER_CLIENT, APP_ONLY_CERTIFICATE: `Signet-Signing/${'0'.repeat(32)}` },
      'APP_ONLY_CERTIFICATE must not be SIGNING_CERTIFICATE',
    ],
    [{ APP_ONLY_CLIENT_ID: 'mine' }, 'APP_ONLY_CLIENT_ID must be a GUID'],
  ])('shares neither id nor key with sign-in: %o is refused', (settings, fault) => {
    expect(faultsWith(settings)).toEqual([expect.stringContaining(fault)])
  })
})

import { describe, expect, it } from 'vitest'
import { readConfig, readSettings } from '../../../lib/config/config.ts'
import { AZURE_VARIABLES } from '../../../lib/config/credentials.ts'
import { SETTINGS } from '../../../lib/config/settings.ts'
import { CLIENT, configOf, NEEDED, OTHER_TENANT, type Settings, TENANT } from '../../support/configOf.ts'
import { faultsOf, faultsWith } from '../../support/faultsOf.ts'

const OTHER_CLIENT = 'cccccccc-bbbb-4ccc-8ddd-eeeeeeeeeeee'
const NAMES = SETTINGS.map(({ name }) => name)

describe('readConfig', () => {
  it('derives every URL from the settings alone', async () => {
    await expect(`${JSON.stringify(configOf(), null, 2)}\n`).toMatchFileSnapshot('../../golden/config.json')
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
    readConfig(spied({ ...NEEDED, CREDENTIAL: 'tpm', TPM_CERTIFICATE: '/etc/signet/certificate.pem' }))
    expect([...read].sort()).toEqual(NAMES.filter((name) => name !== 'PEM_FILE').sort())

    // Whether this is Azure counts for nothing but a key in a file.
    const local = { PUBLIC_URL: 'http://localhost:7071', CREDENTIAL: 'pem', PEM_FILE: '/tmp/signet.pem' }
    readConfig(spied({ ...NEEDED, ...local }))
    expect([...read].sort()).toEqual([...NAMES, ...AZURE_VARIABLES].sort())
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
    expect(config.credentials.map(({ kind }) => kind)).toEqual(['vault'])
    expect(config.scopes).toEqual(['openid', 'profile'])
  })

  it('lowers GUIDs, so that they can be compared', () => {
    const config = configOf({ ENTRA_TENANT_ID: TENANT.toUpperCase(), ENTRA_CLIENT_ID: CLIENT.toUpperCase() })

    expect(config.allowedTenants).toEqual([TENANT])
    expect(config.clientId).toBe(CLIENT)
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
    const { entra, credentials } = configOf({
      ENTRA_AUTHORITY_HOST: host,
      CREDENTIAL: 'managed-identity',
      AZURE_CLIENT_ID: CLIENT,
    })

    expect(credentials).toEqual([{ kind: 'managed-identity', clientId: CLIENT, audience }])
    expect(entra.issuerTemplate).toBe(`${host}/${TENANT}/v2.0`)
    for (const url of [entra.metadata, entra.authorization, entra.token, entra.endSession])
      expect(url.startsWith(`${host}/${TENANT}/`)).toBe(true)
  })

  it('takes no audience from the names that every object has', () => {
    const { credentials } = configOf({
      ENTRA_AUTHORITY_HOST: 'https://constructor',
      CREDENTIAL: 'managed-identity',
      AZURE_CLIENT_ID: CLIENT,
    })

    expect(credentials).toMatchObject([{ audience: 'api://AzureADTokenExchange' }])
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

  it('of External ID under a domain of its own issue as the setting says', () => {
    const { entra, appOnly } = configOf({
      ENTRA_AUTHORITY_HOST: 'https://login.contoso.example',
      ENTRA_ISSUER: ' https://{tenantid}.ciamlogin.com/{tenantid}/v2.0 ',
      APP_ONLY_CLIENT_ID: OTHER_CLIENT,
    })

    expect(entra.issuerTemplate).toBe(`https://${TENANT}.ciamlogin.com/${TENANT}/v2.0`)
    expect(entra.token).toBe(`https://login.contoso.example/${TENANT}/oauth2/v2.0/token`)
    expect(appOnly?.entra.issuerTemplate).toBe(entra.issuerTemplate)
  })

  it('are asked for the keys of this very application, whose claims mapping may give it one of its own', () => {
    const { entra } = configOf({ ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: TENANT })

    expect(entra.metadata).toBe(
      `https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration?appid=${CLIENT}`,
    )
  })

  it.each(['https://ciamlogin.com.evil.example', 'https://evilciamlogin.com'])(
    'are told by their whole host name: %s is not External ID',
    (host) => {
      expect(configOf({ ENTRA_AUTHORITY_HOST: host }).entra.issuerTemplate).toBe(`${host}/${TENANT}/v2.0`)
    },
  )
})

describe('the issuer', () => {
  it('of several tenants has a place for the tenant', () => {
    const several = { ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: TENANT }
    const issuer = 'https://login.contoso.example/{tenantid}/v2.0'

    expect(configOf({ ...several, ENTRA_ISSUER: issuer }).entra.issuerTemplate).toBe(issuer)
    expect(faultsWith({ ...several, ENTRA_ISSUER: `https://login.contoso.example/${TENANT}/v2.0` })).toEqual([
      'ENTRA_ISSUER must hold {tenantid} when ENTRA_TENANT_ID is organizations',
    ])
  })

  it('is written as Entra writes it, or refused', () => {
    expect(faultsWith({ ENTRA_ISSUER: 'https://Login.contoso.example/v2.0' })).toEqual([
      'ENTRA_ISSUER must be written as in Entra’s metadata: it is compared letter by letter',
    ])
  })
})

describe('normal forms', () => {
  it('say each setting as every reader understands it, and read as the same again', () => {
    const { config, normalForms } = readSettings({
      ...NEEDED,
      ENTRA_TENANT_ID: ` ${TENANT.toUpperCase()} `,
      PUBLIC_URL: 'HTTPS://App.Example:443/',
      SESSION_TABLES_URL: 'https://tables.example/account/',
      ENTRA_SCOPES: 'openid\n  profile',
      SESSION_IDLE_MINUTES: '060',
      SIGNING_CERTIFICATE: 'mine\r\n',
      ENTRA_ISSUER: '  ',
    })

    expect(normalForms).toMatchObject({
      ENTRA_TENANT_ID: TENANT,
      PUBLIC_URL: 'https://app.example',
      SESSION_TABLES_URL: 'https://tables.example/account',
      ENTRA_SCOPES: 'openid profile',
      SESSION_IDLE_MINUTES: '60',
      SIGNING_CERTIFICATE: 'mine',
      ENTRA_ISSUER: '',
      CREDENTIAL: '',
    })
    expect(readSettings(normalForms)).toEqual({ config, normalForms })
  })
})

describe('the credential', () => {
  it('is the newest settled version of the certificate, unless one is pinned', () => {
    const version = '0123456789abcdef0123456789abcdef'

    expect(configOf().credentials).toEqual([
      { kind: 'vault', vault: { url: 'https://vault.example', certificate: 'signet-signing' } },
    ])
    expect(configOf({ SIGNING_CERTIFICATE: `mine/${version}` }).credentials).toEqual([
      {
        kind: 'vault',
        vault: { url: 'https://vault.example', certificate: 'mine', certificateVersion: version },
      },
    ])
  })

  it('as a managed identity needs no vault', () => {
    const { KEY_VAULT_URL: _none, ...rest } = NEEDED

    expect(faultsOf({ ...rest, CREDENTIAL: 'managed-identity', AZURE_CLIENT_ID: CLIENT })).toEqual([])
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
      entra: configOf({ ENTRA_CLIENT_ID: OTHER_CLIENT }).entra,
      vault: { url: 'https://vault.example', certificate: 'signet-app-only' },
    })
  })

  it('acts in the tenant of sign-in, or in the one that is named where there are several', () => {
    const several = { ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: `${TENANT} ${OTHER_TENANT}` }
    const tokenUrl = (settings: Settings) =>
      configOf({ APP_ONLY_CLIENT_ID: OTHER_CLIENT, ...settings }).appOnly?.entra.token

    expect(tokenUrl({})).toContain(`/${TENANT}/oauth2/`)
    expect(tokenUrl({ ...several, APP_ONLY_TENANT_ID: OTHER_TENANT })).toContain(`/${OTHER_TENANT}/oauth2/`)
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
  ])('shares neither id nor key with sign-in: %o is refused', (settings, fault) => {
    expect(faultsWith(settings)).toEqual([expect.stringContaining(fault)])
  })

  it.each<[Settings, string]>([
    [{ APP_ONLY_CLIENT_ID: 'mine' }, 'APP_ONLY_CLIENT_ID must be a GUID'],
    [
      { APP_ONLY_CLIENT_ID: OTHER_CLIENT, ENTRA_TENANT_ID: 'organizations', ENTRA_ALLOWED_TENANTS: TENANT },
      'APP_ONLY_TENANT_ID must name the tenant in which the app itself acts',
    ],
    [
      { APP_ONLY_CLIENT_ID: OTHER_CLIENT, APP_ONLY_TENANT_ID: TENANT },
      'APP_ONLY_TENANT_ID only goes with ENTRA_TENANT_ID=organizations',
    ],
  ])('acts in one tenant, as a client that is named: %o is refused', (settings, fault) => {
    expect(faultsWith(settings)).toEqual([expect.stringContaining(fault)])
  })
})

/** Every variable that more than one of app, hooks and templates reads, with how each reads it and spellings to try on all of them. */
import { readClients } from '../../infra/hooks/clients.ts'
import type { Config } from '../../lib/config/config.ts'
import { settingsOf } from '../../lib/config/credentials.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { CLIENT, OTHER_TENANT, TENANT } from '../support/configOf.ts'

export interface SharedSetting {
  readonly name: string
  /** What the app works with; absent for what is no setting of the app. */
  readonly app?: (config: Config) => unknown
  /** The same for hooks, from their settled environment. */
  readonly hooks?: (env: Environment) => unknown
  /** A call of modules/reading.bicep that reads a text as the templates do; empty where it cannot. */
  readonly templates?: (text: string) => string
  /** What else has to be set for this one to have a meaning. */
  readonly beside?: Readonly<Record<string, string>>
  /** Spellings that nobody may refuse. */
  readonly harmless: readonly string[]
  /** Spellings that each may refuse, and none may read as something of its own. */
  readonly doubtful: readonly string[]
}

const around = (text: string): string[] => [text, ` ${text}`, `${text}\r\n`, `\t${text} `]
const disguised = (text: string): string[] => [
  `${text}\u00a0`,
  `\u00a0${text}`,
  `\ufeff${text}`,
  `${text}\u200b`,
  `${text}\v`,
  `"${text}"`,
  `'${text}'`,
  `${text};`,
  `${text},`,
  `${text} # comment`,
]

const ORIGINS = {
  harmless: [
    ...around('https://signin.contoso.com'),
    ...around('https://signin.contoso.com/'),
    'https://signin.contoso.com//',
    'HTTPS://SignIn.Contoso.com/',
    'https://signin.contoso.com:443',
    'https://signin.contoso.com:8443/',
    'https://sign_in.contoso.com',
    'https://XN--BCHER-KVA.example/',
  ],
  doubtful: [
    ...disguised('https://signin.contoso.com'),
    ...[':', ':0443', ':70000', ':443:443', ':0', ':8a'].map((port) => `https://signin.contoso.com${port}`),
    ...['/app', '/%2e', '/./', '/a/..', '?', '#', '/?x=1', '\\', '//app'].map(
      (end) => `https://signin.contoso.com${end}`,
    ),
    ...['@', 'user:pass@', 'sign%69n.', '.', '-a.', '$', '{host}.', 'a..', '*.'].map(
      (start) => `https://${start}contoso.com`,
    ),
    ...[
      'bücher.example',
      '例え.example',
      '\u212aontoso.com',
      'contoso.com.',
      'con\u200btoso.com',
      'con\ntoso.com',
      'con toso.com',
    ].map((host) => `https://${host}`),
    ...['127.1', '0x7f000001', '2130706433', '10.0.0.4', '[::1]', '1.2.3.4.5', 'localhost', ''].map(
      (host) => `https://${host}`,
    ),
    'https:signin.contoso.com',
    'https:/signin.contoso.com',
    'https:///signin.contoso.com',
    'https:\\\\signin.contoso.com',
    'http://signin.contoso.com',
    'http://localhost:7071',
    'signin.contoso.com',
    "https://it's.example",
    '\u00a0',
  ],
}
const GUIDS = {
  harmless: [...around(TENANT), ...around(TENANT.toUpperCase())],
  doubtful: [
    ...disguised(TENANT),
    `{${TENANT}}`,
    TENANT.replaceAll('-', ''),
    TENANT.slice(1),
    `${TENANT}0`,
    TENANT.replace('a', 'g'),
    TENANT.replace('-', '\u2010'),
    `${TENANT.slice(0, -1)}\uff11`,
    'signet',
  ],
}
const FLAGS = {
  harmless: ['true', 'false', 'TRUE', 'False', ...around('true')],
  doubtful: [...disguised('true'), '1', '0', 'yes', 'on', 't', 'wahr', 'truefalse'],
}
const CERTIFICATES = {
  harmless: [...around('signing'), `signing/${'0'.repeat(32)}`, 'Signing-2'],
  doubtful: [
    ...disguised('signing'),
    'signing/latest',
    `signing/${'0'.repeat(31)}`,
    'sign_ing',
    '/',
    'a/b/c',
  ],
}

const BASE_PATHS = {
  harmless: [...around('/api'), '/api/v1', '/a', '/sign-in2'],
  doubtful: [
    ...disguised('/api'),
    ...['/', '/api/', '//api', 'api', '/API', '/a_b', '/a.b', '/..', '/%61', '/-a', '/a-', '/api//x', '/a b'],
    ...['/admin', '/administrators', '/runtime/x', '/\u212aa', '/ä'],
  ],
}

const ORIGIN = { templates: (text: string) => `originIn(${text})`, ...ORIGINS }
const GUID = { templates: (text: string) => `guidIn(${text})`, ...GUIDS }
const FLAG = { templates: (text: string) => `string(flagIn(${text}, false) ?? '')`, ...FLAGS }
const tenantIn = (text: string): string => `tenantIn(${text})`

export const SHARED: readonly SharedSetting[] = [
  { name: 'PUBLIC_URL', app: ({ app }) => app.origin, hooks: ({ PUBLIC_URL }) => PUBLIC_URL, ...ORIGIN },
  {
    name: 'BASE_PATH',
    app: ({ app }) => app.basePath,
    hooks: ({ BASE_PATH }) => BASE_PATH,
    templates: (text) => `basePathIn(${text})`,
    ...BASE_PATHS,
  },
  {
    name: 'ENTRA_AUTHORITY_HOST',
    app: ({ entra }) => entra.origin,
    hooks: ({ ENTRA_AUTHORITY_HOST }) => ENTRA_AUTHORITY_HOST,
    ...ORIGIN,
  },
  {
    name: 'ENTRA_TENANT_ID',
    app: ({ allowedTenants }) => allowedTenants[0],
    hooks: ({ ENTRA_TENANT_ID }) => ENTRA_TENANT_ID,
    templates: tenantIn,
    harmless: GUIDS.harmless,
    doubtful: [...GUIDS.doubtful, 'common', 'consumers', 'contoso.onmicrosoft.com'],
  },
  {
    name: 'ENTRA_TENANT_ID',
    app: ({ entra }) => entra.token.split('/')[3],
    hooks: ({ ENTRA_TENANT_ID }) => ENTRA_TENANT_ID,
    templates: tenantIn,
    beside: { ENTRA_ALLOWED_TENANTS: OTHER_TENANT },
    harmless: [...around('organizations'), 'Organizations', 'ORGANIZATIONS'],
    doubtful: [...disguised('organizations'), 'organization', 'organ\u0131zations'],
  },
  {
    name: 'ENTRA_CLIENT_ID',
    app: ({ clientId }) => clientId,
    hooks: ({ ENTRA_CLIENT_ID }) => ENTRA_CLIENT_ID,
    ...GUID,
  },
  {
    name: 'APP_ONLY_CLIENT_ID',
    app: ({ appOnly }) => appOnly?.clientId,
    hooks: ({ APP_ONLY_CLIENT_ID }) => APP_ONLY_CLIENT_ID,
    ...GUID,
  },
  {
    name: 'APP_ONLY_TENANT_ID',
    app: ({ appOnly }) => appOnly?.entra.token.split('/')[3],
    hooks: ({ APP_ONLY_TENANT_ID }) => APP_ONLY_TENANT_ID,
    beside: {
      ENTRA_TENANT_ID: 'organizations',
      ENTRA_ALLOWED_TENANTS: OTHER_TENANT,
      APP_ONLY_CLIENT_ID: OTHER_TENANT,
    },
    ...GUID,
  },
  {
    name: 'CREDENTIAL',
    app: ({ credentials }) => credentials.map(({ kind }) => kind).join(),
    hooks: ({ CREDENTIAL }) => CREDENTIAL,
    templates: (text) =>
      `wordIn(${text}, ['vault', 'managed-identity', 'vault,managed-identity', 'managed-identity,vault'])`,
    beside: { AZURE_CLIENT_ID: CLIENT },
    harmless: [...around('vault'), ...around('managed-identity'), ...around('vault,managed-identity')],
    doubtful: [
      ...disguised('vault'),
      ...['vault, managed-identity', 'managed-identity vault', ',vault', 'vault,,managed-identity'],
      ...['Vault', 'managed_identity', 'vault,vault', 'vault,secret', 'secret'],
    ],
  },
  {
    name: 'KEY_VAULT_URL',
    app: ({ credentials }) => settingsOf(credentials, 'vault')?.vault.url,
    hooks: ({ KEY_VAULT_URL }) => KEY_VAULT_URL,
    ...ORIGINS,
  },
  {
    name: 'SIGNING_CERTIFICATE',
    app: ({ credentials }) => settingsOf(credentials, 'vault')?.vault.certificate,
    hooks: (env) => readClients(env).signIn.certificate,
    ...CERTIFICATES,
  },
  {
    name: 'APP_ONLY_CERTIFICATE',
    app: ({ appOnly }) => appOnly?.vault.certificate,
    hooks: (env) => readClients(env).appOnly.certificate,
    beside: { APP_ONLY_CLIENT_ID: OTHER_TENANT },
    ...CERTIFICATES,
  },
  {
    // Hooks write the object ids, and read none.
    name: 'ENTRA_OBJECT_ID',
    app: ({ objectId }) => objectId,
    hooks: ({ ENTRA_OBJECT_ID }) => ENTRA_OBJECT_ID,
    harmless: GUID.harmless,
    doubtful: GUID.doubtful,
  },
  {
    name: 'APP_ONLY_OBJECT_ID',
    app: ({ appOnly }) => appOnly?.objectId,
    hooks: ({ APP_ONLY_OBJECT_ID }) => APP_ONLY_OBJECT_ID,
    beside: { APP_ONLY_CLIENT_ID: OTHER_TENANT },
    harmless: GUID.harmless,
    doubtful: GUID.doubtful,
  },
  {
    name: 'ROTATION',
    app: ({ rotation }) => rotation,
    hooks: ({ ROTATION }) => ROTATION,
    templates: (text) => `wordIn(${text}, ['register', 'auto', 'manual'])`,
    harmless: ['register', 'auto', 'manual'].flatMap(around),
    doubtful: [...disguised('auto'), 'Auto', 'automatic', 'auto,manual'],
  },
  {
    // The templates ask only whether there is one: else it is that of the account which they make.
    name: 'FRONT_END_URL',
    app: ({ frontEnd }) => frontEnd && 'chosen',
    templates: () => "'chosen'",
    harmless: [
      ...around('https://web.contoso.com'),
      'https://web.contoso.com/shop/',
      'https://web.contoso.com:8443',
    ],
    doubtful: [],
  },
  { name: 'SIGNET_ASSIGNMENT_REQUIRED', hooks: ({ SIGNET_ASSIGNMENT_REQUIRED: flag }) => flag, ...FLAG },
  { name: 'SIGNET_GRANT_TENANT_CONSENT', hooks: ({ SIGNET_GRANT_TENANT_CONSENT: flag }) => flag, ...FLAG },
]

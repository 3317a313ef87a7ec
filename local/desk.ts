/**
 * The whole desk: Entra, Key Vault, managed identity, tables and two APIs as stand-ins that know each other, and the environment that
 * makes an app talk to them. The app itself runs elsewhere, in a host of its own.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { appUrls } from '../lib/config/urls.ts'
import { TABLE_NAME } from '../lib/session/table.ts'
import { APP_ROLE, registerAppOnlyClient } from './appOnlyClient.ts'
import { createClock, type MovableClock } from './clock.ts'
import type { ApplicationRegistration } from './entra/directory/application.ts'
import { cast } from './entra/directory/cast.ts'
import type { Person } from './entra/directory/person.ts'
import { type EntraLookAlike, openEntra } from './entra/openEntra.ts'
import { HOST_SETTINGS } from './hostSettings.ts'
import { type IdentityStub, openIdentity } from './identity/openIdentity.ts'
import { createInspector } from './inspector/createInspector.ts'
import { type DeviceExchange, deviceExchange } from './inspector/deviceExchange.ts'
import { createOutsider, type Outsider } from './outsider.ts'
import { createAuthority } from './pki.ts'
import {
  openSampleApis,
  SAMPLE_PERMISSIONS,
  SAMPLE_REGISTRATIONS,
  type SampleApis,
  withReportsRole,
} from './sampleApi/sampleApis.ts'
import { registerSecretClient, type SecretClient } from './secretClient.ts'
import { openTables, type TablesStub } from './tables.ts'
import type { FrontExchange } from './tls/openTlsFront.ts'
import { openSources } from './tpm/openSources.ts'
import type { TpmStub } from './tpm/openTpm.ts'
import { openVault, type VaultStub } from './vault/openVault.ts'
import { withoutProxy } from './withoutProxy.ts'

const CERTIFICATE_NAME = 'signet-signing'
const STORAGE_RESOURCE = 'https://storage.azure.com'

export interface Desk {
  readonly clientId: string
  readonly appOrigin: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** The one that all stand-ins go by. */
  readonly clock: Pick<MovableClock, 'setOff'>
  readonly entra: EntraLookAlike
  /** The app's registration, to be registered anew with a difference. */
  readonly registration: ApplicationRegistration
  readonly vault: VaultStub
  readonly identity: IdentityStub
  /** Where the desk was asked for one. */
  readonly tpm?: TpmStub
  readonly tables: TablesStub
  readonly sampleApis: SampleApis
  /** A client that proves itself with a secret: the sample APIs list it, and refuse it all the same. */
  readonly secretClient: SecretClient
  /** Somebody else at the signing key, who does nothing unless told. */
  readonly outsider: Outsider
  /** Hears what passes the TLS front, where there is one, for the inspector. */
  readonly onExchange: (exchange: FrontExchange) => void
  /** Certificate of the authority that the stand-ins' TLS certificates come from, PEM. */
  readonly authorityPem: string
  /** The settings that an app on this desk gets, as it would in Azure. */
  readonly settings: Readonly<Record<string, string>>
  /** Settings and process environment for an app that runs in a process of its own. */
  readonly processEnv: Readonly<Record<string, string>>
  close(): Promise<void>
}

export interface DeskOptions {
  /** Where browsers will reach the app, e.g. `http://localhost:7071`. */
  readonly appOrigin: string
  /** Below which the app's routes lie: `/api`. */
  readonly basePath?: string
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** A day unless told, as in Azure. The SDK keeps tokens by the machine's clock: whoever moves `now` by days needs more. */
  readonly identityTokenLifetimeSec?: number
  /** By what the app is to prove itself, as CREDENTIAL lists it: beside the vault, what each needs is opened and registered. */
  readonly sources?: readonly string[]
  /** Who can sign in; the usual cast unless told. The first has the role that one of the sample APIs asks for. */
  readonly people?: readonly Person[]
}

export async function openDesk(options: DeskOptions): Promise<Desk> {
  withoutProxy()
  const { appOrigin, basePath = '', identityTokenLifetimeSec, people = cast } = options
  const { sources: kinds = [] } = options
  const { redirectUri, signedOutUri, frontchannelLogoutUri, paths } = appUrls(appOrigin, basePath)
  const clock = createClock(options.now)
  const { now } = clock
  const clientId = randomUUID()
  const authority = createAuthority()
  const entra = await openEntra({ tenantId: randomUUID(), now, people: withReportsRole(people) })
  const { tenantId } = entra
  const identity = await openIdentity({
    tenantId,
    now,
    federationIssuer: `${entra.origin}/${tenantId}/v2.0`,
    ...(identityTokenLifetimeSec === undefined ? {} : { tokenLifetimeSec: identityTokenLifetimeSec }),
  })
  const vault = await openVault({ authority, identity, certificateName: CERTIFICATE_NAME, tenantId, now })
  const folder = await mkdtemp(join(tmpdir(), 'signet-desk-'))
  const sources = await openSources(kinds, folder, now)
  const tables = await openTables({ authority, identity, now })
  await createSessionTable(tables, identity, authority.certPem)
  const registration: ApplicationRegistration = {
    clientId,
    displayName: 'Signet on this desk',
    redirectUris: [redirectUri, signedOutUri],
    logoutUrl: frontchannelLogoutUri,
    certificates: [vault.certificate().der, ...sources.certificates],
    ...(kinds.includes('managed-identity') ? { federatedCredentials: [trusted(identity)] } : {}),
    requestedAccessTokenVersion: 2,
    appRoles: [APP_ROLE],
    delegatedPermissions: ['User.Read', `api://${clientId}/access_as_user`, ...SAMPLE_PERMISSIONS],
    // Those that the template registers, and the look-alike does not give unasked.
    optionalIdTokenClaims: ['auth_time', 'acrs'],
  }
  entra.registerApplication(registration)
  for (const each of SAMPLE_REGISTRATIONS) entra.registerApplication(each)
  const secretClient = registerSecretClient({
    entra,
    resource: `api://${clientId}`,
    permissions: SAMPLE_PERMISSIONS,
  })
  const sampleApis = await openSampleApis({ clients: [clientId, secretClient.clientId], entra, now })
  const exchanges: DeviceExchange[] = []
  entra.watch(
    createInspector({
      appOrigin,
      loginUrl: `${appOrigin}${paths.login}`,
      entra,
      vault,
      identity,
      tables,
      front: { exchanges },
    }),
  )
  const appOnly = await registerAppOnlyClient({ entra, vault, resource: `api://${clientId}` })

  const authorityFile = join(folder, 'authority.pem')
  await writeFile(authorityFile, authority.certPem)
  const settings = {
    ENTRA_TENANT_ID: tenantId,
    ENTRA_CLIENT_ID: clientId,
    ENTRA_OBJECT_ID: entra.objectIdOf(clientId),
    GRAPH_URL: entra.origin,
    ENTRA_AUTHORITY_HOST: entra.origin,
    ENTRA_SCOPES: `openid profile offline_access api://${clientId}/access_as_user`,
    PUBLIC_URL: appOrigin,
    ...(basePath === '' ? {} : { BASE_PATH: basePath }),
    KEY_VAULT_URL: vault.url,
    SIGNING_CERTIFICATE: CERTIFICATE_NAME,
    SESSION_TABLES_URL: tables.url,
    AZURE_CLIENT_ID: identity.clientId,
    ...appOnly,
    ...sources.settings,
    ...sampleApis.settings,
  }
  const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value] as const]
  })
  return {
    clientId,
    appOrigin,
    now,
    clock,
    entra,
    registration,
    vault,
    identity,
    ...(sources.tpm === undefined ? {} : { tpm: sources.tpm }),
    tables,
    sampleApis,
    secretClient,
    outsider: createOutsider({ clientId, entra, identity, vault, authorityPem: authority.certPem, now }),
    onExchange(exchange) {
      const told = deviceExchange(exchange)
      if (told !== undefined) exchanges.push(told)
    },
    authorityPem: authority.certPem,
    settings,
    processEnv: {
      ...Object.fromEntries(inherited),
      ...settings,
      ...identity.env,
      ...HOST_SETTINGS,
      NODE_EXTRA_CA_CERTS: authorityFile,
      NODE_OPTIONS: `--import ${new URL('./preload.ts', import.meta.url)}`,
      SIGNET_DESK_VAULT_PORT: String(vault.port),
    },
    async close() {
      await Promise.all([entra, identity, vault, tables, sampleApis, sources.tpm].map((one) => one?.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The managed identity as a federated credential of the registration. */
function trusted({ federationIssuer: issuer, principalId: subject, jwks }: IdentityStub) {
  return { issuer, subject, audience: 'api://AzureADTokenExchange', jwks }
}

/** In Azure the table comes with the storage account; the app itself never creates one. */
async function createSessionTable(tables: TablesStub, identity: IdentityStub, ca: string): Promise<void> {
  const token = await identity.issue(STORAGE_RESOURCE)
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 600_000 }) }
  await new TableClient(tables.url, TABLE_NAME, credential, { tlsOptions: { ca } }).createTable()
}

/**
 * What the doctor looks at. Each piece of evidence is gathered once, when the first check asks for it, and every later check
 * judges the same piece.
 */

import type { Effects } from '../../lib/base/effects.ts'
import type { Config } from '../../lib/config/config.ts'
import type { CredentialSettings, SourceKind, VaultSettings } from '../../lib/config/credentials.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { type EntraUrls, entraUrls } from '../../lib/config/urls.ts'
import { assertionProfile } from '../../lib/credential/assertionProfile.ts'
import type { ClientCredential, ClientProof } from '../../lib/credential/clientCredential.ts'
import { createSource } from '../../lib/credential/createSource.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { createAppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { createEntraClock } from '../../lib/entra/entraClock.ts'
import type { Graph } from '../../lib/entra/graph.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import { type AppError, asAppError } from '../../lib/errors/appError.ts'
import { createNameVersions } from '../../lib/rotation/nameVersions.ts'
import type { Rotation } from '../../lib/rotation/openRotation.ts'
import { openRotations } from '../../lib/rotation/openRotations.ts'
import { openSessionTable } from '../../lib/session/table.ts'
import type { NameVersions } from '../../lib/vault/versions.ts'
import { type CertificateEvidence, gatherCertificate } from './certificateEvidence.ts'
import type { Commands, NamedCertificate, Principal } from './commands.ts'
import type { ExaminerIdentity } from './examinerIdentity.ts'
import { createPersonsTokens, graphFor } from './graphFor.ts'
import { gatherMetadata, type MetadataEvidence } from './metadataEvidence.ts'
import { principalOf } from './principal.ts'

/** A trial request for an app-only token: the token, or why there is none. */
export type Trial = { readonly token: string } | { readonly fault: AppError }

/** A certificate by which a client proves itself. */
export interface ExaminedCertificate {
  readonly clientId: string
  readonly vault: VaultSettings
  /** The certificate as commands name it: the newest version unless one is told. */
  named(version?: string): NamedCertificate
  /** Throws `vault/*`. */
  gather(): Promise<CertificateEvidence>
}

/** One of the places where a credential of the client can be. */
export interface ExaminedSource {
  readonly kind: SourceKind
  readonly settings: CredentialSettings
  /** Asks the token endpoint for `{resource}/.default`, by this source and no other. */
  trial(resource: string): Promise<Trial>
  /** How the client proved itself in the last trial; undefined before there was an assertion. */
  proof(): ClientProof | undefined
}

export interface ExaminedClient {
  readonly clientId: string
  /** Absent where it has none in a vault. */
  readonly certificate?: ExaminedCertificate
  /** In the order of CREDENTIAL. */
  readonly sources: readonly ExaminedSource[]
  /** The one that most checks examine: the vault where it is listed, else the first. */
  readonly main: ExaminedSource
  /** The exchange of its certificate, where there is one. */
  readonly rotation?: Rotation
  /** Of one tenant: client credentials need one, also where people of several may sign in. */
  readonly tokenEndpoint: string
  /** Asks the token endpoint for `{resource}/.default`, by the main source. */
  trial(resource: string): Promise<Trial>
}

export interface Examination {
  readonly env: Environment
  readonly config: Config
  readonly effects: Effects
  readonly identity: ExaminerIdentity
  readonly commands: Commands
  readonly signIn: ExaminedClient
  readonly appOnly?: ExaminedClient
  /** Who the doctor is, by its token for this scope. */
  principal(scope: string): Promise<Principal>
  metadata(): Promise<MetadataEvidence>
  /** Microsoft Graph about a client, as whoever looks may ask it. */
  graphOf(client: ExaminedClient): Graph
}

interface ExaminationOptions {
  readonly env: Environment
  readonly config: Config
  readonly effects: Effects
  readonly identity: ExaminerIdentity
  readonly commands: Commands
}

export function createExamination(options: ExaminationOptions): Examination {
  const { config, effects, identity } = options
  // The trials are dated as the app dates its own; the check of the clock goes on comparing this machine's.
  const { now, fetch } = createEntraClock({ ...effects, log: () => undefined })
  const dated = { ...options, effects: { ...effects, now, fetch } }
  const tenant = config.allowedTenants[0] ?? ''
  const signInEntra = entraUrls({ origin: config.entra.origin, tenant, clientId: config.clientId })

  const shared = shareIdentity({ identity: identity.credential, effects, hasOneTenant: true })
  const table = openSessionTable(config.sessions.tablesUrl, shared, effects)
  const rotations = openRotations({ config, identity: identity.credential, table, effects })

  function client(clientId: string, listed: readonly CredentialSettings[], entra: EntraUrls): ExaminedClient {
    const rotation = rotations.find((one) => one.clientId === clientId)
    const nameVersions = rotation && namingOf(rotation, effects)
    const sources = listed.map((settings) => examinedSource(settings, clientId, entra, dated, nameVersions))
    const main = sources.find(({ kind }) => kind === 'vault') ?? sources[0]
    if (main === undefined) throw new TypeError('settings name one source at least')
    const { settings } = main
    return {
      clientId,
      tokenEndpoint: entra.token,
      sources,
      main,
      ...(settings.kind === 'vault'
        ? { certificate: examinedCertificate(clientId, settings.vault, options, nameVersions) }
        : {}),
      ...(rotation === undefined ? {} : { rotation }),
      trial: main.trial,
    }
  }

  const { credentials, appOnly } = config
  const personsTokens = createPersonsTokens(options)
  const examination: Examination = {
    ...options,
    signIn: client(config.clientId, credentials, signInEntra),
    ...(appOnly === undefined
      ? {}
      : { appOnly: client(appOnly.clientId, [{ kind: 'vault', vault: appOnly.vault }], appOnly.entra) }),
    principal: (scope) => principalOf(identity, scope),
    metadata: once(() => gatherMetadata(config.entra, { ...effects, fetch })),
    graphOf: (examined) => graphFor(examined, examination, personsTokens),
  }
  return examination
}

function examinedCertificate(
  clientId: string,
  vault: VaultSettings,
  { identity, effects }: ExaminationOptions,
  nameVersions: NameVersions | undefined,
): ExaminedCertificate {
  const { url: vaultUrl, certificate: name } = vault
  return {
    clientId,
    vault,
    named: (version) => (version === undefined ? { vaultUrl, name } : { vaultUrl, name, version }),
    gather: once(() => gatherCertificate(vault, identity.credential, effects, nameVersions)),
  }
}

/** What is examined is the version in use: that another one would be accepted in its place is no answer. */
function examinedSource(
  settings: CredentialSettings,
  clientId: string,
  { issuerTemplate, token: url }: EntraUrls,
  { config, identity, effects }: ExaminationOptions,
  nameVersions: NameVersions | undefined,
): ExaminedSource {
  const profile = assertionProfile({ ...config.assertion, issuer: config.entra.issuerTemplate })
  const naming = nameVersions === undefined ? {} : { nameVersions }
  const source = createSource(settings, {
    clientId,
    identity: identity.credential,
    profile,
    effects,
    ...naming,
  })
  let proof: ClientProof | undefined
  const credential: Pick<ClientCredential, 'assertionFor' | 'alternativeTo'> = {
    async assertionFor(tokenEndpoint) {
      const assertion = await source.assertionFor(tokenEndpoint)
      proof = assertion.proof
      return assertion
    },
    alternativeTo: async () => undefined,
  }
  const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
  const tokens = createAppOnlyTokens({ endpoint, effects })
  return {
    kind: settings.kind,
    settings,
    trial: (resource) =>
      tokens.tokenFor(`${resource}/.default`).then(
        (token) => ({ token }),
        (fault: unknown) => ({ fault: asAppError(fault) }),
      ),
    proof: () => proof,
  }
}

/** What the row says, read once. Where it cannot be read, the check of the table says so, and age decides. */
function namingOf({ ports }: Rotation, effects: Effects): NameVersions {
  const naming = createNameVersions(ports.rows, effects)
  return once(() => naming().catch(() => undefined))
}

function once<T>(gather: () => Promise<T>): () => Promise<T> {
  let gathered: Promise<T> | undefined
  return () => {
    gathered ??= gather()
    return gathered
  }
}

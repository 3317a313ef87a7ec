/**
 * What the doctor looks at. Each piece of evidence is gathered once, when the first check asks for it, and every later check
 * judges the same piece.
 */

import type { Effects } from '../../lib/base/effects.ts'
import type { Config } from '../../lib/config/config.ts'
import { settingsOf, type VaultSettings } from '../../lib/config/credentials.ts'
import { type EntraUrls, entraUrls } from '../../lib/config/urls.ts'
import { assertionProfile } from '../../lib/credential/assertionProfile.ts'
import { createCertificateCredential } from '../../lib/credential/certificateCredential.ts'
import type { ClientCredential } from '../../lib/credential/clientCredential.ts'
import { createSource } from '../../lib/credential/createSource.ts'
import { createAppOnlyTokens } from '../../lib/entra/appOnlyTokens.ts'
import { createTokenEndpoint } from '../../lib/entra/tokenEndpoint.ts'
import { type AppError, asAppError } from '../../lib/errors/appError.ts'
import { type CertificateEvidence, gatherCertificate } from './certificateEvidence.ts'
import type { Commands, NamedCertificate, Principal } from './commands.ts'
import type { ExaminerIdentity } from './examinerIdentity.ts'
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

export interface ExaminedClient {
  readonly clientId: string
  /** Absent where the managed identity stands in. */
  readonly certificate?: ExaminedCertificate
  /** Of one tenant: client credentials need one, also where people of several may sign in. */
  readonly tokenEndpoint: string
  /** Asks the token endpoint for `{resource}/.default`. */
  trial(resource: string): Promise<Trial>
}

export interface Examination {
  readonly config: Config
  readonly effects: Effects
  readonly identity: ExaminerIdentity
  readonly commands: Commands
  readonly signIn: ExaminedClient
  readonly appOnly?: ExaminedClient
  /** Who the doctor is, by its token for this scope. */
  principal(scope: string): Promise<Principal>
  metadata(): Promise<MetadataEvidence>
}

interface ExaminationOptions {
  readonly config: Config
  readonly effects: Effects
  readonly identity: ExaminerIdentity
  readonly commands: Commands
}

export function createExamination(options: ExaminationOptions): Examination {
  const { config, effects, identity } = options
  const tenant = config.allowedTenants[0] ?? ''
  const signInEntra = entraUrls({ origin: config.entra.origin, tenant, clientId: config.clientId })

  function certificate(clientId: string, vault: VaultSettings): ExaminedCertificate {
    const { url: vaultUrl, certificate: name } = vault
    return {
      clientId,
      vault,
      named: (version) => (version === undefined ? { vaultUrl, name } : { vaultUrl, name, version }),
      gather: once(() => gatherCertificate(vault, identity.credential, effects)),
    }
  }

  function client(clientId: string, vault: VaultSettings | undefined, entra: EntraUrls): ExaminedClient {
    const { assertionFor } = credentialOf(options, clientId, vault)
    const { issuerTemplate, token: url } = entra
    // What is examined is the version in use: that another one would be accepted in its place is no answer.
    const credential = { assertionFor, alternativeTo: async () => undefined }
    const endpoint = createTokenEndpoint({ clientId, issuerTemplate, url, credential, effects })
    const tokens = createAppOnlyTokens({ endpoint, effects })
    return {
      clientId,
      tokenEndpoint: url,
      ...(vault === undefined ? {} : { certificate: certificate(clientId, vault) }),
      trial: (resource) =>
        tokens.tokenFor(`${resource}/.default`).then(
          (token) => ({ token }),
          (fault: unknown) => ({ fault: asAppError(fault) }),
        ),
    }
  }

  const { credentials, appOnly } = config
  return {
    ...options,
    signIn: client(config.clientId, settingsOf(credentials, 'vault')?.vault, signInEntra),
    ...(appOnly === undefined ? {} : { appOnly: client(appOnly.clientId, appOnly.vault, appOnly.entra) }),
    principal: (scope) => principalOf(identity, scope),
    metadata: once(() => gatherMetadata(config.entra, effects)),
  }
}

function credentialOf(
  { config, identity, effects }: ExaminationOptions,
  clientId: string,
  vault: VaultSettings | undefined,
): ClientCredential {
  if (vault !== undefined) {
    return createCertificateCredential({ clientId, vault, identity: identity.credential, effects })
  }
  const [first] = config.credentials
  if (first === undefined) throw new TypeError('settings name one source at least')
  const profile = assertionProfile({ ...config.assertion, issuer: config.entra.issuerTemplate })
  return createSource(first, { clientId, identity: identity.credential, profile, effects })
}

function once<T>(gather: () => Promise<T>): () => Promise<T> {
  let gathered: Promise<T> | undefined
  return () => {
    gathered ??= gather()
    return gathered
  }
}

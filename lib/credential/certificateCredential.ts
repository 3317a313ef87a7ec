/** The certificate credential put together from its parts: identity, certificate reader, remote signature, assertion cache. */
import type { TokenCredential } from '@azure/identity'
import type { Effects } from '../base/effects.ts'
import type { VaultSettings } from '../config/credentials.ts'
import { AppError } from '../errors/appError.ts'
import { createCertificateReader } from '../vault/certificate.ts'
import { createGrace, type WithGrace } from '../vault/grace.ts'
import { createRemoteSign } from '../vault/sign.ts'
import type { NameVersions } from '../vault/versions.ts'
import { type AssertionProfile, ENTRA_PROFILE } from './assertionProfile.ts'
import type { ClientCredential } from './clientCredential.ts'
import { type SharedIdentity, shareIdentity } from './sharedIdentity.ts'
import { createVersionedAssertions } from './versionedAssertions.ts'

/** The domains of Key Vault and Managed HSM in each cloud: a vault under one of them takes tokens for it. */
const VAULT_DOMAINS = /^(vault|managedhsm)\.(azure\.net|azure\.cn|usgovcloudapi\.net)$/

interface CertificateCredentialOptions {
  readonly clientId: string
  readonly vault: VaultSettings
  /** Gets the vault's access tokens: a managed identity in Azure, a developer's credential at a desk. */
  readonly identity: TokenCredential | SharedIdentity
  /** Whether a refusal (403) is waited out for a while, as by an app that has just been deployed; whoever looks for faults does not. */
  readonly isPatient?: boolean
  /** Default: what Entra documents. */
  readonly profile?: AssertionProfile | undefined
  /** Where the client's certificate is exchanged by itself: which version signs. */
  readonly nameVersions?: NameVersions | undefined
  readonly effects: Effects
}

export function createCertificateCredential(options: CertificateCredentialOptions): ClientCredential {
  const { clientId, vault, profile = ENTRA_PROFILE, isPatient = false, effects } = options
  const { url: vaultUrl, certificate: name, certificateVersion: pinnedVersion } = vault
  const identity =
    'isAwaited' in options.identity
      ? options.identity
      : shareIdentity({ identity: options.identity, effects, hasOneTenant: false })
  const pinned = pinnedVersion === undefined ? {} : { pinnedVersion }
  const naming = options.nameVersions === undefined ? {} : { nameVersions: options.nameVersions }
  const scope = vaultScope(vaultUrl)
  const openClients = () => ({
    reader: createCertificateReader({ vaultUrl, name, ...pinned, ...naming, credential: identity, effects }),
    remoteSign: createRemoteSign(identity, effects),
  })
  let clients = openClients()

  /** The SDK's clients keep the token they have: one that is asked for anew takes new ones. */
  async function renewToken(): Promise<void> {
    if (scope !== undefined) await identity.renew(scope)
    clients = openClients()
  }
  const withGrace = (): WithGrace => (isPatient ? createGrace(effects, renewToken) : (call) => call())
  const [readWithGrace, signWithGrace] = [withGrace(), withGrace()]

  /** A slow identity must not use up the time that the vault is given to answer. */
  async function withToken<T>(call: () => Promise<T>): Promise<T> {
    if (scope !== undefined) await identity.ready(scope)
    return call()
  }

  return createVersionedAssertions({
    clientId,
    certificates: {
      read: (refused) => readWithGrace(() => withToken(() => clients.reader.read(refused))),
      isInUse: async (version) => clients.reader.isInUse?.(version) ?? true,
    },
    sign: (keyId, input) => signWithGrace(() => withToken(() => clients.remoteSign(keyId, input))),
    profile,
    // Whoever waits for the identity does not wait for the vault.
    tooLate: () =>
      identity.isAwaited()
        ? new AppError('identity/unavailable', { detail: 'deadline' })
        : new AppError('vault/timeout', { detail: 'certificate and signature' }),
    effects,
  })
}

/** What tokens for a vault are asked for; undefined where its address does not tell, so that the vault itself has to. */
function vaultScope(vaultUrl: string): string | undefined {
  const domain = URL.parse(vaultUrl)?.hostname.split('.').slice(1).join('.') ?? ''
  return VAULT_DOMAINS.test(domain) ? `https://${domain}/.default` : undefined
}

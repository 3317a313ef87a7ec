/** One certificate in the vault as the SDK reads and renews it: each call bounded, each fault one of ours. */
import type { TokenCredential } from '@azure/identity'
import { CertificateClient, WellKnownIssuer } from '@azure/keyvault-certificates'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { attemptVault } from './attempts.ts'
import { exportableByKey, isExportable } from './exportable.ts'
import { vaultError } from './faults.ts'
import type { VersionFacts } from './versions.ts'

/** A new version is waited for so long; one that an authority issues takes longer and is found by a later look. Milliseconds. */
const CREATION_WAIT_MS = 30_000
const POLL_MS = 1_000
/** What a vault takes where the policy of a certificate names no validity. */
const USUAL_MONTHS = 12

/** The parts of the SDK's certificate that are used. Its key is in the vault that was asked. */
export interface CertificateBundle {
  /** Versioned. */
  readonly keyId?: string
  /** DER. */
  readonly cer?: Uint8Array
  readonly properties: VersionFacts
}

/** A new version as the certificate's own policy has it. */
export interface CertificateWish {
  readonly months: number
  /** The vault signs it itself: no authority issues it. */
  readonly isSelfSigned: boolean
}

export interface VaultCertificates {
  latest(): Promise<CertificateBundle>
  version(version: string): Promise<CertificateBundle>
  versions(): Promise<VersionFacts[]>
  /** Whether the private key of that version can be taken out of the vault, as far as whoever asks may see. */
  isExportable(version: string): Promise<boolean>
  /**
   * Begins a new version by the certificate's own policy, for as many months as `monthsFor` makes of that, and waits for it a while. Whatever
   * the policy says, its key is a new one and cannot be exported.
   */
  create(monthsFor: (wish: CertificateWish) => number): Promise<void>
}

export interface VaultCertificatesOptions {
  readonly vaultUrl: string
  readonly name: string
  readonly credential: TokenCredential
  readonly effects: Pick<Effects, 'now' | 'sleep' | 'random'>
}

/**
 * Every call throws `vault/*`, `identity/unavailable`; reading throws `vault/misaddressed` where the key is said to be elsewhere: whoever signs
 * with it would take the vault's token there.
 */
export function openVaultCertificates(options: VaultCertificatesOptions): VaultCertificates {
  const { vaultUrl, name, credential, effects } = options
  const client = new CertificateClient(vaultUrl, credential, { retryOptions: { maxRetries: 0 } })

  const readPolicy = () =>
    attemptVault(effects, (abortSignal) => client.getCertificatePolicy(name, { abortSignal }))

  async function own(read: (signal: AbortSignal) => Promise<CertificateBundle>): Promise<CertificateBundle> {
    const bundle = await attemptVault(effects, read)
    if (bundle.keyId !== undefined && URL.parse(bundle.keyId)?.origin !== URL.parse(vaultUrl)?.origin)
      throw new AppError('vault/misaddressed', { detail: 'the key id names another host' })
    return bundle
  }

  return {
    latest: () => own((abortSignal) => client.getCertificate(name, { abortSignal })),
    version: (version) => own((abortSignal) => client.getCertificateVersion(name, version, { abortSignal })),
    versions: () =>
      attemptVault(effects, async (abortSignal) => {
        const versions: VersionFacts[] = []
        for await (const listed of client.listPropertiesOfCertificateVersions(name, { abortSignal })) {
          const { x509ThumbprintString: thumbprint } = listed
          versions.push({ ...listed, ...(thumbprint ? { thumbprintSha1: thumbprint.toUpperCase() } : {}) })
        }
        return versions
      }),
    async isExportable(version) {
      const [policy, byKey] = await Promise.all([
        readPolicy(),
        exportableByKey(vaultUrl, { name, version }, credential, effects),
      ])
      return isExportable({ byPolicy: policy.exportable, byKey })
    },
    async create(monthsFor) {
      const policy = await readPolicy()
      const { validityInMonths: wished = USUAL_MONTHS, issuerName } = policy
      const months = monthsFor({ months: wished, isSelfSigned: issuerName === WellKnownIssuer.Self })
      const wait = new AbortController()
      try {
        // Not retried: a second request would begin a second version.
        const poller = await client.beginCreateCertificate(
          name,
          {
            ...policy,
            ...(months === wished ? {} : { validityInMonths: months }),
            exportable: false,
            reuseKey: false,
          },
          { intervalInMs: POLL_MS, abortSignal: AbortSignal.timeout(CREATION_WAIT_MS) },
        )
        const isOver = effects.sleep(CREATION_WAIT_MS, wait.signal).catch(() => undefined)
        await Promise.race([poller.pollUntilDone(), isOver])
        poller.stopPolling()
      } catch (fault) {
        const error = vaultError(fault, effects.now())
        // It takes its time, or another one is being made: whoever looks later finds it.
        if (error.code !== 'vault/timeout' && !isConflict(fault)) throw error
      } finally {
        wait.abort()
      }
    },
  }
}

function isConflict(fault: unknown): boolean {
  return typeof fault === 'object' && fault !== null && 'statusCode' in fault && fault.statusCode === 409
}

/**
 * The certificates in the vault, as a deployment needs them: there is one that can be used, and its public parts are known.
 * Invariant: an existing certificate that can be used is never touched.
 */
import { randomBytes } from 'node:crypto'
import { CertificateClient, type KeyVaultCertificateWithPolicy } from '@azure/keyvault-certificates'
import { exportableByKey, isExportable } from '../../lib/vault/exportable.ts'
import { isChangedOverByItself } from './certificateMonths.ts'
import { certificatePolicy } from './certificatePolicy.ts'
import { type Deployment, requireValue } from './deployment.ts'
import { HookFault } from './hookFault.ts'
import { explainVaultFault, isMissingRole, isNotFound } from './vaultRefusal.ts'

/** A role takes minutes to spread: so many attempts, so far apart. */
const ATTEMPTS = 11
const PAUSE_MS = 30_000

/** The public part of one version. */
export interface HeldCertificate {
  readonly name: string
  readonly version: string
  readonly der: Uint8Array
}

export interface CertificateStore {
  /** Makes the certificate where no version of it can be used. Throws HookFault for one whose key could have been copied. */
  ensure(name: string): Promise<'kept' | 'created'>
  /** A new version beside the others. */
  renew(name: string): Promise<void>
  /** Every version that is enabled and has not expired. Throws HookFault where the key of one could have been copied. */
  versions(name: string): Promise<readonly HeldCertificate[]>
}

/** `months`: for how many a certificate is made; asked only where one is. */
export function openCertificateStore(
  deployment: Deployment,
  months: () => Promise<number>,
): CertificateStore {
  const { credential, env, now, sleep, pollMs, say } = deployment
  const url = requireValue(deployment, 'KEY_VAULT_URL')
  const client = new CertificateClient(url, credential)
  const effects = { now, random: randomBytes, sleep: async (ms: number) => void (await sleep(ms)) }

  async function attempt<T>(name: string, operation: () => Promise<T>): Promise<T> {
    for (let left = ATTEMPTS; ; left -= 1) {
      try {
        return await operation()
      } catch (fault) {
        if (!isMissingRole(fault) || left === 1) throw explainVaultFault(fault, url, name)
        if (left === ATTEMPTS)
          say('The role on the vault has not arrived yet; this takes up to five minutes.')
        await sleep(PAUSE_MS)
      }
    }
  }

  /** The newest version, with the policy the next one would be made from. */
  async function find(name: string): Promise<KeyVaultCertificateWithPolicy | undefined> {
    try {
      return await client.getCertificate(name)
    } catch (fault) {
      if (isNotFound(fault)) return undefined
      throw fault
    }
  }

  async function listValid(name: string): Promise<readonly string[]> {
    const valid: string[] = []
    for await (const { version, enabled, expiresOn } of client.listPropertiesOfCertificateVersions(name)) {
      const hasEnded = expiresOn !== undefined && expiresOn.getTime() <= now()
      if (version !== undefined && enabled !== false && !hasEnded) valid.push(version)
    }
    return valid
  }

  async function renew(name: string): Promise<void> {
    say(`Creating certificate ${name}; its key is made in the vault and stays there.`)
    const policy = certificatePolicy({ months: await months(), isRenewed: isChangedOverByItself(env) })
    await attempt(name, async () => {
      const poller = await client.beginCreateCertificate(name, policy, { intervalInMs: pollMs })
      await poller.pollUntilDone()
    })
  }

  return {
    renew,
    async ensure(name) {
      const existing = await attempt(name, () => find(name))
      if (existing !== undefined) refuseCopyable(existing)
      const isUsable = existing !== undefined && (await attempt(name, () => listValid(name))).length > 0
      if (isUsable) return 'kept'
      await renew(name)
      return 'created'
    },
    async versions(name) {
      const versions = await attempt(name, () => listValid(name))
      return Promise.all(
        versions.map(async (version) => {
          const { cer } = await attempt(name, () => client.getCertificateVersion(name, version))
          if (cer === undefined) throw new Error(`certificate ${name}/${version} has no public part`)
          const byKey = await exportableByKey(url, { name, version }, credential, effects)
          // The policy was judged before.
          if (isExportable({ byPolicy: false, byKey })) throw copyable(name, version)
          return { name, version, der: cer }
        }),
      )
    },
  }
}

function refuseCopyable({ name, policy }: KeyVaultCertificateWithPolicy): void {
  if (isExportable({ byPolicy: policy?.exportable, byKey: undefined })) throw copyable(name)
}

function copyable(name: string, version?: string): HookFault {
  const which = version === undefined ? `certificate ${name}` : `version ${version} of certificate ${name}`
  return new HookFault(`The key of ${which} may be exported, so somebody may have a copy of it.`, [
    `Use another name, such as: azd env set SIGNING_CERTIFICATE ${name}-2 && azd up (APP_ONLY_CERTIFICATE for the app-only client)`,
    version === undefined
      ? 'Then disable the old one, as docs/operate.md says under "Revoke".'
      : 'Or, where another version signs, disable this one first, as docs/operate.md says under "Revoke": azd up',
  ])
}

/** Whether the private key of a version can be taken out of the vault, where whoever may read secrets would find it. */
import type { TokenCredential } from '@azure/identity'
import { KeyClient } from '@azure/keyvault-keys'
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import { attemptVault } from './attempts.ts'

/** What the vault states; undefined where it states nothing. */
export interface ExportStatements {
  /** Of the certificate's policy, which is that of keys to come, and of this one unless it was changed since: a vault keeps one for all. */
  readonly byPolicy: boolean | undefined
  /** Of the key itself. */
  readonly byKey: boolean | undefined
}

/** Where either says so. A policy that says nothing lets a key be exported. */
export function isExportable({ byPolicy, byKey }: ExportStatements): boolean {
  return byPolicy !== false || byKey === true
}

/** The key's own word; undefined where whoever asks may not read keys, which signing does not take. Throws other `vault/*`. */
export async function exportableByKey(
  vaultUrl: string,
  { name, version }: { readonly name: string; readonly version: string },
  credential: TokenCredential,
  effects: Pick<Effects, 'now' | 'sleep' | 'random'>,
): Promise<boolean | undefined> {
  const client = new KeyClient(vaultUrl, credential, { retryOptions: { maxRetries: 0 } })
  try {
    const { properties } = await attemptVault(effects, (abortSignal) =>
      client.getKey(name, { version, abortSignal }),
    )
    return properties.exportable
  } catch (fault) {
    if (fault instanceof AppError && fault.code === 'vault/forbidden') return undefined
    throw fault
  }
}

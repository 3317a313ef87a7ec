/**
 * The list of certificates that a registration is deployed with. Entra replaces the whole list, so what is missing here stops
 * working. Invariant: nothing that is registered and has not expired is ever missing. Pure.
 */
import { HookFault } from './hookFault.ts'
import { type KeyCredential, thumbprintOf } from './keyCredential.ts'

/** An entry as Microsoft Graph shows it. */
export interface RegisteredCredential {
  readonly keyId: string
  /** Shown only when asked for by name, on a single application. */
  readonly key?: string | null
  /** SHA-1 thumbprint, base64, or hexadecimal from older tools. */
  readonly customKeyIdentifier?: string | null
  readonly displayName?: string | null
  readonly startDateTime: string
  readonly endDateTime: string
}

/** What is registered and has not expired, and what the vault holds beside it, in a stable order. */
export function mergeCredentials(
  registered: readonly RegisteredCredential[],
  held: readonly KeyCredential[],
  nowMs: number,
): readonly KeyCredential[] {
  // Entra takes no entry that has expired, and nothing can be signed with it any more.
  const kept = registered
    .filter(({ endDateTime }) => Date.parse(endDateTime) > nowMs)
    .map((entry) => ({
      key: keyOf(entry, held),
      keyId: entry.keyId,
      displayName: entry.displayName ?? entry.keyId,
      startDateTime: new Date(entry.startDateTime).toISOString(),
      endDateTime: new Date(entry.endDateTime).toISOString(),
    }))
  const known = new Set(kept.map(({ key }) => key))
  const added = held.filter(({ key }) => !known.has(key))
  return [...kept, ...added].toSorted(
    (a, b) => compare(a.startDateTime, b.startDateTime) || compare(a.keyId, b.keyId),
  )
}

/** An entry goes back as it came; one that Graph shows without its key is looked up in the vault. */
function keyOf(entry: RegisteredCredential, held: readonly KeyCredential[]): string {
  if (entry.key) return Buffer.from(entry.key, 'base64').toString('base64')
  const found = held.find((one) => {
    const thumbprint = thumbprintOf(one)
    const names = [thumbprint.toString('base64'), thumbprint.toString('hex').toUpperCase()]
    return one.keyId === entry.keyId || names.includes(entry.customKeyIdentifier ?? '')
  })
  if (found !== undefined) return found.key
  throw new HookFault(
    `A registered certificate (key id ${entry.keyId}, until ${entry.endDateTime}) is in no vault this hook reads, and Graph does not show it: a deployment would remove it.`,
    [
      `If it is no longer used: az ad app credential delete --cert --id <client id> --key-id ${entry.keyId}`,
      'If it is: azd env set SIGNET_REGISTRATION administrator, and keep the registration by hand (docs/deploy.md).',
    ],
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

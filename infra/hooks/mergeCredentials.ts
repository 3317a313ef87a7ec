/**
 * The list of certificates that a registration is deployed with. Entra replaces the whole list, so what is missing here stops
 * working. Invariants: nothing that is registered and has not expired is ever missing, and what stays goes back exactly as it was read,
 * for Entra takes no change of an entry that has an id. Pure.
 */
import { HookFault } from './hookFault.ts'
import { isOf, type KeyCredential, type RegisteredCredential } from './keyCredential.ts'

export interface MergedCredentials {
  /** Entries that are there already, in the order in which they were read. */
  readonly kept: readonly Partial<RegisteredCredential>[]
  /** Certificates that no entry is of, oldest first. */
  readonly added: readonly KeyCredential[]
}

/** What an entry of the list may hold; Graph shows more. */
const PROPERTIES = [
  'customKeyIdentifier',
  'displayName',
  'endDateTime',
  'key',
  'keyId',
  'startDateTime',
  'type',
  'usage',
] as const satisfies readonly (keyof RegisteredCredential)[]

/** What is registered and has not expired, and what the vault holds beside it. */
export function mergeCredentials(
  registered: readonly RegisteredCredential[],
  held: readonly KeyCredential[],
  nowMs: number,
): MergedCredentials {
  // Entra takes no entry that has expired, and nothing can be signed with it any more.
  const valid = registered.filter(({ endDateTime }) => Date.parse(endDateTime) > nowMs)
  const added = held.filter((one) => !valid.some((entry) => isOf(one, entry)))
  return {
    kept: valid.map((entry) => asRead(entry, held)),
    added: added.toSorted((a, b) => (a.startDateTime < b.startDateTime ? -1 : 1)),
  }
}

/** Without what was shown as nothing. A key that was not shown is looked up in the vault. */
function asRead(entry: RegisteredCredential, held: readonly KeyCredential[]): Partial<RegisteredCredential> {
  const shown = PROPERTIES.flatMap((name) => {
    const value = entry[name]
    return value === null || value === undefined ? [] : [[name, value] as const]
  })
  return { ...Object.fromEntries(shown), key: keyOf(entry, held) }
}

function keyOf(entry: RegisteredCredential, held: readonly KeyCredential[]): string {
  const key = entry.key ?? held.find((one) => isOf(one, entry))?.key
  if (key) return key
  throw new HookFault(
    `A registered certificate (key id ${entry.keyId}, until ${entry.endDateTime}) is in no vault this hook reads, and Graph does not show it: a deployment would remove it.`,
    [
      `If it is no longer used: az ad app credential delete --cert --id <client id> --key-id ${entry.keyId}`,
      'If it is: azd env set SIGNET_REGISTRATION administrator, and keep the registration by hand (docs/deploy.md).',
    ],
  )
}

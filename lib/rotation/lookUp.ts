/** What a step finds in the row, among the versions of the vault and the keys of the registration. Pure. */
import type { KeyCredential } from '../entra/graphCredentials.ts'
import { AppError } from '../errors/appError.ts'
import { chooseVersion, createdAtMs, type VersionFacts, whyOver, whyUnusable } from '../vault/versions.ts'
import type { HeldVersion } from './ports.ts'
import { type Former, leaving, type NamedVersion, named, type RotationState } from './state.ts'

/**
 * Versions that may take the place of one that cannot sign: those that the row knows first, then as if there were no row; and last those whose
 * key could be copied, which somebody else may have registered.
 */
export function adoptable(state: RotationState, versions: readonly VersionFacts[], nowMs: number): string[] {
  const { active, candidate, former, gone, revoked, exportable = [] } = state
  const over = new Set([
    ...gone,
    ...revoked,
    ...former.filter(({ phase }) => phase === 'going').map((one) => one.version),
  ])
  const valid = versions
    .filter((one) => whyUnusable(one, nowMs) === undefined)
    .toSorted((a, b) => createdAtMs(b) - createdAtMs(a))
  const known = [active, candidate, ...former].flatMap((one) => {
    const facts = versions.find(({ version }) => version === one?.version)
    return facts === undefined || whyOver(facts, nowMs) !== undefined ? [] : [facts.version]
  })
  const order = [...known, chooseVersion(versions, nowMs), ...valid.map(({ version }) => version)]
  const open = [...new Set(order)].flatMap((version) =>
    version === undefined || over.has(version) ? [] : [version],
  )
  return open.toSorted((a, b) => Number(exportable.includes(a)) - Number(exportable.includes(b)))
}

export function formerOf({ former }: RotationState, version: string): Former | undefined {
  return former.find((one) => one.version === version)
}

export function entryOf({ entryId, entryProof }: NamedVersion): Pick<NamedVersion, 'entryId' | 'entryProof'> {
  if (entryId === undefined) return {}
  return entryProof === undefined ? { entryId } : { entryId, entryProof }
}

/** With the id of its entry, where the row has it. */
export function withEntry(held: HeldVersion, { active, candidate, former }: RotationState): NamedVersion {
  const known = [active, candidate, ...former].find((one) => one?.version === held.version)
  return { ...named(held), ...(known === undefined ? {} : entryOf(known)) }
}

/** Whether an entry is of this certificate: by the SHA-256 of its bytes where Graph shows them, else by the name that Entra gives it. */
export function isOf(
  entry: KeyCredential,
  { thumbprintS256, thumbprintSha1 }: Omit<NamedVersion, 'expiresAtMs'>,
): boolean {
  return entry.thumbprintS256 !== undefined && thumbprintS256 !== ''
    ? entry.thumbprintS256 === thumbprintS256
    : entry.thumbprintSha1 === thumbprintSha1
}

/**
 * Ids of the entries of a version: by the names in the row, and by what the vault itself lists of that version. Throws `rotation/key_not_own`
 * where the row names what the vault does not know as that: whoever can write it could name the key of somebody else.
 */
export function ownIds(
  one: NamedVersion,
  entries: readonly KeyCredential[],
  versions: readonly VersionFacts[],
): readonly string[] {
  const thumbprintSha1 = versions.find(({ version }) => version === one.version)?.thumbprintSha1
  const own = entries.filter(
    (entry) => isOf(entry, one) && thumbprintSha1 !== undefined && entry.thumbprintSha1 === thumbprintSha1,
  )
  if (own.length === 0) throw new AppError('rotation/key_not_own', { detail: `version ${one.version}` })
  return own.map(({ keyId }) => keyId)
}

/** Keys of older versions that are registered and that no row speaks of: from before the first run, or from one that woke up late. */
export function leftBehind(
  state: RotationState,
  versions: readonly VersionFacts[],
  entries: readonly KeyCredential[],
): Former[] {
  const { active, candidate, former } = state
  const spokenOf = new Set([active?.version, candidate?.version, ...former.map(({ version }) => version)])
  const activeAtMs = createdAtMs(versions.find(({ version }) => version === active?.version))
  return versions.flatMap((facts) => {
    const { version, thumbprintSha1 = '', expiresOn } = facts
    if (version === undefined || spokenOf.has(version) || createdAtMs(facts) >= activeAtMs) return []
    const entry = entries.find((one) => one.thumbprintSha1 === thumbprintSha1)
    if (entry === undefined) return []
    const expiresAtMs = expiresOn?.getTime() ?? Number.MAX_SAFE_INTEGER
    const thumbprintS256 = entry.thumbprintS256 ?? ''
    return [leaving({ version, thumbprintS256, thumbprintSha1, expiresAtMs, entryId: entry.keyId }, state)]
  })
}

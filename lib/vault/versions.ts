/**
 * Which version of a certificate may sign. The vault renews a certificate by itself and tells nobody, so the newest version may
 * be one that Entra has not heard of: a young version waits while an older one is still valid, and one that Entra refused stands back.
 */

/** What the vault says of one version. */
export interface VersionFacts {
  readonly version?: string
  readonly enabled?: boolean
  readonly createdOn?: Date
  readonly notBefore?: Date
  readonly expiresOn?: Date
}

/** How old a version must be before it replaces a valid older one: the time there is to register it with Entra. */
export const ACTIVATION_DELAY_MS = 24 * 3_600_000

/** True when a version may sign whatever other versions there are. */
export function isSettled(version: VersionFacts, nowMs: number): boolean {
  return whyUnusable(version, nowMs) === undefined && nowMs - createdAtMs(version) >= ACTIVATION_DELAY_MS
}

/**
 * The newest settled version, else the oldest valid one (the only one there is, or the one longest known), else none. Those in
 * `refused` are chosen only where nothing else is valid.
 */
export function chooseVersion(
  versions: readonly VersionFacts[],
  nowMs: number,
  refused: ReadonlySet<string> = new Set(),
): string | undefined {
  const valid = versions
    .filter((version) => whyUnusable(version, nowMs) === undefined)
    .sort((a, b) => createdAtMs(b) - createdAtMs(a))
  const accepted = valid.filter(({ version = '' }) => !refused.has(version))
  const candidates = accepted.length > 0 ? accepted : valid
  return (candidates.find((version) => isSettled(version, nowMs)) ?? candidates.at(-1))?.version
}

/** Why a version cannot sign now, as far as its own facts tell; undefined where they tell nothing against it. */
export function whyUnusable(
  { enabled, notBefore, expiresOn }: VersionFacts,
  nowMs: number,
): string | undefined {
  if (enabled === false) return 'disabled'
  if (notBefore !== undefined && notBefore.getTime() > nowMs)
    return `not valid before ${notBefore.toISOString()}`
  if (expiresOn !== undefined && expiresOn.getTime() <= nowMs) return `expired ${expiresOn.toISOString()}`
  return undefined
}

function createdAtMs({ createdOn }: VersionFacts): number {
  return createdOn?.getTime() ?? 0
}

/**
 * Which version of a certificate may sign. The vault renews a certificate by itself and tells nobody, so the newest version may
 * be one that Entra has not heard of: a young version waits while an older one is still valid.
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
  return isValid(version, nowMs) && nowMs - createdAtMs(version) >= ACTIVATION_DELAY_MS
}

/** The newest settled version, else the oldest valid one (the only one there is, or the one longest known), else none. */
export function chooseVersion(versions: readonly VersionFacts[], nowMs: number): string | undefined {
  const valid = versions
    .filter((version) => isValid(version, nowMs))
    .sort((a, b) => createdAtMs(b) - createdAtMs(a))
  return (valid.find((version) => isSettled(version, nowMs)) ?? valid.at(-1))?.version
}

function isValid({ enabled, notBefore, expiresOn }: VersionFacts, nowMs: number): boolean {
  return (
    enabled !== false &&
    (notBefore === undefined || notBefore.getTime() <= nowMs) &&
    (expiresOn === undefined || expiresOn.getTime() > nowMs)
  )
}

function createdAtMs({ createdOn }: VersionFacts): number {
  return createdOn?.getTime() ?? 0
}

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
  /** Upper-case hex, of its certificate. */
  readonly thumbprintSha1?: string
}

/** What a rotation says of the versions. */
export interface VersionNaming {
  /** The one that signs, on every instance. */
  readonly signs: string
  /** Those that Entra knows besides, the best first: for when that one cannot. */
  readonly instead: readonly string[]
  /** Those that sign only where nothing else is valid. */
  readonly barred: ReadonlySet<string>
}

/**
 * Which version signs now; undefined where no rotation says so, and the rule of age below decides. `anew`: after a refusal, so that nothing
 * remembered will do. Throws `session/*` where it has not been heard for too long.
 */
export type NameVersions = (anew?: boolean) => Promise<VersionNaming | undefined>

/** So far ahead a clock may be without doing harm. */
const CLOCK_OFF_MS = 2 * 3_600_000
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

/**
 * The same of a version that Entra has accepted: it began to be valid, whatever the time is here, and where the clock may be wrong, the vault
 * itself refuses to sign with one that has just run out.
 */
export function whyOver({ enabled, expiresOn }: VersionFacts, nowMs: number): string | undefined {
  return whyUnusable(
    {
      ...(enabled === undefined ? {} : { enabled }),
      ...(expiresOn === undefined ? {} : { expiresOn }),
    },
    nowMs - CLOCK_OFF_MS,
  )
}

/** Milliseconds since the epoch; of none, the beginning of time. */
export function createdAtMs(version: VersionFacts | undefined): number {
  return version?.createdOn?.getTime() ?? 0
}

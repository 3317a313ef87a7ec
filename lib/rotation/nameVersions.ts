/**
 * Which version an instance signs with, from the row: read at most every half minute, in the background while what was read is a minute old at
 * most, and before a signature where it is older. Where the table cannot be read it is believed for ten minutes, then nothing is
 * signed: an old version is only removed when nobody can believe in it any more.
 */
import type { Effects } from '../base/effects.ts'
import { createRefreshing } from '../base/refreshing.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { NameVersions, VersionNaming } from '../vault/versions.ts'
import type { RowPort } from './ports.ts'
import type { RotationState } from './state.ts'

const FRESH_MS = 30_000
const USABLE_MS = 60_000
/** Part of what a former version rests for, before it is removed. */
const BELIEVED_MS = 10 * 60_000

export function createNameVersions(
  rows: Pick<RowPort, 'read'>,
  { now, log }: Pick<Effects, 'now' | 'log'>,
): NameVersions {
  const naming = createRefreshing<VersionNaming | undefined>({
    now,
    onFault: (fault) => log('warn', 'rotation.not_read', faultFacts(fault)),
    load: async () => {
      // Counted from before the row was read: what it says may be as old as that.
      const askedMs = now()
      const stored = await rows.read()
      return {
        value: stored && namingOf(stored.state),
        freshUntilMs: askedMs + FRESH_MS,
        usableUntilMs: askedMs + USABLE_MS,
        lastResortUntilMs: askedMs + BELIEVED_MS,
      }
    },
  })
  return async (anew = false) => {
    if (!anew) return naming.get()
    return naming.renew().catch(() => naming.get())
  }
}

/** What the row says to whoever signs; undefined before Entra accepted a first version. */
function namingOf({
  active,
  former,
  gone,
  revoked,
  exportable = [],
}: RotationState): VersionNaming | undefined {
  if (active === undefined) return undefined
  const inPhase = (wanted: string) =>
    former.flatMap(({ version, phase }) => (phase === wanted ? [version] : []))
  const barred = new Set([...gone, ...inPhase('going'), ...revoked, ...exportable])
  barred.delete(active.version)
  return {
    signs: active.version,
    instead: [...inPhase('leaving'), ...inPhase('resting')].filter((version) => !barred.has(version)),
    barred,
  }
}

/**
 * The removal of an old key, and what it takes to believe that it is one of ours: the row alone does not do, for others may be able to write it.
 */
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import type { VersionFacts } from '../vault/versions.ts'
import { accepts } from './doubt.ts'
import { formerOf, isOf, ownIds } from './lookUp.ts'
import type { HeldVersion, RotationPorts, Trial } from './ports.ts'
import { type NamedVersion, type RotationState, removed } from './state.ts'

interface RemovalParts extends Pick<Effects, 'now'> {
  /** The version that signs, which Entra has accepted in this run. */
  readonly activeOf: (state: RotationState) => Promise<Trial & { readonly held: HeldVersion }>
  readonly inDoubt: RotationPorts['trial']
}

/** The step; undefined where there is nothing to remove any more. */
export function createRemoval(
  { vault, registration, entryProofs }: RotationPorts,
  { now, activeOf, inDoubt }: RemovalParts,
): (
  state: RotationState,
  version: string,
  versions: readonly VersionFacts[],
) => Promise<RotationState | undefined> {
  /**
   * Blind, by the id in the row, where the key of that version has signed for it: whoever can write the row could name the key of somebody
   * else. None where it has run out. Throws `graph/forbidden`, `rotation/key_not_own`.
   */
  async function provenIds(one: NamedVersion): Promise<readonly string[]> {
    const { entryId, version, expiresAtMs } = one
    if (entryId !== undefined && (await entryProofs.isProven(one))) return [entryId]
    if (expiresAtMs <= now()) return []
    if (entryId === undefined)
      throw new AppError('graph/forbidden', { detail: 'which entry it is cannot be seen' })
    throw new AppError('rotation/key_not_own', { detail: `version ${version}` })
  }

  /** Whether a removal was refused because there is nothing to remove. Graph documents no answer for that, so it is looked for. */
  async function isGone(fault: unknown, one: NamedVersion, token: string): Promise<boolean> {
    if (!(fault instanceof AppError)) return false
    if (fault.code !== 'graph/request_rejected') return fault.code === 'graph/not_found'
    const entries = await registration.entries(token)
    if (entries !== undefined) return !entries.some((entry) => isOf(entry, one))
    return vault.held(one.version).then(
      async (held) => !(await accepts(held, inDoubt)),
      () => false,
    )
  }

  return async (state, version, versions) => {
    const one = formerOf(state, version)
    if (one === undefined || state.active === undefined) return undefined
    // Never the one that signs, whatever the row says.
    if (version === state.active.version)
      return { ...state, former: state.former.filter((each) => each !== one) }
    const { token, held: by } = await activeOf(state)
    const entries = await registration.entries(token)
    if (entries?.some((entry) => isOf(entry, one)) === false) return removed(state, version)
    // Never the last one: what is left has to be seen.
    if (entries !== undefined && !entries.some((entry) => isOf(entry, by)))
      throw new AppError('rotation/last_key', { detail: `version ${by.version} is not listed` })
    const ids = entries === undefined ? await provenIds(one) : ownIds(one, entries, versions)
    if (ids.length === 0) return removed(state, version)
    for (const entryId of ids) {
      try {
        await registration.remove(token, entryId, by)
      } catch (fault) {
        // Another run was faster, or died over it.
        if (!(await isGone(fault, one, token))) throw fault
      }
    }
    return removed(state, version)
  }
}

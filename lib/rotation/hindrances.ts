/** What stands in the way of a step: written down when it is met, and forgotten when it is over. Pure. */
import type { AppError } from '../errors/appError.ts'
import { createdAtMs, type VersionFacts, whyOver } from '../vault/versions.ts'
import type { Step } from './decide.ts'
import { type Hindrance, type RotationState, withExportable } from './state.ts'

const CODE = 'rotation/key_exportable'

export function met({ kind: step, version }: Step, { code, context }: AppError, atMs: number): Hindrance {
  const { detail } = context
  return { step, version, code, ...(detail === undefined ? {} : { detail }), atMs }
}

/** A version whose key can be copied is out for good; where it is one that the app had made, no other is made for an hour. */
export function hindered(state: RotationState, one: Hindrance): RotationState {
  const hindrances = [one, ...without(state, one)]
  if (one.code !== CODE) return { ...state, hindrances }
  const { creating } = state
  const isOwn = creating?.isAsked === true && !creating.besides.includes(one.version)
  const making: Hindrance[] = isOwn ? [{ ...one, step: 'announce', version: '' }] : []
  return withExportable({ ...state, hindrances: [...making, ...hindrances] }, one.version)
}

/** What stood in the way of a step is over when the step was taken, or its version is no longer spoken of. */
export function succeeded(
  state: RotationState,
  { kind: step, version }: Step,
  versions: readonly VersionFacts[],
  nowMs: number,
): RotationState {
  const { active, candidate, former } = state
  const refused = refusedSince(state, versions, nowMs)
  const spokenOf = [active?.version, candidate?.version, ...former.map((one) => one.version), ...refused]
  const alive = new Set(['', ...spokenOf])
  const isOver = (one: Hindrance): boolean =>
    !alive.has(one.version) || (one.code === CODE && refused.length === 0)
  return { ...state, hindrances: without(state, { step, version }).filter((one) => !isOver(one)) }
}

/** Those that would be next if their key could not be copied. */
function refusedSince(
  { active, exportable = [] }: RotationState,
  versions: readonly VersionFacts[],
  nowMs: number,
): string[] {
  const activeAtMs = createdAtMs(versions.find(({ version }) => version === active?.version))
  return versions
    .filter((one) => createdAtMs(one) > activeAtMs && whyOver(one, nowMs) === undefined)
    .flatMap(({ version }) => (version !== undefined && exportable.includes(version) ? [version] : []))
}

function without(
  { hindrances }: RotationState,
  { step, version }: Pick<Hindrance, 'step' | 'version'>,
): Hindrance[] {
  return hindrances.filter((one) => one.step !== step || one.version !== version)
}

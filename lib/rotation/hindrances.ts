/** What stands in the way of a step: written down when it is met, and forgotten when it is over. Pure. */
import { type AppError, withCode } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'
import { lasting, whileItMayPass } from '../vault/grace.ts'
import { createdAtMs, type VersionFacts, whyOver } from '../vault/versions.ts'
import type { Step } from './decide.ts'
import { type Hindrance, type RotationState, withExportable } from './state.ts'

const CODE = 'rotation/key_exportable'

/** The fault that a step met, as it is to be judged: a right that was granted a moment ago is waited for, counted from the first refusal in the row. */
export function patiently(
  fault: AppError,
  step: Pick<Hindrance, 'step' | 'version'>,
  state: RotationState,
  nowMs: number,
): AppError {
  return withCode(fault, whileItMayPass(fault.code, sinceOf(step, fault.code, state) ?? nowMs, nowMs))
}

export function met(
  step: Pick<Hindrance, 'step' | 'version'>,
  { code, context: { detail } }: AppError,
  state: RotationState,
  atMs: number,
): Hindrance {
  const sinceMs = sinceOf(step, code, state) ?? atMs
  return { ...step, code, ...(detail === undefined ? {} : { detail }), atMs, sinceMs }
}

/** When it was first met, of a row that has said so of each run since; a refusal is one, whether or not it may still pass. */
function sinceOf(
  { step, version }: Pick<Hindrance, 'step' | 'version'>,
  code: ErrorCode,
  { hindrances }: RotationState,
): number | undefined {
  const last = hindrances.find((one) => one.step === step && one.version === version)
  if (last === undefined || lasting(last.code) !== lasting(code)) return undefined
  return last.sinceMs ?? last.atMs
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
  // Another run has only taken it over.
  const isTaken = step !== 'register' || candidate?.phase !== 'claimed'
  const left = isTaken ? without(state, { step, version }) : state.hindrances
  return { ...state, hindrances: left.filter((one) => !isOver(one)) }
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

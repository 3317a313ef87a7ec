/**
 * What the next step is, given the row and what the vault lists. Pure: a run asks again after each step, and so does the run that takes over
 * from one that died. Steps that lead to a new version come before those that take an old one away.
 */
import { ERRORS } from '../errors/table.ts'
import { createdAtMs, type VersionFacts, whyOver, whyUnusable } from '../vault/versions.ts'
import type { RotationState } from './state.ts'

/** How often somebody makes sure that the version in use is accepted, and looks for keys that were left behind. */
const LOOK_EVERY_MS = 3_600_000
/** How long a step that only an operator can make possible is left alone. */
const HINDERED_MS = 3_600_000
/** How long a version may take to be made, as by an authority that issues it, before it is asked for once more. */
const CREATION_MS = 24 * 3_600_000
/** With `auto`, a new version is made when a third of the old one's life is left, or this much. */
const MOST_LIFE_LEFT_MS = 60 * 24 * 3_600_000

export type Step =
  | { readonly kind: 'adopt' | 'look'; readonly version: '' }
  | { readonly kind: 'drop' | 'claim' | 'register' | 'prove'; readonly version: string }
  | { readonly kind: 'rest' | 'release' | 'remove'; readonly version: string }
  | { readonly kind: 'announce' | 'create' | 'created'; readonly version: '' }

export interface Situation {
  readonly versions: readonly VersionFacts[]
  readonly nowMs: number
  /** The run that asks. */
  readonly runId: string
  /** Whether it may make a version of its own accord. */
  readonly mayCreate: boolean
  /** Whether it tries what was hindered, without waiting. */
  readonly isUrgent: boolean
  /** Steps that this run tried in vain. */
  readonly tried: ReadonlySet<string>
  /** Versions that Entra refused in this run. */
  readonly refused: ReadonlySet<string>
}

export function keyOf({ kind, version }: { readonly kind: string; readonly version: string }): string {
  return `${kind} ${version}`
}

/** Undefined where there is nothing to do. */
export function nextStep(state: RotationState, situation: Situation): Step | undefined {
  return stepsOf(state, situation).find((step) => isOpen(step, state, situation))
}

function isOpen(step: Step, { hindrances }: RotationState, situation: Situation): boolean {
  const { tried, nowMs, isUrgent } = situation
  if (tried.has(keyOf(step))) return false
  const met = hindrances.find(({ step: kind, version }) => kind === step.kind && version === step.version)
  if (met === undefined || isUrgent || ERRORS[met.code].kind === 'upstream') return true
  // A clock that was set back must not lengthen it.
  return Math.abs(nowMs - met.atMs) >= HINDERED_MS
}

/** What there is to do, the most urgent first. */
function stepsOf(state: RotationState, situation: Situation): Step[] {
  const { active, candidate, former, creating } = state
  const { runId, refused } = situation
  if (active === undefined || refused.has(active.version) || !canSign(active.version, situation))
    return [{ kind: 'adopt', version: '' }]
  const steps: Step[] = []
  if (candidate !== undefined) {
    const { version, phase } = candidate
    if (!canSign(version, situation) || state.exportable?.includes(version))
      return [{ kind: 'drop', version }]
    if (phase === 'claimed') steps.push({ kind: 'register', version })
    if (phase === 'registered' || isHindered('register', version, state))
      steps.push({ kind: 'prove', version })
  }
  const [newest] = newerVersions(state, situation)
  const isStuck = candidate !== undefined && isHindered('register', candidate.version, state)
  if (newest !== undefined && (candidate === undefined || (isStuck && newest !== candidate.version)))
    steps.push({ kind: 'claim', version: newest })
  if (creating !== undefined && hasComeToAnEnd(creating, situation))
    steps.push({ kind: 'created', version: '' })
  // One that the vault refused was not begun: whoever tries it again need not be the run that announced it.
  else if (creating?.isAsked === false && (creating.by === runId || isRefused('create', '', state)))
    steps.push({ kind: 'create', version: '' })
  if (candidate === undefined && newest === undefined && creating === undefined && wantsNew(state, situation))
    steps.push({ kind: 'announce', version: '' })
  for (const { version, phase } of former)
    steps.push({
      kind: ({ leaving: 'rest', resting: 'release', going: 'remove' } as const)[phase],
      version,
    })
  if (state.lookedAtMs === undefined || Math.abs(situation.nowMs - state.lookedAtMs) >= LOOK_EVERY_MS)
    steps.push({ kind: 'look', version: '' })
  return steps
}

/** For want of a right, or for whatever else an operator has to do. */
function isRefused(step: Step['kind'], version: string, state: RotationState): boolean {
  const isAwaited = state.hindrances.some(
    (one) => one.step === step && one.version === version && one.code === 'vault/not_yet_allowed',
  )
  return isAwaited || isHindered(step, version, state)
}

function isHindered(step: Step['kind'], version: string, { hindrances }: RotationState): boolean {
  return hindrances.some(
    (one) => one.step === step && one.version === version && ERRORS[one.code].kind === 'setup',
  )
}

/** Versions that may come to sign and are younger than the one that does, or were made in the same second; youngest first. */
function newerVersions(
  state: RotationState,
  { versions, nowMs }: Pick<Situation, 'versions' | 'nowMs'>,
): string[] {
  const { active, former, gone, revoked, exportable = [] } = state
  const over = new Set([
    active?.version,
    ...former.map(({ version }) => version),
    ...gone,
    ...revoked,
    ...exportable,
  ])
  const activeAtMs = createdAtMs(versions.find(({ version }) => version === active?.version))
  return versions
    .filter((one) => whyUnusable(one, nowMs) === undefined && createdAtMs(one) >= activeAtMs)
    .toSorted((a, b) => createdAtMs(b) - createdAtMs(a))
    .flatMap(({ version }) => (version === undefined || over.has(version) ? [] : [version]))
}

function canSign(version: string, { versions, nowMs }: Situation): boolean {
  const facts = versions.find((one) => one.version === version)
  return facts !== undefined && whyOver(facts, nowMs) === undefined
}

function hasComeToAnEnd(creating: NonNullable<RotationState['creating']>, situation: Situation): boolean {
  const { versions, nowMs } = situation
  const isThere = versions.some(({ version = '' }) => !creating.besides.includes(version))
  return isThere || Math.abs(nowMs - creating.atMs) >= (creating.isAsked ? CREATION_MS : HINDERED_MS)
}

function wantsNew({ active, isWanted }: RotationState, { versions, nowMs, mayCreate }: Situation): boolean {
  if (isWanted || !mayCreate) return isWanted
  const dueMs = successorDueMs(versions.find(({ version }) => version === active?.version))
  return dueMs !== undefined && nowMs >= dueMs
}

/** When `auto` makes the version that follows this one, in milliseconds since the epoch; undefined where it never runs out. */
export function successorDueMs(version: VersionFacts | undefined): number | undefined {
  const { notBefore, createdOn, expiresOn } = version ?? {}
  const beganOn = notBefore ?? createdOn
  if (expiresOn === undefined || beganOn === undefined) return undefined
  const lifeMs = expiresOn.getTime() - beganOn.getTime()
  return expiresOn.getTime() - Math.min(lifeMs / 3, MOST_LIFE_LEFT_MS)
}

/**
 * One run: reads the row, takes the next step, writes what came of it if the row is still as it was read, and goes on until there is nothing
 * to do. It may die at any await, and any number of runs may be under way: what cannot be taken back is announced before, and whoever
 * comes later looks whether it happened.
 */
import type { Effects } from '../base/effects.ts'
import { AppError, asAppError } from '../errors/appError.ts'
import { faultFacts } from '../errors/faultFacts.ts'
import type { VersionFacts } from '../vault/versions.ts'
import { keyOf, nextStep, type Step } from './decide.ts'
import { hindered, met, patiently, succeeded } from './hindrances.ts'
import type { RotationPorts, StoredState } from './ports.ts'
import { NOTHING_YET, type RotationState } from './state.ts'
import { createSteps } from './steps.ts'

/** More than any exchange needs: whoever meets another writer at each step does not go on for ever. */
const MOST_STEPS = 40
/** How often a row is begun that is gone again when it is read: somebody removes it all the time. */
const MOST_BEGINNINGS = 5

export interface RunOptions {
  /** Makes a new version when too little life is left in the old one. */
  readonly mayCreate: boolean
  /** Tries at once what an operator had to make possible. */
  readonly isUrgent?: boolean
  /** Waits a while for a right that may have been granted a moment ago. */
  readonly isPatient?: boolean
  readonly runId: string
  /** What the log and the operator know the application by. */
  readonly clientId: string
  readonly effects: Pick<Effects, 'now' | 'sleep' | 'log'>
}

export interface RunReport {
  readonly state: RotationState
  readonly versions: readonly VersionFacts[]
  /** What was done, in order. */
  readonly done: readonly { readonly step: Step['kind']; readonly version: string }[]
}

/** Throws what keeps a run from knowing anything: `session/*` for the row, `vault/*` for the versions, `rotation/newer_state`. */
export async function runRotation(ports: RotationPorts, options: RunOptions): Promise<RunReport> {
  const { runId, clientId, effects, mayCreate, isUrgent = false, isPatient = false } = options
  const { now, log } = effects
  const tried = new Set<string>()
  const done: { step: Step['kind']; version: string }[] = []
  const steps = createSteps(ports, options)
  let versions = await ports.vault.versions()
  let stored = await readOrBegin(ports)

  for (let taken = 0; taken < MOST_STEPS; taken += 1) {
    const { state, etag } = stored
    const situation = { versions, nowMs: now(), runId, mayCreate, isUrgent, tried, refused: steps.refused }
    const step = nextStep(state, situation)
    if (step === undefined) break
    try {
      const next = await steps.take(step, state, versions)
      // By a clock that is wrong it is time for a look at any time.
      if (next === undefined || step.kind === 'look') tried.add(keyOf(step))
      if (next === undefined) continue
      if (await ports.rows.replace(succeeded(next, step, versions, now()), etag)) {
        done.push({ step: step.kind, version: step.version })
        log('info', 'rotation.step', {
          clientId,
          step: step.kind,
          certificateVersion: step.version || undefined,
          policyDoubts: step.kind === 'create' ? next.doubts : undefined,
        })
      }
    } catch (thrown) {
      const at = { step: step.kind, version: step.version }
      const fault = isPatient ? patiently(asAppError(thrown), at, state, now()) : asAppError(thrown)
      // Of the row: nothing more is known, and the next run finds out.
      if (fault.code.startsWith('session/') || fault.code.startsWith('bug/')) throw fault
      const next = hindered(state, met(at, fault, state, now()))
      for (const one of next.hindrances)
        if (!state.hindrances.includes(one)) tried.add(keyOf({ kind: one.step, version: one.version }))
      log('warn', 'rotation.hindered', {
        clientId,
        step: step.kind,
        certificateVersion: step.version || undefined,
        ...faultFacts(fault),
      })
      await ports.rows.replace(next, etag)
    }
    if (step.kind === 'create') versions = await ports.vault.versions()
    stored = await readOrBegin(ports)
  }
  return { state: stored.state, versions, done }
}

async function readOrBegin({ rows }: RotationPorts): Promise<StoredState> {
  for (let begun = 0; begun < MOST_BEGINNINGS; begun += 1) {
    const stored = await rows.read()
    if (stored !== undefined) return stored
    await rows.insert(NOTHING_YET)
  }
  throw new AppError('session/store_unavailable', { detail: 'the row of the exchange does not stay' })
}

/** How far an exchange is, for people and for the doctor: which version signs, what becomes of the others, what is in the way, what is next. Pure. */
import { ERRORS, type ErrorCode } from '../errors/table.ts'
import { createdAtMs, type VersionFacts, whyUnusable } from '../vault/versions.ts'
import { nextStep, type Step } from './decide.ts'
import type { PolicyDoubt } from './policy.ts'
import type { Reign, RotationState } from './state.ts'

const HOUR_MS = 3_600_000

export interface VersionStatus {
  readonly version: string
  /** Upper-case hex, where the vault says it. */
  readonly thumbprintSha1?: string
  readonly standing:
    | 'signs'
    | 'claimed'
    | 'registered'
    | 'leaving'
    | 'resting'
    | 'going'
    | 'gone'
    | 'not in use'
  readonly createdAtMs: number
  readonly expiresAtMs?: number
  /** Why it cannot sign, as far as the vault says. */
  readonly unusable?: string
  readonly isRevoked: boolean
  /** Its key could be copied when somebody looked. */
  readonly isExportable: boolean
}

export interface RotationStatus {
  /** Newest first. */
  readonly versions: readonly VersionStatus[]
  readonly active?: {
    readonly version: string
    /** Since then at the latest, where nobody wrote down what signed before. */
    readonly sinceMs: number
    readonly isFoundSigning: boolean
    readonly daysLeft: number
  }
  readonly hindrances: readonly {
    readonly step: string
    readonly version: string
    readonly code: ErrorCode
    readonly detail?: string
    readonly atMs: number
    readonly sinceMs: number
    /** What the operator does. */
    readonly action: string
  }[]
  /** What the policies of the tenant left open when a version was last made. */
  readonly doubts: readonly PolicyDoubt[]
  /** What the next run does, in words. */
  readonly next: string
  /** Which version signed, from when to when, newest first. */
  readonly reigns: readonly KnownReign[]
}

/** Which of them began unseen is always said. */
export type KnownReign = Reign & { readonly isFoundSigning: boolean }

const NEXT: Readonly<Record<Step['kind'], (version: string) => string>> = {
  adopt: () => 'a version is looked for that Entra accepts',
  drop: (version) => `version ${version} is given up: it cannot sign any more`,
  claim: (version) => `version ${version} is going to be registered`,
  register: (version) => `version ${version} is registered`,
  prove: (version) => `version ${version} is proven by token requests of its own, and then signs`,
  rest: (version) => `version ${version} begins to rest: nobody signs with it any more`,
  release: (version) =>
    `version ${version} is removed from the registration once it has rested for 25 minutes`,
  remove: (version) => `version ${version} is removed from the registration`,
  announce: () => 'a new version is made in the vault',
  create: () => 'a new version is made in the vault',
  created: () => 'the new version is taken up',
  look: () => 'nothing; the version that signs is tried once an hour',
}

interface StatusInput {
  readonly state: RotationState
  readonly versions: readonly VersionFacts[]
  readonly mayCreate: boolean
  readonly nowMs: number
}

export function rotationStatus({ state, versions, mayCreate, nowMs }: StatusInput): RotationStatus {
  const { active, hindrances, doubts = [] } = state
  const reigns = state.reigns.map(asKnown)
  const nothing = new Set<string>()
  const step = nextStep(state, {
    versions,
    nowMs,
    mayCreate,
    runId: '',
    isUrgent: false,
    tried: nothing,
    refused: nothing,
  })
  return {
    versions: versions
      .toSorted((a, b) => createdAtMs(b) - createdAtMs(a))
      .map((facts) => versionStatus(facts, state, nowMs)),
    ...(active === undefined
      ? {}
      : {
          active: {
            version: active.version,
            sinceMs: active.sinceMs,
            isFoundSigning: reigns[0]?.isFoundSigning ?? true,
            daysLeft: Math.floor((active.expiresAtMs - nowMs) / (24 * HOUR_MS)),
          },
        }),
    hindrances: hindrances.map((one) => ({
      ...one,
      sinceMs: one.sinceMs ?? one.atMs,
      action: ERRORS[one.code].operatorAction,
    })),
    doubts,
    next: step === undefined ? idle(hindrances) : NEXT[step.kind](step.version),
    reigns,
  }
}

/** Of the oldest in a row of an older build nobody knows what it took over from. */
function asKnown(reign: Reign, index: number, { length }: readonly Reign[]): KnownReign {
  return { ...reign, isFoundSigning: reign.isFoundSigning ?? index === length - 1 }
}

/** What comes next where something is in the way. */
export const HINDERED = 'what is in the way is tried again once an hour, or by npm run rotate'

/** A version whose key can be copied is not tried again: another one has to come. */
function idle(hindrances: RotationState['hindrances']): string {
  return hindrances.some(({ code }) => code !== 'rotation/key_exportable')
    ? HINDERED
    : 'nothing until there is a new version'
}

function versionStatus(facts: VersionFacts, state: RotationState, nowMs: number): VersionStatus {
  const { version = '', thumbprintSha1, expiresOn } = facts
  const unusable = whyUnusable(facts, nowMs)
  return {
    version,
    standing: standingOf(version, state),
    createdAtMs: createdAtMs(facts),
    ...(thumbprintSha1 === undefined ? {} : { thumbprintSha1 }),
    ...(expiresOn === undefined ? {} : { expiresAtMs: expiresOn.getTime() }),
    ...(unusable === undefined ? {} : { unusable }),
    isRevoked: state.revoked.includes(version),
    isExportable: state.exportable?.includes(version) === true,
  }
}

function standingOf(version: string, state: RotationState): VersionStatus['standing'] {
  const { active, candidate, former, gone } = state
  if (version === active?.version) return 'signs'
  if (version === candidate?.version) return candidate.phase
  const left = former.find((one) => one.version === version)
  return left?.phase ?? (gone.includes(version) ? 'gone' : 'not in use')
}

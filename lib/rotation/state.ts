/**
 * Where one application stands in exchanging its certificate: one row, which every run reads, changes under compare-and-swap and leaves to
 * the next. What cannot be taken back (a key added, a key removed) is announced in it first, so that a run may die anywhere.
 *
 * | a version is | that is                                                          | until                                                                        | then         |
 * |--------------|------------------------------------------------------------------|------------------------------------------------------------------------------|--------------|
 * | new          | in the vault, younger than the one that signs; not in the row    | a run announces that it registers it                                         | `claimed`    |
 * | `claimed`    | being registered by the run that says so                         | Entra took it (addKey), or shows or accepts it                               | `registered` |
 * |              |                                                                  | that run is silent for two minutes                                           | claimed anew |
 * | `registered` | known to Entra, perhaps not everywhere                           | three token requests of its own in a row are accepted                        | active       |
 * | active       | what every instance signs with                                   | a younger one is active                                                      | `leaving`    |
 * | `leaving`    | what an instance may still sign with that has not read the row   | after that, Entra accepts a token request and says what time it is           | `resting`    |
 * | `resting`    | what nobody signs with any more; its assertions run out          | by Entra's clock, 25 minutes are over, and the active one is accepted still   | `going`      |
 * | `going`      | about to be removed                                              | removeKey, or Entra shows it no more                                         | gone         |
 *
 * One that cannot sign any more (disabled, expired) leaves from wherever it is; one that was revoked goes as soon as another is active; one
 * whose key can be taken out of the vault is not claimed at all. Where the active one is refused each time or cannot sign, the next that Entra accepts takes its place. Moments that count are Entra's own, from
 * the `Date` of its answers: the clocks of two instances may be hours apart.
 */
import { AppError } from '../errors/appError.ts'
import type { ErrorCode } from '../errors/table.ts'
import type { PolicyDoubt } from './policy.ts'

/** One version of the certificate, by every name that somebody may know it under. */
export interface NamedVersion {
  readonly version: string
  /** base64url. */
  readonly thumbprintS256: string
  /** Upper-case hex. */
  readonly thumbprintSha1: string
  readonly expiresAtMs: number
  /** Of its entry in the registration, where that is known. */
  readonly entryId?: string
  /** That it is of this version, signed by its key; absent from rows of older builds, and where the registration was looked at instead. */
  readonly entryProof?: string
}

export interface Candidate extends NamedVersion {
  readonly phase: 'claimed' | 'registered'
  /** The run that claimed it. */
  readonly by: string
  /** Entra's time of the claim, or of the registration. */
  readonly sinceMs: number
  /** Whether a run before this one may have added it already. */
  readonly isClaimedAnew: boolean
}

export interface Former extends NamedVersion {
  readonly phase: 'leaving' | 'resting' | 'going'
  /** Entra's time at which it was known that nobody signs with it. */
  readonly sinceMs?: number
}

export interface Creation {
  /** The run that announced it. */
  readonly by: string
  /** By the clock of that run, in milliseconds since the epoch. */
  readonly atMs: number
  /** The versions that there were: another one ends it. */
  readonly besides: readonly string[]
  readonly isAsked: boolean
}

/** What stands in the way of a step. */
export interface Hindrance {
  readonly step: string
  readonly version: string
  readonly code: ErrorCode
  readonly detail?: string
  /** Milliseconds since the epoch, by the clock of the run that met it last. */
  readonly atMs: number
  /** The same of the run that met it first; absent from rows of older builds. */
  readonly sinceMs?: number
}

/** Which version signed, from when to when, by Entra's clock. Instances read the row every half minute, and follow by that much later. */
export interface Reign {
  readonly version: string
  readonly thumbprintSha1: string
  readonly fromMs: number
  /** The row named none until then, so that the rule of age decided: this one, or another, may have signed long before. Absent from rows of older builds. */
  readonly isFoundSigning?: boolean
  readonly untilMs?: number
}

export interface RotationState {
  readonly v: typeof STATE_VERSION
  readonly active?: NamedVersion & { readonly sinceMs: number }
  readonly candidate?: Candidate
  readonly former: readonly Former[]
  /** Versions that were removed from the registration, as far as the vault still lists them: they never sign again. */
  readonly gone: readonly string[]
  /** Versions that somebody revoked. */
  readonly revoked: readonly string[]
  /** Versions whose key could be copied when somebody looked, as far as the vault still lists them: no later policy takes a copy back. */
  readonly exportable?: readonly string[]
  /** Somebody wants a new version, whatever life is left in the old one. */
  readonly isWanted: boolean
  /** A new version is being made in the vault. */
  readonly creating?: Creation
  /** By step and version; each goes when its step succeeds. */
  readonly hindrances: readonly Hindrance[]
  /** What the policies left open when a version was last made; absent where nothing was. */
  readonly doubts?: readonly PolicyDoubt[]
  /** When somebody last made sure that the active version is accepted and looked for keys left behind. Entra's time. */
  readonly lookedAtMs?: number
  /** Newest first. */
  readonly reigns: readonly Reign[]
}

const STATE_VERSION = 1
/** So many reigns are remembered. */
const MOST_REIGNS = 12

export const NOTHING_YET: RotationState = {
  v: STATE_VERSION,
  former: [],
  gone: [],
  revoked: [],
  isWanted: false,
  hindrances: [],
  reigns: [],
}

/** The state in a row. Throws `rotation/newer_state` for one that a newer build wrote, or that is none. */
export function parseState(text: string): RotationState {
  const parsed = (() => {
    try {
      return JSON.parse(text) as RotationState
    } catch {
      return undefined
    }
  })()
  if (parsed?.v !== STATE_VERSION)
    throw new AppError('rotation/newer_state', { detail: `version ${String(parsed?.v)}` })
  return parsed
}

/** A version that Entra accepts becomes the one that signs; the one before it leaves, or goes where it was revoked. */
export function activated(state: RotationState, next: NamedVersion, atMs: number): RotationState {
  const { candidate, active, ...rest } = state
  const { version, thumbprintSha1 } = next
  const left = active === undefined || active.version === version ? [] : [leaving(active, state)]
  const dropped = candidate === undefined || candidate.version === version ? [] : [leaving(candidate, state)]
  const [last, ...earlier] = state.reigns
  const ended = last === undefined ? [] : [{ ...last, untilMs: last.untilMs ?? atMs }]
  return {
    ...rest,
    isWanted: false,
    active: { ...named(next), sinceMs: atMs },
    former: [...left, ...dropped, ...rest.former.filter((one) => one.version !== version)],
    gone: rest.gone.filter((one) => one !== version),
    reigns: [
      { version, thumbprintSha1, fromMs: atMs, isFoundSigning: active === undefined },
      ...ended,
      ...earlier,
    ].slice(0, MOST_REIGNS),
  }
}

/** Without its candidate, which may be registered and so has to leave. */
export function withoutCandidate(state: RotationState): RotationState {
  const { candidate, ...rest } = state
  if (candidate === undefined) return state
  return { ...rest, former: [leaving(candidate, state), ...rest.former] }
}

/** A version whose key can be taken out of the vault is remembered as that. */
export function withExportable(state: RotationState, version: string): RotationState {
  const { exportable = [] } = state
  return { ...state, exportable: [...exportable.filter((one) => one !== version), version] }
}

/** A former version in its next phase, or with what became known of it. */
export function withFormer(state: RotationState, changed: Former): RotationState {
  return {
    ...state,
    former: state.former.map((one) => (one.version === changed.version ? changed : one)),
  }
}

/** A former version has been removed from the registration. */
export function removed(state: RotationState, version: string): RotationState {
  return {
    ...state,
    former: state.former.filter((one) => one.version !== version),
    gone: [...state.gone.filter((one) => one !== version), version],
  }
}

/** Of a version only its names. */
export function named(one: NamedVersion): NamedVersion {
  const { version, thumbprintS256, thumbprintSha1, expiresAtMs, entryId, entryProof } = one
  return {
    version,
    thumbprintS256,
    thumbprintSha1,
    expiresAtMs,
    ...(entryId === undefined ? {} : { entryId }),
    ...(entryProof === undefined ? {} : { entryProof }),
  }
}

/** A version on its way out: a revoked one is waited for no longer. */
export function leaving(one: NamedVersion, { revoked }: Pick<RotationState, 'revoked'>): Former {
  return { ...named(one), phase: revoked.includes(one.version) ? 'going' : 'leaving' }
}

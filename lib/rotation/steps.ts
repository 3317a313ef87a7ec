/** Each step of an exchange, carried out: what the row becomes, or undefined where the time for it has not come. */
import type { Effects } from '../base/effects.ts'
import { AppError } from '../errors/appError.ts'
import type { VersionFacts } from '../vault/versions.ts'
import type { Step } from './decide.ts'
import { accepts, isRefusal, isUnusable, trialInDoubt } from './doubt.ts'
import { adoptable, entryOf, formerOf, isOf, leftBehind, withEntry } from './lookUp.ts'
import { monthsToAsk, policyDoubts } from './policy.ts'
import type { HeldVersion, RotationPorts, Trial } from './ports.ts'
import { createRemoval } from './removal.ts'
import { activated, named, type RotationState, withFormer, withoutCandidate } from './state.ts'

/** How long a claim keeps others away. Entra's clock. */
const CLAIM_MS = 2 * 60_000
/**
 * How long nobody has signed with a version before its key is removed, by Entra's clock: ten minutes that an instance may go without reading
 * the row, ten that its last assertion is valid, five to be sure.
 */
const REST_MS = 25 * 60_000
/** So many token requests in a row have to be accepted: a directory answers from many places, and each hears of a key in its own time. */
const PROOFS = 3
/** Pauses between trials that Entra refused, within one run. */
const PROBE_PAUSES_MS: readonly number[] = [1_000, 2_000, 4_000, 8_000, 15_000]
/** So many versions are tried where none is known to be accepted. */
const MOST_ADOPTED = 5

export interface Steps {
  /** Versions that Entra refused in this run. */
  readonly refused: ReadonlySet<string>
  take(
    step: Step,
    state: RotationState,
    versions: readonly VersionFacts[],
  ): Promise<RotationState | undefined>
}

interface StepsOptions {
  readonly runId: string
  readonly effects: Pick<Effects, 'now' | 'sleep'>
}

/** The active version, accepted in this run. */
interface Accepted extends Trial {
  readonly held: HeldVersion
}

export function createSteps(ports: RotationPorts, { runId, effects }: StepsOptions): Steps {
  const { vault, registration } = ports
  const { now, sleep } = effects
  const inDoubt = trialInDoubt(ports.trial, sleep)
  const refused = new Set<string>()
  let accepted: Accepted | undefined

  const removeKey = createRemoval(ports, { now, activeOf, inDoubt })

  /** A token request by the version that signs: what every other step rests on. Throws `entra/client_rejected`, after which another is looked for. */
  async function tryActive({ active }: RotationState): Promise<Accepted> {
    const version = active?.version ?? ''
    try {
      const held = await vault.held(version)
      accepted = { ...(await inDoubt(held)), held }
      return accepted
    } catch (fault) {
      if (isRefusal(fault) || isUnusable(fault)) refused.add(version)
      throw fault
    }
  }

  /** The same, asked once in a run. */
  async function activeOf(state: RotationState): Promise<Accepted> {
    return accepted?.held.version === state.active?.version && accepted !== undefined
      ? accepted
      : tryActive(state)
  }

  /** One that is to come into use. Throws `rotation/key_exportable` where the vault would give its key away. */
  async function newcomer(version: string): Promise<HeldVersion> {
    if (await vault.isExportable(version))
      throw new AppError('rotation/key_exportable', { detail: `version ${version}` })
    return vault.held(version)
  }

  async function adopt(state: RotationState, versions: readonly VersionFacts[]): Promise<RotationState> {
    const order = adoptable(state, versions, now()).filter((version) => !refused.has(version))
    for (const version of order.slice(0, MOST_ADOPTED)) {
      try {
        const held = await vault.held(version)
        const { atMs } = await ports.trial(held)
        const adopted = activated(state, withEntry(held, state), atMs ?? now())
        // Whoever wanted another one does not mean the first that was ever known to be accepted.
        return state.active === undefined ? { ...adopted, isWanted: state.isWanted } : adopted
      } catch (fault) {
        if (isRefusal(fault)) refused.add(version)
        else if (!isUnusable(fault)) throw fault
      }
    }
    throw new AppError('rotation/no_proof', { detail: `${order.length} versions, none accepted` })
  }

  async function claim(state: RotationState, version: string): Promise<RotationState> {
    const { atMs } = await activeOf(state)
    const held = await newcomer(version)
    const candidate = {
      ...named(held),
      phase: 'claimed' as const,
      by: runId,
      sinceMs: atMs ?? now(),
      isClaimedAnew: state.candidate?.version === version,
    }
    return { ...withoutCandidate(state), candidate }
  }

  async function register(state: RotationState): Promise<RotationState | undefined> {
    const { candidate } = state
    if (candidate === undefined) return undefined
    const { token, atMs = now(), held: by } = await activeOf(state)
    if (candidate.by !== runId) {
      // Somebody else is at it, or died over it.
      if (Math.abs(atMs - candidate.sinceMs) < CLAIM_MS) return undefined
      return { ...state, candidate: { ...candidate, by: runId, sinceMs: atMs, isClaimedAnew: true } }
    }
    // Anew: whoever claimed it may have been an older build, or the policy was another then.
    const held = await newcomer(candidate.version)
    const entries = await registration.entries(token)
    const known = entries?.find((entry) => isOf(entry, held))
    // What an earlier run added may be known already and not be shown yet.
    const isKnown = known !== undefined || (candidate.isClaimedAnew && (await accepts(held, ports.trial)))
    const entryId = known?.keyId ?? (isKnown ? undefined : await registration.add(token, held, by))
    const entry = entryId && { entryId, entryProof: await ports.entryProofs.prove(held, entryId) }
    const names = { ...named(held), ...entry }
    return { ...state, candidate: { ...candidate, ...names, phase: 'registered', sinceMs: atMs } }
  }

  async function prove(state: RotationState): Promise<RotationState | undefined> {
    const { candidate } = state
    if (candidate === undefined) return undefined
    const held = await newcomer(candidate.version)
    const pauses = candidate.phase === 'registered' ? PROBE_PAUSES_MS : []
    for (const pauseMs of [...pauses, undefined]) {
      try {
        let last: Trial | undefined
        for (let i = 0; i < PROOFS; i += 1) last = await ports.trial(held)
        accepted = undefined
        return activated(state, { ...named(held), ...entryOf(candidate) }, last?.atMs ?? now())
      } catch (fault) {
        if (!isRefusal(fault)) throw fault
        if (pauseMs !== undefined) await sleep(pauseMs)
      }
    }
    if (candidate.phase === 'registered')
      throw new AppError('rotation/not_accepted', { detail: `version ${candidate.version}` })
    // It is for somebody else to register, who has not done it yet.
    throw new AppError('rotation/not_registered', { detail: `version ${candidate.version}` })
  }

  async function rest(state: RotationState, version: string): Promise<RotationState | undefined> {
    const one = formerOf(state, version)
    if (one === undefined) return undefined
    // Anew: it has to be later than the moment at which the other became active.
    const { atMs } = await tryActive(state)
    if (atMs === undefined) throw new AppError('entra/malformed_response', { detail: 'no Date' })
    return withFormer(state, { ...one, phase: 'resting', sinceMs: atMs })
  }

  async function release(state: RotationState, version: string): Promise<RotationState | undefined> {
    const one = formerOf(state, version)
    const { atMs } = await activeOf(state)
    if (one?.sinceMs === undefined || atMs === undefined || atMs - one.sinceMs < REST_MS) return undefined
    return withFormer(state, { ...one, phase: 'going' })
  }

  async function look(state: RotationState, versions: readonly VersionFacts[]): Promise<RotationState> {
    const { token, atMs = now() } = await tryActive(state)
    const entries = (await registration.entries(token)) ?? []
    const left = leftBehind(state, versions, entries)
    const listed = new Set(versions.map(({ version }) => version))
    return {
      ...state,
      former: [...state.former, ...left],
      gone: state.gone.filter(
        (version) => listed.has(version) && !left.some((one) => one.version === version),
      ),
      revoked: state.revoked.filter((version) => listed.has(version)),
      exportable: (state.exportable ?? []).filter((version) => listed.has(version)),
      lookedAtMs: atMs,
    }
  }

  async function create(state: RotationState): Promise<RotationState | undefined> {
    const { creating } = state
    if (creating === undefined) return undefined
    const { token } = await activeOf(state)
    const seen = await registration.policies(token)
    await vault.create((wish) => monthsToAsk(seen, wish))
    const { doubts: before, ...rest } = state
    const doubts = policyDoubts(seen)
    const left = doubts.length === 0 ? {} : { doubts }
    return { ...rest, ...left, creating: { ...creating, isAsked: true } }
  }

  return {
    refused,
    async take({ kind, version }, state, versions) {
      switch (kind) {
        case 'adopt':
          return adopt(state, versions)
        case 'drop':
          return withoutCandidate(state)
        case 'claim':
          return claim(state, version)
        case 'register':
          return register(state)
        case 'prove':
          return prove(state)
        case 'rest':
          return rest(state, version)
        case 'release':
          return release(state, version)
        case 'remove':
          return removeKey(state, version, versions)
        case 'announce':
          return {
            ...state,
            creating: {
              by: runId,
              atMs: now(),
              besides: versions.flatMap(({ version: one }) => one ?? []),
              isAsked: false,
            },
          }
        case 'create':
          return create(state)
        case 'created': {
          const { creating, ...rest } = state
          return rest
        }
        case 'look':
          return look(state, versions)
      }
    },
  }
}

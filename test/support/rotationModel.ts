/**
 * A directory, a vault, a table and instances that sign, in memory and on one clock, for rotations to be played against: everything that is
 * asked of them can be late, fail, be carried out with its answer lost, or be the last thing that a run does.
 */
import type { KeyCredential } from '../../lib/entra/graphCredentials.ts'
import { AppError } from '../../lib/errors/appError.ts'
import type { ErrorCode } from '../../lib/errors/table.ts'
import type { PoliciesSeen } from '../../lib/rotation/policy.ts'
import type { HeldVersion, RotationPorts } from '../../lib/rotation/ports.ts'
import { createRotationRows } from '../../lib/rotation/rotationRows.ts'
import { type RunReport, runRotation } from '../../lib/rotation/runRotation.ts'
import type { RotationState } from '../../lib/rotation/state.ts'
import type { VersionFacts } from '../../lib/vault/versions.ts'
import { CLIENT } from './configOf.ts'
import { heldEffects } from './heldEffects.ts'
import { createMemoryTable, type Trouble } from './memoryTable.ts'
import { MODEL_VAULT_URL, openSigningInstance } from './signingInstance.ts'

const DAY_MS = 24 * 3_600_000

/** What a call of a run meets: it is not carried out, or its answer is lost; or the run dies before it, or after it. */
export type Mishap = 'refused' | 'lost' | 'dies before' | 'dies after'

interface ModelVersion extends VersionFacts {
  readonly version: string
  readonly createdOn: Date
  readonly expiresOn: Date
  enabled: boolean
}

interface Entry extends KeyCredential {
  /** From then on the token endpoint knows it. */
  readonly knownFromMs: number
}

/** A signature that the directory was shown. */
export interface Shown {
  readonly version: string
  readonly by: 'trial' | 'work'
  readonly isKnown: boolean
}

export interface ModelOptions {
  /** Waited for before and after whatever a run or an instance asks. */
  readonly gate?: () => Promise<void>
  readonly mishap?: (what: string) => Mishap | undefined
  readonly trouble?: () => Trouble | undefined
  /** Whether the application may read its own registration. */
  readonly mayRead?: boolean
  /** What a removal meets where there is nothing to remove. */
  readonly missingIs?: ErrorCode
}

export interface RunSettings {
  readonly clockAheadMs?: number
  readonly isUrgent?: boolean
  readonly mayCreate?: boolean
  readonly isPatient?: boolean
}

class Died extends Error {}

export function createRotationModel(options: ModelOptions = {}) {
  const { mayRead = true, missingIs = 'graph/not_found' } = options
  const clock = heldEffects()
  let isClear = false
  const gate = async (): Promise<void> => (isClear ? undefined : options.gate?.())
  const table = createMemoryTable({ before: gate, meets: () => (isClear ? undefined : options.trouble?.()) })
  const versions: ModelVersion[] = []
  const entries: Entry[] = []
  const shown: Shown[] = []
  let runs = 0
  let added = 0
  const foreign: Entry = entryOf('foreign', 0)
  entries.push(foreign)

  const model = {
    ...{ clock, table, entries, versions, shown, foreign },
    /** How long the token endpoint does not know a key that was added. */
    propagationMs: 0,
    /** Of so many trials of a run one is answered by a place of the directory that has not heard of any key; none where it is 0. */
    deafEvery: 0,
    /** The same of the next token request of an instance. */
    isDeafToWork: false,
    /** What adding, removing, looking and making meet, until it is taken away. */
    refuses: {} as Partial<Record<'add' | 'remove' | 'entries' | 'create' | 'trial' | 'held', ErrorCode>>,
    policies: { tenant: undefined, own: 'none' } as PoliciesSeen,
    /** What was asked of the vault, in months. */
    monthsAsked: [] as number[],
    /** Versions whose key the vault gives away. */
    exportable: new Set<string>(),
    asked: [] as string[],
    /** Keys of the application's own certificate, by version. */
    own: () => entries.filter((one) => one !== foreign).map(({ displayName = '' }) => displayName),
    makeVersion,
    registerByHand: (version: string) => void entries.push(entryOf(version, clock.now())),
    disable(version: string) {
      const one = versions.find((each) => each.version === version)
      if (one !== undefined) one.enabled = false
    },
    run,
    openInstance: (clockAheadMs = 0) =>
      openSigningInstance({
        effects: { ...clock, now: () => clock.now() + clockAheadMs },
        rows: rowsOf(table),
        versions,
        gate,
        requireUsable,
        onWork(version) {
          shown.push({ version, by: 'work', isKnown: isKnown(version) })
          const isDeaf = model.isDeafToWork
          model.isDeafToWork = false
          return isKnown(version) && !isDeaf
        },
      }),
    state: async (): Promise<RotationState | undefined> => (await rowsOf(table).read())?.state,
    async change(changed: (state: RotationState) => RotationState) {
      const stored = await rowsOf(table).read()
      if (stored !== undefined) await rowsOf(table).replace(changed(stored.state), stored.etag)
    },
    /** Nothing goes wrong any more. */
    clear() {
      isClear = true
    },
  }

  function makeVersion(lifeMs = 90 * DAY_MS): string {
    const version = `v${versions.length + 1}`
    const createdOn = new Date(clock.now())
    const expiresOn = new Date(clock.now() + lifeMs)
    const facts = { createdOn, notBefore: createdOn, expiresOn, thumbprintSha1: sha1Of(version) }
    versions.push({ version, ...facts, enabled: true })
    return version
  }

  function entryOf(version: string, knownFromMs: number): Entry {
    added += 1
    return {
      keyId: `entry-${added}`,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      displayName: version,
      thumbprintSha1: sha1Of(version),
      thumbprintS256: `s256-of-${version}`,
      knownFromMs,
    }
  }

  const isKnown = (version: string): boolean =>
    entries.some((one) => one.displayName === version && one.knownFromMs <= clock.now())

  function requireUsable(version: string): ModelVersion {
    const found = versions.find((one) => one.version === version)
    if (found === undefined || !found.enabled || found.expiresOn.getTime() <= clock.now())
      throw new AppError('vault/key_unusable', { detail: version })
    return found
  }

  function show(version: string, by: Shown['by']): void {
    requireUsable(version)
    shown.push({ version, by, isKnown: isKnown(version) })
    if (!isKnown(version)) throw new AppError('entra/client_rejected', { detail: version })
  }

  /** One run of an instance, whose clock may be wrong; undefined where it died. */
  async function run({
    clockAheadMs = 0,
    isUrgent = false,
    mayCreate = false,
    isPatient = false,
  }: RunSettings = {}): Promise<RunReport | undefined> {
    runs += 1
    const runId = `run-${runs}`
    let hasDied = false
    let trials = 0

    async function ask<T>(
      what: keyof typeof model.refuses | 'versions' | 'row',
      carryOut: () => T | Promise<T>,
    ): Promise<T> {
      if (hasDied) throw new Died()
      await gate()
      model.asked.push(what)
      const mishap = isClear ? undefined : options.mishap?.(what)
      if (mishap === 'dies before') hasDied = true
      if (hasDied) throw new Died()
      const refusal = model.refuses[what as keyof typeof model.refuses]
      if (refusal !== undefined) throw new AppError(refusal)
      if (mishap === 'refused') throw new AppError(faultOf(what))
      const answer = await carryOut()
      if (mishap === 'dies after') hasDied = true
      await gate()
      if (hasDied) throw new Died()
      if (mishap === 'lost') throw new AppError(faultOf(what))
      return answer
    }

    const held = (version: string): HeldVersion => {
      const { expiresOn } = requireUsable(version)
      return {
        name: 'signing',
        version,
        keyId: `${MODEL_VAULT_URL}/keys/signing/${version}`,
        thumbprintS256: `s256-of-${version}`,
        thumbprintSha1: sha1Of(version),
        expiresAtMs: expiresOn.getTime(),
        der: new TextEncoder().encode(version),
      }
    }
    const requireProof = ({ version }: HeldVersion): void => {
      requireUsable(version)
      if (!isKnown(version)) throw new AppError('graph/proof_refused', { detail: version })
    }
    const rows = rowsOf(table)
    const ports: RotationPorts = {
      vault: {
        versions: () => ask('versions', () => versions.map((one) => ({ ...one }))),
        held: (version) => ask('held', () => held(version)),
        isExportable: async (version) => model.exportable.has(version),
        create: (monthsFor) =>
          ask('create', () => {
            model.monthsAsked.push(monthsFor({ months: 12, isSelfSigned: true }))
            makeVersion()
          }),
      },
      registration: {
        entries: () => ask('entries', () => (mayRead ? entries.map((one) => ({ ...one })) : undefined)),
        add: (_token, { version }, by) =>
          ask('add', () => {
            requireProof(by)
            const entry = entryOf(version, clock.now() + model.propagationMs)
            entries.push(entry)
            return entry.keyId
          }),
        remove: (_token, entryId, by) =>
          ask('remove', () => {
            requireProof(by)
            const at = entries.findIndex(({ keyId }) => keyId === entryId)
            if (at < 0) throw new AppError(missingIs)
            entries.splice(at, 1)
          }),
        policies: async () => model.policies,
      },
      trial: ({ version }) =>
        ask('trial', () => {
          trials += 1
          if (!isClear && model.deafEvery > 0 && trials % model.deafEvery === 0)
            throw new AppError('entra/client_rejected', {
              detail: `${version}, where nobody has heard of it`,
            })
          show(version, 'trial')
          return { token: 'of-graph', atMs: Math.floor(clock.now() / 1_000) * 1_000 }
        }),
      entryProofs: {
        prove: ({ version }, entryId) => ask('held', () => `of ${version} ${entryId}`),
        isProven: (one) => ask('held', () => one.entryProof === `of ${one.version} ${one.entryId}`),
      },
      rows: {
        read: () => ask('row', () => rows.read()),
        insert: (state) => ask('row', () => rows.insert(state)),
        replace: (state, etag) => ask('row', () => rows.replace(state, etag)),
      },
    }
    const effects = {
      now: () => clock.now() + clockAheadMs,
      log: clock.log,
      sleep: async (ms: number) => {
        await gate()
        clock.advance(ms)
      },
    }
    try {
      return await runRotation(ports, { runId, clientId: CLIENT, effects, isUrgent, mayCreate, isPatient })
    } catch (fault) {
      if (hasDied) return undefined
      throw fault
    }
  }

  return model
}

export type RotationModel = ReturnType<typeof createRotationModel>

function rowsOf(table: ReturnType<typeof createMemoryTable>) {
  return createRotationRows(table, CLIENT)
}

function faultOf(what: string): ErrorCode {
  if (what === 'row') return 'session/store_unavailable'
  if (what === 'trial') return 'entra/unavailable'
  return ['versions', 'held', 'create'].includes(what) ? 'vault/unavailable' : 'graph/unavailable'
}

function sha1Of(version: string): string {
  return Buffer.from(version).toString('hex').toUpperCase().padStart(40, '0')
}

/** Carries `npm run rotate` out, given the exchanges: writes what is wanted into the row, makes runs, and says what came of it. */
import { asAppError } from '../../lib/errors/appError.ts'
import { ERRORS } from '../../lib/errors/table.ts'
import type { Rotation } from '../../lib/rotation/openRotation.ts'
import type { RunReport } from '../../lib/rotation/runRotation.ts'
import { NOTHING_YET, type RotationState } from '../../lib/rotation/state.ts'
import { rotationStatus } from '../../lib/rotation/status.ts'
import type { AdministratorRequest } from './administratorRequest.ts'
import type { RotateDeed } from './parseRotate.ts'
import { statusLines } from './statusLines.ts'

/** How often the row is written anew where somebody else writes it meanwhile. */
const MOST_ATTEMPTS = 5
/** Runs of `--now` and `--revoke`, so far apart, until another version signs. */
const RUNS = 8
const PAUSE_MS = 15_000

export interface RotateParts {
  readonly rotations: readonly Rotation[]
  readonly mayCreate: boolean
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<void>
  readonly print: (line: string) => void
  /** Writes the request for an administrator where no key is left to prove anything with; says where. */
  readonly writeRequest: (rotation: Rotation) => Promise<AdministratorRequest>
}

/** True where nothing stands in the way. Throws what keeps it from knowing anything. */
export async function runRotate(deed: RotateDeed, parts: RotateParts): Promise<boolean> {
  const { rotations, print } = parts
  if (deed.kind === 'revoke' && !(await isHeld(deed.version, rotations))) {
    print(`No certificate of these settings has a version ${deed.version}: nothing was revoked.`)
    return false
  }
  let isWell = true
  for (const rotation of rotations) {
    print(`${rotation.certificate} of ${rotation.clientId}`)
    const done = await carryOut(deed, rotation, parts)
    isWell &&= done
  }
  return isWell
}

async function isHeld(wanted: string, rotations: readonly Rotation[]): Promise<boolean> {
  const versions = await Promise.all(rotations.map(({ ports }) => ports.vault.versions()))
  return versions.flat().some(({ version }) => version === wanted)
}

async function carryOut(deed: RotateDeed, rotation: Rotation, parts: RotateParts): Promise<boolean> {
  const { now, print, mayCreate } = parts
  const { rows, vault } = rotation.ports
  const tell = (state: RotationState, versions: RunReport['versions']): boolean => {
    const status = rotationStatus({ state, versions, mayCreate, nowMs: now() })
    for (const line of statusLines(status)) print(line)
    return status.hindrances.length === 0
  }
  if (deed.kind === 'status') {
    const [stored, versions] = await Promise.all([rows.read(), vault.versions()])
    return tell(stored?.state ?? NOTHING_YET, versions)
  }
  if (deed.kind === 'revoke') {
    const versions = await vault.versions()
    if (!versions.some(({ version }) => version === deed.version)) {
      print(`  has no version ${deed.version}`)
      return true
    }
    // The version that signs proves its successor. A revoked one does so only where the row says that it signs, which no run may have found out yet.
    if ((await rows.read())?.state.active === undefined) await runOnce(rotation, parts)
  }
  const before = deed.kind === 'run' ? undefined : await want(deed, rotation)
  let report = await runOnce(rotation, parts)
  for (let run = 1; before !== undefined && run < RUNS && isUnderway(report.state, before); run += 1) {
    await parts.sleep(PAUSE_MS)
    report = await runOnce(rotation, parts)
  }
  const { state, versions } = report
  const isWell = tell(state, versions)
  if (deed.kind === 'revoke') tellWhatIsLeft(deed.version, rotation, state, print)
  if (state.hindrances.some(({ code }) => code === 'rotation/no_proof'))
    await askAdministrator(rotation, parts)
  return isWell
}

/** What `--revoke` leaves to whoever typed it: to disable the version, and its key where it could not be taken out. */
function tellWhatIsLeft(
  version: string,
  { clientId, certificate, vaultUrl }: Rotation,
  { active, hindrances }: RotationState,
  print: (line: string) => void,
): void {
  if (hindrances.some((one) => one.step === 'remove' && one.version === version)) {
    print(
      '  Entra still takes the key: remove it by hand, by the key id whose customKeyIdentifier is the thumbprint above',
    )
    print(`    az ad app credential list --cert --id ${clientId} --output table`)
    print(`    az ad app credential delete --cert --id ${clientId} --key-id <key id>`)
  }
  if (active?.version === version) return
  const [vault = ''] = new URL(vaultUrl).hostname.split('.')
  print(
    `  now the vault: az keyvault certificate set-attributes --vault-name ${vault} --name ${certificate} --version ${version} --enabled false`,
  )
}

async function runOnce(rotation: Rotation, { print }: RotateParts): Promise<RunReport> {
  const report = await rotation.run({ isUrgent: true })
  for (const { step, version } of report.done) print(`  done: ${[step, version].filter(Boolean).join(' ')}`)
  return report
}

/** Whether another version is still to come into use, or one that was revoked has still to go. */
function isUnderway(
  { active, former, revoked, hindrances }: RotationState,
  before: string | undefined,
): boolean {
  // What only an operator can make possible is not waited for. Beside a version whose key can be copied, another one may be coming.
  const standing = hindrances.filter(
    ({ step, code }) => step === 'announce' || code !== 'rotation/key_exportable',
  )
  if (standing.some(({ code }) => ERRORS[code].kind === 'setup')) return false
  return active?.version === before || former.some(({ version }) => revoked.includes(version))
}

/** Writes the wish into the row, so that whoever runs next carries it out, and says which version is to be replaced. */
async function want(deed: RotateDeed, { ports }: Rotation): Promise<string | undefined> {
  const { rows } = ports
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const stored = await rows.read()
    if (stored === undefined) {
      await rows.insert(NOTHING_YET)
      continue
    }
    const { state, etag } = stored
    if (await rows.replace(wished(deed, state), etag)) return state.active?.version
  }
  throw new Error('The row changes all the time: others are at it. Try again in a minute.')
}

function wished(deed: RotateDeed, state: RotationState): RotationState {
  if (deed.kind !== 'revoke') return { ...state, isWanted: true }
  const { version } = deed
  const former = state.former.map((one) =>
    one.version === version ? { ...one, phase: 'going' as const } : one,
  )
  const revoked = [...state.revoked.filter((one) => one !== version), version]
  return { ...state, former, revoked, isWanted: state.isWanted || state.active?.version === version }
}

async function askAdministrator(rotation: Rotation, { print, writeRequest }: RotateParts): Promise<void> {
  try {
    const { folder, commands } = await writeRequest(rotation)
    print(
      `  An administrator has to register the certificate; the request is in ${folder}, with nothing secret in it:`,
    )
    for (const command of commands) print(`    ${command}`)
  } catch (fault) {
    print(`  The request for an administrator could not be written: ${asAppError(fault).message}`)
  }
}

/** `npm run rotate`: exchanges the certificates of the settings. Exit code 0: nothing is in the way; 1: something is, and it says what. */
import { join } from 'node:path'
import { readConfig } from '../../lib/config/config.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { createEntraClock } from '../../lib/entra/entraClock.ts'
import type { Rotation } from '../../lib/rotation/openRotation.ts'
import { openRotations } from '../../lib/rotation/openRotations.ts'
import { openSessionTable } from '../../lib/session/table.ts'
import { commandEffects } from '../commandEffects.ts'
import { commandEnvironment } from '../commandEnvironment.ts'
import { examinerIdentity } from '../doctor/examinerIdentity.ts'
import { explain } from '../explain.ts'
import { plainLines } from '../plain.ts'
import { UsageFault } from '../usageFault.ts'
import { type AdministratorRequest, registrable, writeAdministratorRequest } from './administratorRequest.ts'
import { parseRotate, USAGE } from './parseRotate.ts'
import { runRotate } from './runRotate.ts'

async function main(argv: readonly string[]): Promise<boolean> {
  const { deed, clientId, settings, onDesk } = parseRotate(argv)
  if (deed === undefined) {
    console.log(USAGE)
    return true
  }
  const env = await commandEnvironment({ onDesk, settings })
  const config = readConfig(env)
  // What is done is printed; the log of the app is its own.
  const own = { ...commandEffects, log: () => undefined }
  // The clock of whoever types this may be off as well.
  const { now, fetch } = createEntraClock(own)
  const effects = { ...own, now, fetch }
  const { credential } = examinerIdentity(env)
  const identity = shareIdentity({ identity: credential, effects, hasOneTenant: true })
  const table = openSessionTable(config.sessions.tablesUrl, identity, effects)
  const all = openRotations({ config, identity, table, effects })
  const rotations = all.filter((one) => clientId === undefined || one.clientId === clientId)
  if (rotations.length === 0) throw new UsageFault(whyNone(config.rotation, clientId))
  return runRotate(deed, {
    rotations,
    mayCreate: config.rotation === 'auto',
    now: effects.now,
    sleep: effects.sleep,
    print: (text) => console.log(plainLines(text)),
    writeRequest,
  })
}

function whyNone(rotation: string, clientId: string | undefined): string {
  if (rotation === 'manual')
    return 'ROTATION is manual: a new version waits a day, and registering it is yours (docs/operate.md, "By hand").'
  return clientId === undefined
    ? 'No client of these settings has a certificate in the vault that may change: it is pinned, or another credential proves it.'
    : `No client ${clientId} of these settings has a certificate that may change.`
}

async function writeRequest({ clientId, ports: { vault } }: Rotation): Promise<AdministratorRequest> {
  const versions = await registrable(vault, commandEffects.now())
  return writeAdministratorRequest(join(process.cwd(), 'registration'), clientId, versions)
}

await main(process.argv.slice(2)).then(
  (isWell) => {
    process.exitCode = isWell ? 0 : 1
  },
  (fault: unknown) => {
    console.error(explain(fault, USAGE))
    process.exitCode = 1
  },
)

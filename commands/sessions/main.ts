/** `npm run sessions`: ends, counts or lists sessions in the table of the settings. Exit code 0: done; 1: not, and it says why. */

import { readConfig } from '../../lib/config/config.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { openSessionTable } from '../../lib/session/table.ts'
import { createTableStore } from '../../lib/session/tableStore.ts'
import { commandEffects } from '../commandEffects.ts'
import { examinerIdentity } from '../doctor/examinerIdentity.ts'
import { honourProxy } from '../proxy.ts'
import { settingsFrom } from '../settingsSource.ts'
import { countSessions } from './countSessions.ts'
import { parseCommand, runSessions, USAGE, UsageFault } from './runSessions.ts'

async function main(argv: readonly string[]): Promise<void> {
  const { command, settings, onDesk } = parseCommand(argv)
  if (command.kind === 'help') return console.log(USAGE)
  const env = onDesk ? await deskEnvironment() : environment(settings)
  const { sessions: limits } = readConfig(env)
  const effects = { ...commandEffects, log: () => undefined }
  const { credential } = examinerIdentity(env)
  const identity = shareIdentity({ identity: credential, effects, hasOneTenant: true })
  const table = openSessionTable(limits.tablesUrl, identity, effects)
  await runSessions(command, {
    sessions: createTableStore({ table, limits, effects: commandEffects }),
    count: () => countSessions(table, commandEffects.now),
    now: commandEffects.now,
    print: console.log,
  })
}

/** Of the desk that runs, which this process joins. */
async function deskEnvironment(): Promise<Environment> {
  const { joinDesk } = await import('../../local/deskNotice.ts')
  const joined = joinDesk()
  if (joined === undefined) throw new UsageFault('No desk runs: start one with "npm start".')
  console.error(`On the desk at ${joined.appOrigin}.`)
  return joined.env
}

function environment(settings: string | undefined): Environment {
  const proxy = honourProxy(process.env, { fetches: false })
  if (proxy !== '') console.error(proxy)
  return settingsFrom(settings, process.env, console.error)
}

function explain(fault: unknown): string {
  if (fault instanceof UsageFault) return `${fault.message}\n\n${USAGE}`
  if (fault instanceof AppError) return `${fault.message}\n${fault.row.operatorAction}`
  return fault instanceof Error ? fault.message : String(fault)
}

await main(process.argv.slice(2)).catch((fault: unknown) => {
  console.error(explain(fault))
  process.exitCode = 1
})

/** `npm run sessions`: ends, counts or lists sessions in the table of the settings. Exit code 0: done; 1: not, and it says why. */

import { readConfig } from '../../lib/config/config.ts'
import { shareIdentity } from '../../lib/credential/sharedIdentity.ts'
import { openSessionTable } from '../../lib/session/table.ts'
import { createTableStore } from '../../lib/session/tableStore.ts'
import { commandEffects } from '../commandEffects.ts'
import { commandEnvironment } from '../commandEnvironment.ts'
import { examinerIdentity } from '../doctor/examinerIdentity.ts'
import { explain } from '../explain.ts'
import { plainLines } from '../plain.ts'
import { countSessions } from './countSessions.ts'
import { parseCommand, runSessions, USAGE } from './runSessions.ts'

async function main(argv: readonly string[]): Promise<void> {
  const { command, settings, onDesk } = parseCommand(argv)
  if (command.kind === 'help') return console.log(USAGE)
  const env = await commandEnvironment({ onDesk, settings })
  const { sessions: limits } = readConfig(env)
  const effects = { ...commandEffects, log: () => undefined }
  const { credential } = examinerIdentity(env)
  const identity = shareIdentity({ identity: credential, effects, hasOneTenant: true })
  const table = openSessionTable(limits.tablesUrl, identity, effects)
  await runSessions(command, {
    sessions: createTableStore({ table, limits, effects: commandEffects }),
    count: () => countSessions(table, limits, commandEffects.now),
    now: commandEffects.now,
    print: (text) => console.log(plainLines(text)),
  })
}

await main(process.argv.slice(2)).catch((fault: unknown) => {
  console.error(explain(fault, USAGE))
  process.exitCode = 1
})

/**
 * `npm run evidence`: writes what can be shown of a deployment to an auditor, as one page and as data. Exit code 0: every statement holds or
 * could not be checked; 1: one does not hold, or nothing could be written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readConfig } from '../../lib/config/config.ts'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { commandEffects } from '../commandEffects.ts'
import { commandEnvironment } from '../commandEnvironment.ts'
import { createCommands } from '../doctor/commands.ts'
import { createExamination } from '../doctor/examination.ts'
import { examinerIdentity } from '../doctor/examinerIdentity.ts'
import { explain } from '../explain.ts'
import { UsageFault } from '../usageFault.ts'
import type { Evidence } from './evidence.ts'
import { gatherEvidence } from './gather.ts'
import { evidencePage } from './page.ts'
import { lineOf, statements } from './statements.ts'

const USAGE = `npm run evidence [-- --settings <file>] [-- --out <name>] [-- --desk] [-- --from <file>]

  --settings <file>  settings from a file of NAME=value lines, over those of the environment
  --out <name>       writes <name>.html and <name>.json (default evidence)
  --desk             of the desk that runs (\`npm start\`)
  --from <file>      makes the page of evidence that was gathered before: the same data, the same bytes`

const options = {
  settings: { type: 'string' },
  out: { type: 'string', default: 'evidence' },
  from: { type: 'string' },
  desk: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

async function main(): Promise<void> {
  const { settings, out, from, desk, help } = readOptions()
  if (help) return console.log(USAGE)
  const evidence =
    from === undefined ? await gathered(await commandEnvironment({ onDesk: desk, settings })) : read(from)
  if (from === undefined) writeFileSync(`${out}.json`, `${JSON.stringify(evidence, undefined, 2)}\n`)
  writeFileSync(`${out}.html`, evidencePage(evidence))
  const judged = statements(evidence)
  for (const one of judged) console.log(lineOf(one))
  console.log(`\nWritten: ${out}.html${from === undefined ? ` and ${out}.json` : ''}.`)
  if (judged.some(({ verdict }) => verdict === 'does not hold')) process.exitCode = 1
}

function readOptions() {
  try {
    return parseArgs({ options }).values
  } catch (fault) {
    throw new UsageFault(fault instanceof Error ? fault.message : String(fault))
  }
}

async function gathered(env: Environment): Promise<Evidence> {
  const effects = { ...commandEffects, log: () => undefined }
  const examination = createExamination({
    env,
    config: readConfig(env),
    effects,
    identity: examinerIdentity(env),
    commands: createCommands(env),
  })
  return gatherEvidence({ examination, env, graphOf: examination.graphOf })
}

function read(file: string): Evidence {
  const evidence = JSON.parse(readFileSync(file, 'utf8')) as Evidence
  if (evidence.format !== 1) throw new UsageFault(`${file} holds no evidence of this format.`)
  return evidence
}

await main().catch((fault: unknown) => {
  console.error(explain(fault, USAGE))
  process.exitCode = 1
})

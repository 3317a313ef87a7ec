/**
 * `npm run doctor`: examines the chain that the environment describes, in the cloud or on a desk, and says of every link whether it
 * holds and what to do where it does not. Exit code 0: all of it holds; 1: something failed; 2: something could not be found out.
 */
import { parseArgs } from 'node:util'
import type { Environment } from '../../lib/config/settingsReader.ts'
import { whereSettingsAre } from '../adviceOf.ts'
import { honourProxy, ProxyFault } from '../proxy.ts'
import { SettingsFault, settingsFrom } from '../settingsSource.ts'
import type { CheckResult } from './check.ts'
import { examine, NO_SETTINGS } from './examine.ts'
import { EXIT_CODES, overall, reportJson, resultText, summaryText } from './report.ts'

const USAGE = `npm run doctor [-- --settings <file>] [-- --json] [-- --desk]

  --settings <file>  settings from a file, as azd, az or a shell writes it, over those of the environment
  --json             the results as JSON
  --desk             examines the desk that runs, with whatever is broken there; where none runs, one that it starts for that`

const options = {
  settings: { type: 'string' },
  json: { type: 'boolean', default: false },
  desk: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}

function readOptions() {
  try {
    return parseArgs({ options }).values
  } catch (fault) {
    return stop(`${fault instanceof Error ? fault.message : fault}\n\n${USAGE}`)
  }
}

/** Before any client is made. Standard output is the report's alone where a program reads it. */
function readProxy(tell: (sentence: string) => void): void {
  try {
    const sentence = honourProxy(process.env)
    if (sentence !== '') tell(sentence)
  } catch (fault) {
    if (!(fault instanceof ProxyFault)) throw fault
    stop(fault.message)
  }
}

function readSettings(file: string | undefined): Environment {
  try {
    return settingsFrom(file, process.env, console.error)
  } catch (fault) {
    if (fault instanceof SettingsFault) return stop(fault.message)
    throw fault
  }
}

/** The desk that runs, or one of its own with the bundled app. */
async function openDesk(
  tell: (sentence: string) => void,
): Promise<{ env: Environment; close(): Promise<void> }> {
  const { joinDesk } = await import('../../local/deskNotice.ts')
  const joined = joinDesk()
  if (joined !== undefined) {
    tell(`On the desk that runs, at ${joined.appOrigin}.\n`)
    return { env: joined.env, close: async () => undefined }
  }
  tell('No desk runs, so this is one of its own.\n')
  const { openDeskWithApp } = await import('../../local/openDeskWithApp.ts')
  const desk = await openDeskWithApp().catch((fault: unknown) =>
    stop(`${fault instanceof Error ? fault.message : fault}`),
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void desk.close().then(() => process.exit(1)))
  return desk
}

/** Without settings nothing else is examined, which need not be said of each. */
function tellResult(result: CheckResult): void {
  if (result.seen !== NO_SETTINGS) console.log(resultText(result))
}

function isWithoutSettings({ id, verdict }: CheckResult): boolean {
  return id === 'settings' && verdict === 'fail'
}

const { settings: file, json, desk: onDesk, help } = readOptions()
if (help) {
  console.log(USAGE)
  process.exit(0)
}
const tell = json ? console.error : console.log
if (!onDesk) readProxy(tell)
const desk = onDesk ? await openDesk(tell) : undefined
const env = desk?.env ?? readSettings(file)
const results = await examine(env, json ? {} : { onResult: tellResult })
console.log(json ? reportJson(results, Date.now()) : `\n${summaryText(results)}`)
if (!onDesk && results.some(isWithoutSettings)) tell(`\n${whereSettingsAre({ hasDesk: true })}`)
await desk?.close()
process.exitCode = EXIT_CODES[overall(results)]

/** `npm run tpm`: a signing key in the host's TPM. Exit code 0: done, or fit to sign; 1: not, and it says why. */
import { readFileSync } from 'node:fs'
import { readTpmKeySettings } from '../../lib/config/credentials.ts'
import { SETTING_DEFAULTS } from '../../lib/config/settings.ts'
import { createSettingsReader } from '../../lib/config/settingsReader.ts'
import { createRunTool } from '../../lib/credential/tpm/runTool.ts'
import { authValue } from '../../lib/credential/tpm/tpmCredential.ts'
import { AppError } from '../../lib/errors/appError.ts'
import { commandEffects } from '../commandEffects.ts'
import { explain } from '../explain.ts'
import { settingsFrom } from '../settingsSource.ts'
import { parseCommand, USAGE } from './options.ts'
import { runTpm } from './runTpm.ts'

/** Longest run of one tool, in milliseconds: some TPMs take half a minute to find two primes. */
const TOOL_MS = 120_000

async function main(argv: readonly string[]): Promise<number> {
  const command = parseCommand(argv)
  if (command.verb === 'help') {
    console.log(USAGE)
    return 0
  }
  const read = createSettingsReader(
    settingsFrom(command.settings, process.env, console.error),
    SETTING_DEFAULTS,
  )
  const tpm = readTpmKeySettings(read)
  const faults = read.faults()
  if (faults.length > 0) throw new AppError('config/invalid', { detail: faults.join('; ') })
  const auth =
    command.authFd === undefined ? undefined : authValue(new Uint8Array(readFileSync(command.authFd)))
  // Whoever presses Ctrl-C while a TPM looks for primes leaves no wrapped key behind.
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())
  const isFit = await runTpm(command, {
    run: createRunTool(tpm.tcti, TOOL_MS, stopping.signal),
    tpm,
    effects: commandEffects,
    ...(auth === undefined ? {} : { auth }),
    say: console.error,
    print: (text) => void process.stdout.write(text),
  })
  return isFit ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2)).catch((fault: unknown) => {
  console.error(explain(fault, USAGE))
  return 1
})

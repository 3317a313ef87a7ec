/** Where hooks leave their process: `az`, `azd` and `npm` are run here and nowhere else, so that tests can stand in for them. */
import { spawn } from 'node:child_process'
import { HookFault } from './hookFault.ts'

export interface CommandResult {
  /** Exit code. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** `env` is laid over the environment of this process. Rejects only where the command cannot be started. */
export type Run = (
  command: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<CommandResult>

const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['az', 'the Azure CLI, https://learn.microsoft.com/cli/azure/install-azure-cli'],
  [
    'azd',
    'the Azure Developer CLI, https://learn.microsoft.com/azure/developer/azure-developer-cli/install-azd',
  ],
])

/** Runs a command and keeps what it prints. No shell takes part, but on Windows, where `az` and `npm` are batch files. */
export const runCommand: Run = (command, args, env = {}) =>
  new Promise((resolve, reject) => {
    const isWindows = process.platform === 'win32'
    const child = spawn(command, isWindows ? args.map(quoteForWindows) : args, {
      env: { ...process.env, ...env },
      shell: isWindows,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const printed = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        printed[stream] += text
      })
    }
    child.on('error', (cause) => {
      const install = PROGRAMS.get(command) ?? command
      reject(new HookFault(`${command} could not be started.`, [`Install ${install}`], { cause }))
    })
    child.on('close', (code) => resolve({ code: code ?? 1, ...printed }))
  })

/** What holds none of these characters stays one argument between quotes, whatever cmd.exe thinks of the rest. */
function quoteForWindows(argument: string): string {
  if (/["%!^\r\n]/.test(argument)) throw new TypeError('an argument that cmd.exe would not leave alone')
  return `"${argument}"`
}

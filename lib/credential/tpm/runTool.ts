/**
 * The programs of tpm2-tools, one at a time: a TPM without a resource manager has room for few objects, and one with it gains nothing from
 * two at once. Each is started without a shell, from where distributions put it, with none of our environment, and is ended in time.
 * What is secret goes to its standard input and never into its arguments, which every process of the machine can read.
 */
import { spawn } from 'node:child_process'
import { AppError } from '../../errors/appError.ts'
import { toolFault } from './faults.ts'

export type TpmTool =
  | 'tpm2_create'
  | 'tpm2_createpolicy'
  | 'tpm2_createprimary'
  | 'tpm2_evictcontrol'
  | 'tpm2_flushcontext'
  | 'tpm2_getcap'
  | 'tpm2_load'
  | 'tpm2_readpublic'
  | 'tpm2_sign'

/** What it wrote. `input` goes to its standard input. Throws `tpm/*`. */
export type RunTool = (tool: TpmTool, args: readonly string[], input?: string) => Promise<string>

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
/** Longest run of one, in milliseconds: a signature takes some hundredths, a slow TPM a second. */
const TOOL_MS = 5_000

/**
 * `tcti`: the way to the TPM. `mostMs`: the longest run of one tool. `stop`: ends the one that runs, after which none is started but what
 * clears the TPM up.
 */
export function createRunTool(tcti: string, mostMs: number = TOOL_MS, stop?: AbortSignal): RunTool {
  let last: Promise<unknown> = Promise.resolve()
  return (tool, args, input = '') => {
    const run = last.then(() => {
      const isOver = stop?.aborted === true && tool !== 'tpm2_flushcontext'
      if (isOver) throw new AppError('tpm/unavailable', { detail: `${tool} was stopped` })
      return runOnce(tool, ['-T', tcti, ...args], input, mostMs, stop?.aborted ? undefined : stop)
    })
    last = run.catch(() => undefined)
    return run
  }
}

function runOnce(
  tool: TpmTool,
  args: readonly string[],
  input: string,
  mostMs: number,
  stop: AbortSignal | undefined,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const child = spawn(tool, args, {
    env: { PATH, LC_ALL: 'C' },
    timeout: mostMs,
    killSignal: 'SIGKILL',
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const end = (): void => void child.kill('SIGKILL')
  stop?.addEventListener('abort', end)
  const written = { out: '', error: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.error += text
  })
  child.on('error', (cause: NodeJS.ErrnoException) => {
    const detail = cause.code === 'ENOENT' ? 'tpm2-tools are not installed' : `${tool} does not start`
    reject(new AppError('tpm/unavailable', { detail, cause }))
  })
  child.on('close', (code, signal) => {
    stop?.removeEventListener('abort', end)
    if (code === 0) resolve(written.out)
    else if (stop?.aborted) reject(new AppError('tpm/unavailable', { detail: `${tool} was stopped` }))
    else if (signal !== null)
      reject(new AppError('tpm/unavailable', { detail: `${tool} did not end in time` }))
    else reject(toolFault(tool, written.error))
  })
  // A tool that ended before it read is known by its exit code.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return promise
}

/**
 * A Functions host in a process of its own: ours, the real one, or Core Tools. Whoever starts one must stop it:
 * it runs in its own process group, so that nothing it starts is left behind.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export type HostStart = {
  /** A host to be called with the app's folder and the port, or Core Tools (`func`); our own when left out. */
  readonly program?: string | undefined
  readonly appDir: string
  readonly port: number
  /** The whole environment of the app: PATH, HOME and TMPDIR belong in it. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Called with every line that the host prints, on either output. */
  readonly onLine?: (line: string) => void
}

export type HostProcess = {
  readonly url: string
  readonly pid: number
  /** The exit code, or null after a signal. */
  readonly exited: Promise<number | null>
  /** SIGTERM, and SIGKILL five seconds later to whatever is still there. */
  readonly stop: () => Promise<void>
  /** SIGKILL at once, to the host and everything it started. */
  readonly kill: () => Promise<void>
  /** What it printed so far; the last thousand lines. */
  readonly output: () => string
}

const readyWithinMs = 60_000
const pollMs = 50
const graceMs = 5_000
const keptLines = 1_000

/** Starts a host and waits until it answers HTTP. Rejects with its last lines when it ends or stays silent. */
export async function startHost(start: HostStart): Promise<HostProcess> {
  await requireFreePort(start.port)
  const child = spawnHost(start)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on('line', keep)
  }
  function keep(line: string): void {
    lines.push(line)
    if (lines.length > keptLines) lines.shift()
    start.onLine?.(line)
  }

  const exited = new Promise<number | null>((resolve) => {
    child.once('error', (fault) => {
      keep(String(fault))
      resolve(null)
    })
    child.once('close', resolve)
  })
  const kill = async () => {
    killGroup(child)
    await exited
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([exited, sleep(graceMs, undefined, { ref: false })])
    await kill()
  }
  const url = `http://127.0.0.1:${start.port}`
  const polling = new AbortController()
  const isReady = await Promise.race([answers(url, polling.signal), exited.then(() => false)])
  polling.abort()
  if (!isReady) {
    await kill()
    throw new Error(`The Functions host did not start:\n${lines.slice(-20).join('\n')}`)
  }
  return { url, pid: child.pid ?? 0, exited, stop, kill, output: () => lines.join('\n') }
}

function spawnHost({ program, port, env, ...start }: HostStart): ChildProcess {
  const appDir = path.resolve(start.appDir)
  const options = { cwd: appDir, detached: process.platform !== 'win32', stdio: 'pipe' } as const
  if (!program) {
    const main = path.join(import.meta.dirname, 'main.ts')
    return spawn(process.execPath, [main, appDir, String(port)], {
      ...options,
      env: { ...env },
      // Over the fourth, our host notices when this process is gone, however it ended.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
  }
  const foreignEnv = {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AzureWebJobs'))),
    // Its worker must run on this Node, not on whatever the machine has.
    PATH: [path.dirname(process.execPath), env.PATH].filter(Boolean).join(path.delimiter),
    NODE_BIN: process.execPath,
    FUNCTIONS_WORKER_RUNTIME: 'node',
  }
  const isCoreTools = /^func(?:\.cmd|\.exe)?$/i.test(path.basename(program))
  const args = isCoreTools ? ['start', '--port', String(port)] : [appDir, String(port)]
  return spawn(program, args, { ...options, env: foreignEnv })
}

/** A foreign server on the port would look like a host that is ready. */
async function requireFreePort(port: number): Promise<void> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch (cause) {
    throw new Error(`Port ${port} is in use: set PORT to another one.`, { cause })
  } finally {
    probe.close()
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(readyWithinMs)])
  while (!patience.aborted) {
    try {
      // The host's own endpoint: no function has to run for this.
      await fetch(`${url}/admin/host/ping`, { signal: patience })
      return true
    } catch {
      await sleep(pollMs) // nobody listens yet
    }
  }
  return false
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The whole group has ended by itself.
  }
}

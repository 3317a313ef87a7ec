/** One app that is measured, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBrowser, type Person } from './browser.ts'
import type { Usage } from './inside.ts'

/** How an app is started. */
export interface Command {
  /** Node unless told. */
  readonly program?: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

export interface App {
  readonly name: string
  readonly origin: string
  readonly pid: number
  newPerson(): Person
  usage(collected?: 'collected'): Promise<Usage>
  stop(): Promise<void>
  /** What it has printed, the last lines of it. */
  output(): string
}

const READY_WITHIN_MS = 60_000
const KEPT_LINES = 40

/** Starts it and waits until it takes connections. Rejects with what it printed where it ends or stays silent. */
export async function startApp(
  name: string,
  port: number,
  { program, args, env, cwd }: Command,
): Promise<App> {
  const child = spawn(program ?? process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      lines.push(...chunk.toString().split('\n'))
      lines.splice(0, lines.length - KEPT_LINES)
    })
  const output = (): string => lines.join('\n')
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  if (!(await takesConnections(port, child))) {
    child.kill('SIGKILL')
    throw new Error(`${name} did not start:\n${output()}`)
  }
  const browser = openBrowser(port)
  return {
    name,
    origin: `http://localhost:${port}`,
    pid: child.pid ?? 0,
    newPerson: browser.newPerson,
    output,
    usage(collected) {
      if (program !== undefined) return usageSeenFromOutside(child.pid ?? 0)
      return new Promise((resolve) => {
        const heard = (message: { usage?: Usage }): void => {
          if (message.usage === undefined) return
          child.off('message', heard)
          resolve(message.usage)
        }
        child.on('message', heard)
        child.send({ usage: collected ?? 'now' })
      })
    },
    async stop() {
      browser.close()
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Of a process that cannot be asked: as Linux has it, to a hundredth of a second (proc(5), fields 14, 15 and 24). */
async function usageSeenFromOutside(pid: number): Promise<Usage> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const [user = 0, system = 0, pages = 0] = [fields[11], fields[12], fields[21]]
  const rssBytes = pages * 4_096
  return { cpuMs: (user + system) * 10, rssBytes, heapBytes: 0, peakRssBytes: rssBytes }
}

async function takesConnections(port: number, child: ChildProcess): Promise<boolean> {
  const untilMs = performance.now() + READY_WITHIN_MS
  while (performance.now() < untilMs && child.exitCode === null) {
    if (await isOpen(port)) return true
    await sleep(1)
  }
  return false
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

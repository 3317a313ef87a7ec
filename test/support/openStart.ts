/** `npm start` in a process of its own, as a person starts it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../local/freePort.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Started {
  readonly port: number
  /** What it printed until it was ready. */
  readonly lines: readonly string[]
  /** Ctrl-C. */
  close(): Promise<void>
}

/** Resolves when it says that it is ready, or has ended. `settings` are those of the person's environment. */
export async function openStart(
  args: readonly string[] = [],
  port?: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const chosen = port ?? (await freePort())
  const child = spawn(process.execPath, ['local/start.ts', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(chosen), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    if (line.startsWith('Signet is ready')) break
  }
  child.stdout.resume()
  return {
    port: chosen,
    lines,
    async close() {
      child.kill('SIGINT')
      await closed
    },
  }
}

/** Runs one step against the real world. The only file here that reads the environment of the process. */
import { setTimeout as sleep } from 'node:timers/promises'
import { examinerIdentity } from '../../commands/doctor/examinerIdentity.ts'
import { honourProxy, ProxyFault } from '../../commands/proxy.ts'
import type { Deployment } from './deployment.ts'
import { HookFault } from './hookFault.ts'
import { runCommand } from './run.ts'

/** Prints a HookFault as what was seen and what to do, and fails the process. Anything else is a defect and escapes. */
export async function runHook(step: (deployment: Deployment) => Promise<void>): Promise<void> {
  const { env } = process
  try {
    const proxy = honourProxy(env, { fetches: false })
    if (proxy !== '') console.log(proxy)
    await step({
      env,
      run: runCommand,
      credential: examinerIdentity(env).credential,
      folder: `.azure/${env.AZURE_ENV_NAME ?? ''}`,
      now: Date.now,
      sleep,
      pollMs: 2_000,
      say: (line) => console.log(line),
    })
  } catch (fault) {
    if (fault instanceof ProxyFault) return fail(fault.message)
    if (!(fault instanceof HookFault)) throw fault
    fail(fault.message, fault.fixes)
  }
}

function fail(seen: string, fixes: readonly string[] = []): void {
  console.error([seen, ...fixes.map((fix) => `  ${fix}`)].join('\n'))
  process.exitCode = 1
}

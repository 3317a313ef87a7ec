import { type HostProcess, startHost } from '../../../local/host/process.ts'
import { findFreePorts } from '../freePorts.ts'
import type { CasesApps } from './buildApps.ts'
import type { Mode } from './case.ts'
import { masterKey } from './send.ts'

export type RunningApps = Readonly<Record<Mode | 'plain', HostProcess & { readonly port: number }>>

/** Runs the cases app in both modes, and the plain one, under one host program; our own when undefined. */
export async function startApps(apps: CasesApps, program: string | undefined): Promise<RunningApps> {
  const [buffered = 0, streaming = 0, plain = 0] = await findFreePorts(3)
  const { PATH, HOME, TMPDIR } = process.env
  const start = async (appDir: string, port: number, settings: Record<string, string>) => {
    const env = { PATH, HOME, TMPDIR, HOST_MASTER_KEY: masterKey, ...settings }
    return { ...(await startHost({ program, appDir, port, env })), port }
  }
  const settings = {
    YEARLY: '0 0 0 1 1 *',
    FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1048576',
    AzureWebJobsDisableHomepage: 'true',
  }
  const starting = [
    start(apps.casesDir, buffered, { ...settings, STREAMING: '0' }),
    start(apps.casesDir, streaming, { ...settings, STREAMING: '1' }),
    start(apps.plainDir, plain, {}),
  ] as const
  try {
    const [one, two, three] = await Promise.all(starting)
    return { buffered: one, streaming: two, plain: three }
  } catch (fault) {
    const settled = await Promise.allSettled(starting)
    await Promise.all(settled.map((app) => app.status === 'fulfilled' && app.value.kill()))
    throw fault
  }
}

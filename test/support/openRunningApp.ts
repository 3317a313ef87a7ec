/** The bundled app in a Functions host of its own, with the whole desk around it: what `npm start` starts, for tests. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Desk, openDesk } from '../../local/desk.ts'
import { freePort } from '../../local/freePort.ts'
import { type HostProcess, startHost } from '../../local/host/process.ts'
import { stageApp } from '../../local/stageApp.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface RunningApp {
  readonly desk: Desk
  readonly origin: string
  readonly host: () => HostProcess
  /** SIGKILL to the host and everything it started, then a new one on the same port. */
  crashAndRestart(): Promise<void>
  close(): Promise<void>
}

interface RunningAppOptions {
  /** The real host's program; our own host without it. */
  readonly program?: string | undefined
  /** Folder of the app, if not the project's own bundle, staged as it is deployed. */
  readonly appDir?: string
  /** Below which the app's routes lie. */
  readonly basePath?: string
  /** Where browsers reach it, if somebody else stands before it. */
  readonly publicOrigin?: string
  /** Settings over those of the desk, which they are made from. */
  readonly settings?: (desk: Desk) => Readonly<Record<string, string>>
}

export async function openRunningApp({
  program,
  appDir,
  publicOrigin,
  settings = () => ({}),
  ...more
}: RunningAppOptions = {}): Promise<RunningApp> {
  if (!existsSync(`${appDir ?? ROOT}/dist/app.cjs`))
    throw new Error('dist/app.cjs is missing: run "npm run build" first.')
  const staged = await stageApp(appDir ?? ROOT)
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const desk = await openDesk({ appOrigin: publicOrigin ?? origin, ...more })
  const start = (): Promise<HostProcess> =>
    startHost({ program, appDir: staged.folder, port, env: { ...desk.processEnv, ...settings(desk) } })
  let host = await start()
  return {
    desk,
    origin,
    host: () => host,
    async crashAndRestart() {
      await host.kill()
      host = await start()
    },
    async close() {
      await host.stop()
      await Promise.all([desk.close(), staged.remove()])
    },
  }
}

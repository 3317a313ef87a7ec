/** A desk and the bundled app on it in a Functions host of its own, for whoever wants to look at it from this process. */
import { fileURLToPath } from 'node:url'
import { openDesk } from './desk.ts'
import { freePort } from './freePort.ts'
import { startHost } from './host/process.ts'
import { loopbackOnly } from './loopbackOnly.ts'
import { trustAuthority } from './trustAuthority.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

export interface DeskWithApp {
  readonly origin: string
  /** When its host was started, by `performance.now`. */
  readonly hostStartedMs: number
  /** Settings and identity, as the app on this desk has them. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/**
 * Opens it and has this process live on the desk too: it trusts the stand-ins, has the managed identity in its environment, and
 * reaches nothing but this machine. Rejects where the app does not start.
 */
export async function openDeskWithApp(appDir: string = ROOT): Promise<DeskWithApp> {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const desk = await openDesk({ appOrigin: origin })
  trustAuthority(desk.authorityPem)
  loopbackOnly({ vaultPort: desk.vault.port })
  Object.assign(process.env, desk.identity.env)
  const hostStartedMs = performance.now()
  try {
    const host = await startHost({ appDir, port, env: desk.processEnv })
    return {
      origin,
      hostStartedMs,
      env: { ...desk.settings, ...desk.identity.env },
      async close() {
        await host.stop()
        await desk.close()
      },
    }
  } catch (fault) {
    await desk.close()
    throw fault
  }
}

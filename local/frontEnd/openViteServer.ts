/** Vite's own server as the origin that people go to: what is Signet's goes to the host, the rest is the front end, and changes show at once. */
import { createServer } from 'vite'
import { SIGNET_ROUTES } from './signetRoutes.ts'

interface ViteServerOptions {
  /** Folder of the front end. */
  readonly root: string
  readonly port: number
  /** Where the host listens, on 127.0.0.1. */
  readonly hostPort: number
}

/** Resolves when it listens, with what ends it. Rejects when the port is taken. */
export async function openViteServer({
  root,
  port,
  hostPort,
}: ViteServerOptions): Promise<{ close(): Promise<void> }> {
  const server = await createServer({
    root,
    configLoader: 'runner',
    logLevel: 'warn',
    clearScreen: false,
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      // The host goes on as it came: the app's own address, and not that of the machine.
      proxy: { [SIGNET_ROUTES]: { target: `http://127.0.0.1:${hostPort}`, changeOrigin: false } },
    },
  })
  await server.listen().catch(async (fault: unknown) => {
    await server.close()
    throw fault
  })
  return { close: () => server.close() }
}

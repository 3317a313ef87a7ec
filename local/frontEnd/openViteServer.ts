/** Vite's own server as the origin that people go to: what is Signet's goes to the host, the rest is the front end, and changes show at once. */
import { createServer, type Plugin } from 'vite'
import { signetRoutes } from './signetRoutes.ts'

interface ViteServerOptions {
  /** Folder of the front end. */
  readonly root: string
  readonly port: number
  /** Where the host listens, on 127.0.0.1. */
  readonly hostPort: number
  /** Below which Signet's routes lie: empty, or `/api`. */
  readonly basePath: string
}

/** Our routes before whatever the folder's own configuration proxies: Vite takes the first key that matches, and that one may lead elsewhere. */
function signetFirst(hostPort: number, routes: string): Plugin {
  // The host goes on as it came: the app's own address, and not that of the machine.
  const ours = { target: `http://127.0.0.1:${hostPort}`, changeOrigin: false }
  return {
    name: 'signet-first',
    enforce: 'post',
    configResolved({ server }) {
      const { [routes]: _replaced, ...others } = server.proxy ?? {}
      server.proxy = { [routes]: ours, ...others }
    },
  }
}

/** Resolves when it listens, with what ends it. Rejects when the port is taken. */
export async function openViteServer({
  root,
  port,
  hostPort,
  basePath,
}: ViteServerOptions): Promise<{ close(): Promise<void> }> {
  const server = await createServer({
    root,
    configLoader: 'runner',
    logLevel: 'warn',
    clearScreen: false,
    // Vite would grant preflights by itself, for our routes too.
    server: { host: '127.0.0.1', port, strictPort: true, cors: false },
    plugins: [signetFirst(hostPort, signetRoutes(basePath))],
  })
  await server.listen().catch(async (fault: unknown) => {
    await server.close()
    throw fault
  })
  return { close: () => server.close() }
}

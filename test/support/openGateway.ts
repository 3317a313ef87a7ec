/**
 * What stands before the app where it is the linked backend of a static web app: it passes `/api/…` on and answers everything else itself.
 * Ours does what the platform's documentation says; where `SWA_CLI` names the platform's own emulator, that one is there as well.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as startRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export const STATIC_PAGE = '<!doctype html><title>Static</title>'
const READY_WITHIN_MS = 60_000

export interface Gateway {
  readonly origin: string
  close(): Promise<void>
}

interface Ports {
  readonly port: number
  readonly appPort: number
}

/** Ours. */
export async function openGateway({ port, appPort }: Ports): Promise<Gateway> {
  const server = createServer((request, response) => {
    const { method, url: path = '', headers } = request
    if (!/^\/api\//.test(path))
      return void response.writeHead(200, { 'content-type': 'text/html' }).end(STATIC_PAGE)
    const host = `127.0.0.1:${appPort}`
    const onward = { host: '127.0.0.1', port: appPort, method, path, headers: { ...headers, host } }
    request.pipe(
      startRequest(onward, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }).on('error', () => response.destroy()),
    )
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The emulator of `@azure/static-web-apps-cli`; `program` is its `swa`. */
export async function openStaticWebApp(program: string, { port, appPort }: Ports): Promise<Gateway> {
  const folder = await mkdtemp(join(tmpdir(), 'signet-static-'))
  await writeFile(join(folder, 'index.html'), STATIC_PAGE)
  const options = [
    '--port',
    String(port),
    '--host',
    'localhost',
    '--api-devserver-url',
    `http://127.0.0.1:${appPort}`,
  ]
  const child = spawn(process.execPath, [program, 'start', folder, ...options], {
    cwd: folder,
    detached: true,
    stdio: 'ignore',
  })
  const origin = `http://localhost:${port}`
  const close = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  for (const giveUpAt = Date.now() + READY_WITHIN_MS; Date.now() < giveUpAt; await sleep(200)) {
    const answer = await fetch(origin).catch(() => undefined)
    if (answer?.ok) return { origin, close }
  }
  await close()
  throw new Error('The emulator of Static Web Apps did not start.')
}

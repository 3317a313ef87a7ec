/** A desk is on this machine: `npm start` works whatever proxies the environment names, and none of them is asked for anything. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freePort } from '../../local/freePort.ts'
import { openRecordingProxy } from '../support/recordingProxy.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

test.each([
  ['proxies', {}],
  ['proxies that Node itself was told to use', { NODE_USE_ENV_PROXY: '1' }],
])('npm start comes up, and its app is ready, with %s in the environment', async (_what, more) => {
  const proxy = await openRecordingProxy()
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy', 'all_proxy']
  const port = await freePort()
  const child = spawn(process.execPath, ['local/start.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      ...Object.fromEntries(names.map((name) => [name, proxy.url])),
      ...more,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) {
      lines.push(line)
      if (line.startsWith('Signet is ready')) break
    }
    expect(lines.at(-1)).toBe(`Signet is ready: http://localhost:${port}`)
    expect((await fetch(`http://localhost:${port}/health/ready`)).status).toBe(200)
    expect(proxy.asked).toEqual([])
  } finally {
    child.kill('SIGTERM')
    await once(child, 'close')
    await proxy.close()
  }
})

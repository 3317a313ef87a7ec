/** Vite before Signet and behind it: by the desk, by the configuration that docs/front-end.md prints, and by that of the example. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { preview, resolveConfig } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../../local/freePort.ts'
import { openViteServer } from '../../../local/frontEnd/openViteServer.ts'
import { configOf } from '../../support/configOf.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/front-end.md'), 'utf8')
const recipe = /```js\n(import \{ defineConfig \}[\s\S]*?)```/.exec(page)?.[1] ?? ''
const PREFLIGHT = {
  method: 'OPTIONS',
  headers: {
    origin: 'http://localhost:1',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-csrf',
  },
}

/** In Signet's place: names itself, and grants nothing. */
const signet = createServer(({ url }, response) => void response.end(`Signet ${url}`))
let folder: string

beforeAll(async () => {
  signet.listen(0, '127.0.0.1')
  await once(signet, 'listening')
  // Node's own part of what a front end's `npm install` brings: the package that the configuration imports.
  folder = await mkdtemp(join(tmpdir(), 'signet-recipe-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'index.html'), '<title>A front end</title>')
  await mkdir(join(folder, 'dist'))
  await copyFile(join(folder, 'index.html'), join(folder, 'dist/index.html'))
})
afterAll(async () => {
  signet.closeAllConnections()
  signet.close()
  await rm(folder, { recursive: true, force: true })
})

const approving = ({ headers }: Response): string[] =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'))

describe('Vite on a desk', () => {
  const proxies = {
    'the recipe of docs/front-end.md': recipe,
    'the desk’s own key, to elsewhere': `export default { server: { cors: true, proxy: {
      '^/(auth|api|protected|health)(?=[/?]|$)': 'http://127.0.0.1:9', '/other': 'http://127.0.0.1:9' } } }`,
  }
  test.each(Object.entries(proxies))(
    'leads to the desk’s Signet whatever the folder proxies (%s), and grants no preflight',
    async (_name, config) => {
      await writeFile(join(folder, 'vite.config.js'), config)
      const port = await freePort()
      const hostPort = (signet.address() as AddressInfo).port
      const vite = await openViteServer({ root: folder, port, hostPort, basePath: '' })
      try {
        const ask = (path: string, init?: RequestInit): Promise<Response> =>
          fetch(`http://127.0.0.1:${port}${path}`, init)
        for (const path of ['/auth/session', '/api/orders/list?top=5', '/health/live'])
          expect(await (await ask(path)).text()).toBe(`Signet ${path}`)
        expect(await (await ask('/')).text()).toContain('A front end')
        for (const path of ['/api/orders/list', '/auth/session', '/', '/main.js'])
          for (const init of [PREFLIGHT, { headers: PREFLIGHT.headers }])
            expect(approving(await ask(path, init)), path).toEqual([])
      } finally {
        await vite.close()
      }
    },
  )
})

describe('Vite by itself', () => {
  const configs = ['the recipe of docs/front-end.md', 'examples/front-end'] as const
  test.each(configs)('asks Signet where SIGNET_URL says, and grants no preflight (%s)', async (name) => {
    await writeFile(join(folder, 'vite.config.js'), recipe)
    const root = name === 'examples/front-end' ? join(ROOT, name) : folder
    process.env.SIGNET_URL = 'http://localhost:7901'
    try {
      const { server } = await resolveConfig({ root, configLoader: 'runner' }, 'serve')
      expect(server).toMatchObject({ port: 5173, strictPort: true, cors: false })
      expect(Object.values(server.proxy ?? {})).toEqual(['http://localhost:7901'])
    } finally {
      delete process.env.SIGNET_URL
    }
  })

  test.each(configs)('behind Signet its preview asks nobody (%s)', async (name) => {
    await writeFile(join(folder, 'vite.config.js'), recipe)
    const root = name === 'examples/front-end' ? join(ROOT, name) : folder
    const port = await freePort()
    const outDir = join(folder, 'dist')
    const server = await preview({ root, configLoader: 'runner', build: { outDir }, preview: { port } })
    try {
      const answer = await fetch(`http://localhost:${port}/api/orders/list`, {
        headers: { accept: 'text/html' },
      })
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('A front end')])
    } finally {
      await server.close()
    }
  })

  test('a desk takes the address of a preview on this machine', () => {
    const [, url] = /FRONT_END_URL=(http:\S+) npm start/.exec(page) ?? []
    expect(configOf({ FRONT_END_URL: url ?? '' }).frontEnd?.url).toContain('http://localhost:4173')
  })
})

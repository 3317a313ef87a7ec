import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenOnLoopback } from '../../local/host/listenOnLoopback.ts'
import { type HostProcess, type HostStart, startHost } from '../../local/host/process.ts'
import { findFreePorts } from './freePorts.ts'
import { writeApp } from './writeApp.ts'

const helloApp = `
  import { app } from '@azure/functions'
  app.http('hello', { handler: () => ({ body: 'hello' }) })
`

let port: number
let ended: (() => unknown)[]
beforeEach(async () => {
  ended = []
  ;[port = 0] = await findFreePorts(1)
})
afterEach(async () => {
  for (const end of ended) await end()
})

async function appOf(source: string, hostJson?: object): Promise<string> {
  const dir = await writeApp(source, hostJson)
  ended.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

async function start(appDir: string, more: Partial<HostStart> = {}): Promise<HostProcess> {
  const { PATH, HOME, TMPDIR } = process.env
  const host = await startHost({ appDir, port, ...more, env: { PATH, HOME, TMPDIR, ...more.env } })
  ended.unshift(host.stop)
  return host
}

describe('a host that cannot start says what to do', () => {
  it('when the app has not been built', async () => {
    const dir = await appOf(helloApp)
    await rm(path.join(dir, 'app.cjs'))
    await expect(start(dir)).rejects.toThrow(/app\.cjs does not exist: run "npm run build" first/)
  })

  it('when the app fails while it is loading, with the fault of the app', async () => {
    const dir = await appOf('throw new Error("no tables configured")')
    await expect(start(dir)).rejects.toThrow(/failed while it was loading "app\.cjs".*no tables configured/s)
  })

  it('when two functions have one name', async () => {
    const dir = await appOf(`${helloApp}\napp.http('hello', { handler: () => ({}) })`)
    await expect(start(dir)).rejects.toThrow(/"hello" has already been registered/)
  })

  it('when host.json is not JSON', async () => {
    const dir = await appOf(helloApp)
    await writeFile(path.join(dir, 'host.json'), '{')
    await expect(start(dir)).rejects.toThrow(/host\.json is not valid JSON/)
  })

  it('when host.json is for another version of the host', async () => {
    const dir = await appOf(helloApp, { version: '1.0' })
    await expect(start(dir)).rejects.toThrow(/must say "version": "2\.0"/)
  })

  it('when the port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    ended.push(() => other.close())
    await once(other, 'listening')
    await expect(start(await appOf(helloApp))).rejects.toThrow(`Port ${port} is in use: set PORT`)
  })

  it('when the port is taken and nobody looked before', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    ended.push(() => other.close())
    await once(other, 'listening')
    const main = path.resolve(import.meta.dirname, '../../local/host/main.ts')
    const run = promisify(execFile)(process.execPath, [main, await appOf(helloApp), String(port)])
    await expect(run).rejects.toMatchObject({
      code: 1,
      stderr: `Port ${port} is in use: set PORT to another one.\n`,
    })
  })

  it('when the program does not exist', async () => {
    await expect(start(await appOf(helloApp), { program: '/nonexistent/host' })).rejects.toThrow(/ENOENT/)
  })
})

it('a function whose route is reserved or malformed is named and the others are served', async () => {
  const host = await start(
    await appOf(`${helloApp}
      app.http('one', { route: 'admin/x', handler: () => ({}) })
      app.http('two', { route: 'x/{id:nosuch}', handler: () => ({}) })
      app.timer('three', { schedule: '61 * * * * *', handler: () => {} })
    `),
  )
  expect((await fetch(`${host.url}/api/hello`)).status).toBe(200)
  expect(host.output()).toMatch(/"one" is not served.*"two" is not served.*"three" does not run/s)
})

it.each([
  ['1000', 500, 200],
  [' 1000 ', 500, 200],
  ['lots', 200, 200],
  ['', 200, 200],
])('of a body limit of %j the host makes what it can: %i, %i', async (limit, large, small) => {
  const host = await start(await appOf(helloApp), { env: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: limit } })
  const statusOf = async (bytes: number) =>
    (await fetch(`${host.url}/api/hello`, { method: 'POST', body: 'a'.repeat(bytes) })).status
  expect([await statusOf(1_001), await statusOf(1_000)]).toEqual([large, small])
})

it('a streamed reply that stands still becomes a 500 after the activity timeout', async () => {
  const dir = await appOf(`${helloApp}
    app.setup({ enableHttpStream: true })
    app.http('throws', { handler: () => { throw new Error('on purpose') } })
  `)
  const host = await start(dir, { env: { HOST_ACTIVITY_TIMEOUT_MS: '200' } })
  const reply = await fetch(`${host.url}/api/throws`)
  expect([reply.status, await reply.text()]).toEqual([500, ''])
  expect(host.output()).toMatch(/throws failed: Error: on purpose/)
})

it('the app gets the settings it was started with and nothing else', async () => {
  const dir = await appOf(`
    import { app } from '@azure/functions'
    app.http('env', { handler: () => ({ jsonBody: process.env }) })
  `)
  const host = await start(dir, { env: { SETTING: 'given' } })
  const { PATH, HOME, TMPDIR, ...rest } = await (await fetch(`${host.url}/api/env`)).json()
  expect([PATH, HOME, TMPDIR]).toEqual([process.env.PATH, process.env.HOME, process.env.TMPDIR])
  expect(rest).toEqual({
    SETTING: 'given',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    WEBSITE_HOSTNAME: `localhost:${port}`,
  })
})

it('stopping does not wait for a request that hangs, nor for a hook that does', async () => {
  const dir = await appOf(`
    import { app } from '@azure/functions'
    app.http('hangs', { handler: () => { console.log('hanging'); return new Promise(() => {}) } })
    app.hook.appTerminate(() => { console.log('hook has begun'); return new Promise((done) => setTimeout(done, 60_000)) })
  `)
  const isHanging = Promise.withResolvers<void>()
  const host = await start(dir, { onLine: (line) => line === 'hanging' && isHanging.resolve() })
  const pending = expect(fetch(`${host.url}/api/hangs`)).rejects.toThrow()
  await isHanging.promise
  await host.stop()
  expect(await host.exited, 'it ended by itself, before it would have been killed').toBe(0)
  expect(host.output()).toContain('hook has begun')
  await pending
})

it('killing ends the host and what it started', async () => {
  const dir = await appOf(`${helloApp}
    import { spawn } from 'node:child_process'
    spawn('sleep', ['600'], { stdio: 'inherit' })
  `)
  const host = await start(dir)
  await host.kill()
  // The child shares the output of the host, which is not closed before both are gone.
  expect(await host.exited).toBeNull()
  expect(() => process.kill(host.pid, 0)).toThrow('ESRCH')
})

it('a host ends when whoever started it is gone', async () => {
  const dir = await appOf(helloApp)
  const starter = `
    import { startHost } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../local/host/process.ts'))}
    const { url } = await startHost({ appDir: ${JSON.stringify(dir)}, port: ${port}, env: process.env })
    console.log(url)
  `
  const parent = spawn(process.execPath, ['--input-type=module', '--eval', starter])
  const [url] = await once(parent.stdout, 'data')
  parent.kill('SIGKILL')
  await expect
    .poll(() => fetch(String(url).trim()).then(String, (fault) => fault.cause.code))
    .toBe('ECONNREFUSED')
})

it('a foreign host is called with folder and port, on this Node, and without storage settings', async () => {
  const program = path.join(await appOf(helloApp), 'program')
  await writeFile(program, `#!/bin/sh\necho "args $@"; env; exit 3\n`, { mode: 0o755 })
  const { PATH } = process.env
  const starting = startHost({
    program,
    appDir: '/tmp',
    port,
    env: { PATH, A: '1', AzureWebJobsStorage: 'x' },
  })
  const message = await starting.then(String, String)
  expect(message).toContain(`args /tmp ${port}`)
  expect(message).toContain(`NODE_BIN=${process.execPath}`)
  expect(message).toMatch(/^A=1$/m)
  expect(message).not.toContain('AzureWebJobs')
})

it('Core Tools are started in the folder of the app', async () => {
  const dir = await appOf(helloApp)
  const program = path.join(dir, 'func')
  await writeFile(program, `#!/bin/sh\necho "args $@ in $(pwd)"; exit 3\n`, { mode: 0o755 })
  await expect(start(dir, { program })).rejects.toThrow(`args start --port ${port} in ${dir}`)
})

it('every server that names no host is kept on 127.0.0.1 while the library opens its own', async () => {
  const server = createServer()
  ended.push(() => server.close())
  await listenOnLoopback(() => new Promise<void>((resolve) => void server.listen(resolve)))
  expect((server.address() as AddressInfo).address).toBe('127.0.0.1')
})

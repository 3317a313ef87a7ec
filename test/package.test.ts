import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk } from '../local/desk.ts'
import { freePort } from '../local/freePort.ts'
import { type HostProcess, startHost } from '../local/host/process.ts'
import { readZip, unpackZip } from '../local/unpackZip.ts'
import packageJson from '../package.json' with { type: 'json' }
import { bundleApp, ROOT } from '../packaging/bundle.ts'
import { buildDeployable, type Deployable } from '../packaging/deployable.ts'
import { zip } from '../packaging/zip.ts'
import { describeUnderRealHost } from './support/realHost.ts'
import { location, newVisitor } from './support/visitor.ts'

let deployable: Deployable
beforeAll(async () => {
  deployable = await buildDeployable()
})

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const contentOf = (path: string): string =>
  String(readZip(deployable.archive).find((entry) => entry.path === path)?.content ?? expect.fail(path))

describe('the deployable archive', () => {
  it('has the same bytes when it is built again', async () => {
    const [one, other] = await Promise.all([buildDeployable(), buildDeployable()])
    expect(digest(other.archive)).toBe(digest(one.archive))
  })

  it('holds five files and no more, dated at the beginning of the format’s time', () => {
    const entries = readZip(deployable.archive)

    expect(entries.map(({ path }) => path)).toEqual([
      'LICENSE',
      'THIRD-PARTY-NOTICES',
      'dist/app.cjs',
      'host.json',
      'package.json',
    ])
    for (const { dosDate, dosTime, mode } of entries)
      expect([dosDate, dosTime, mode]).toEqual([0b0000000_0001_00001, 0, 0o100644])
  })

  it('tells npm to install nothing', () => {
    const { name, version, type, main } = packageJson
    expect(JSON.parse(contentOf('package.json'))).toEqual({ name, version, private: true, type, main })
  })

  it('says nothing of the machine it was built on, and carries no source map', () => {
    for (const { path, content } of readZip(deployable.archive)) {
      expect(content.includes(ROOT), path).toBe(false)
      expect(content.includes('sourceMappingURL'), path).toBe(false)
    }
  })

  it('keeps names, so that a stack trace can be read', () => {
    expect(contentOf('dist/app.cjs')).toMatch(/function createVersionedAssertions\(/)
  })

  it('is small', () => {
    expect(deployable.archive.length).toBeLessThan(400 * 1024)
  })
})

describe('npm run package', () => {
  it('leaves that archive, and prints its size, its digest and how long it takes to start', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'packaging/package.ts')], {
      cwd: ROOT,
    })
    const bytes = await readFile(join(ROOT, 'dist/signet.zip'))
    expect(digest(bytes)).toBe(digest(deployable.archive))
    const kib = Math.ceil(bytes.length / 1024)
    expect(stdout).toMatch(new RegExp(`^dist/signet\\.zip +${kib} KiB, 5 files, \\d+ KiB unpacked$`, 'm'))
    expect(stdout).toMatch(new RegExp(`^SHA-256 +${digest(bytes)}$`, 'm'))
    expect(stdout).toMatch(/^first answer +\d+ ms after the host was started$/m)
  })
})

describe('the bundle', () => {
  it('is made from the functions, the library and packages, and never from stand-ins or tools', async () => {
    const { inputs } = await bundleApp()
    const folders = new Set(inputs.map((path) => path.split('/')[0]))

    expect([...folders].sort()).toEqual(['functions', 'lib', 'node_modules'])
    expect(inputs.filter((path) => path.startsWith('commands/doctor/'))).toEqual([])
  })
})

describe('the licence notices', () => {
  it('name every package that is in the bundle, with the version that is in it', async () => {
    const { contents } = await bundleApp()
    const notices = contentOf('THIRD-PARTY-NOTICES')
    const folders = new Set(
      contents.flatMap((path) => /^(node_modules\/.*)\//.exec(packageFolder(path))?.[0] ?? []),
    )

    expect(folders.size).toBeGreaterThan(20)
    for (const folder of folders) {
      const { name, version } = JSON.parse(await readFile(join(ROOT, folder, 'package.json'), 'utf8'))
      expect(notices).toContain(`\n${name} ${version} (`)
    }
    for (const name of Object.keys(packageJson.dependencies)) expect(notices).toContain(`\n${name} `)
    expect(notices).not.toMatch(/\n(vitest|esbuild|azurite|typescript) /)
  })

  it('hold the text of each licence', async () => {
    const notices = contentOf('THIRD-PARTY-NOTICES')
    const joseLicence = await readFile(join(ROOT, 'node_modules/jose/LICENSE.md'), 'utf8')

    expect(notices).toContain(joseLicence.trim())
    expect(notices).not.toContain('comes without its text')
  })
})

/** Up to and including the last `node_modules/{package}/`. */
function packageFolder(path: string): string {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path)?.[0] ?? ''
}

describe('an archive', () => {
  const files = [
    { path: 'b/two.txt', content: Buffer.from('two '.repeat(1000)) },
    { path: 'a/ü.txt', content: Buffer.alloc(0) },
  ]

  it('gives back what was put in, in the order of the paths', () => {
    const entries = readZip(zip(files))
    expect(entries.map(({ path, content }) => [path, String(content)])).toEqual([
      ['a/ü.txt', ''],
      ['b/two.txt', 'two '.repeat(1000)],
    ])
  })

  it('is the same whatever order its files come in', () => {
    expect(digest(zip(files.toReversed()))).toBe(digest(zip(files)))
  })

  it('that was damaged is found out', () => {
    const archive = zip([{ path: 'one.txt', content: Buffer.from('one') }])
    const checksumInDirectory = archive.length - 22 - 'one.txt'.length - 46 + 16
    const damaged = archive.with(checksumInDirectory, (archive[checksumInDirectory] ?? 0) ^ 1)
    expect(() => readZip(damaged)).toThrow('one.txt is damaged')
    expect(() => readZip(archive.slice(0, -1))).toThrow('no end')
  })

  it('that leads out of its folder is not unpacked', async () => {
    const archive = zip([{ path: '../one.txt', content: Buffer.from('one') }])
    await expect(unpackZip(archive, '/nowhere')).rejects.toThrow('leads astray')
  })
})

/** The archive unpacked into a folder outside the project, and started there. */
async function startUnpacked(program: string | undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'signet-unpacked-'))
  await unpackZip(deployable.archive, folder)
  const port = await freePort()
  const desk = await openDesk({ appOrigin: `http://localhost:${port}` })
  const host = await startHost({ program, appDir: folder, port, env: desk.processEnv })
  return { folder, desk, host, origin: `http://localhost:${port}` }
}

function serves(program: string | undefined): void {
  let app: {
    readonly folder: string
    readonly desk: Desk
    readonly host: HostProcess
    readonly origin: string
  }
  beforeAll(async () => {
    app = await startUnpacked(program)
  }, 120_000)
  afterAll(async () => {
    await app.host.stop()
    await app.desk.close()
    await rm(app.folder, { recursive: true, force: true })
  })

  it('answers that it lives', async () => {
    const reply = await fetch(`${app.origin}/health/live`)
    expect([reply.status, await reply.json()]).toEqual([200, { status: 'live' }])
  })

  it('is ready: it has signed by the vault', async () => {
    const reply = await fetch(`${app.origin}/health/ready`)
    expect(reply.status, await reply.text()).toBe(200)
    expect(app.desk.vault.requests.some(({ operation }) => operation === 'sign')).toBe(true)
  })

  it('sends a browser to Entra, and signs the person in who comes back', async () => {
    const visitor = newVisitor(app.origin)
    const sent = await visitor.ask(`${app.origin}/auth/login`)
    expect(sent.status).toBe(302)
    expect(location(sent).startsWith(`${app.desk.entra.origin}/${app.desk.entra.tenantId}/oauth2/`)).toBe(
      true,
    )

    const signedIn = await visitor.signIn()
    expect([signedIn.status, location(signedIn)]).toEqual([303, '/'])
  })

  it('needs nothing else in its folder', async () => {
    expect(await readdir(app.folder)).not.toContain('node_modules')
  })
}

describe('the unpacked archive under our host', () => serves(undefined))
describeUnderRealHost('the unpacked archive under the real host', serves)

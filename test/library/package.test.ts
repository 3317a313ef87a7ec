/** The package as it leaves the house: what is in the file, what it says of itself, and what installing it brings. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import app from '../../package.json' with { type: 'json' }
import { referenceOf } from '../../packaging/docs/reference/referencePages.ts'
import { LIBRARY_ENTRIES } from '../../packaging/library/entries.ts'
import { LEAST_NODE, LIBRARY_NAME, libraryManifest } from '../../packaging/library/manifest.ts'
import { travellingPage } from '../../packaging/library/pages.ts'

const LIBRARY = fileURLToPath(new URL('../../dist/library', import.meta.url))
const read = (path: string): string => readFileSync(join(LIBRARY, path), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'signet-tarball-'))
let tarball: Buffer
let files: string[]

beforeAll(() => {
  if (!existsSync(join(LIBRARY, 'guard.js')))
    throw new Error('dist/library is missing: run "npm run build" first.')
  const told = execFileSync('npm', ['pack', '--json', '--pack-destination', folder, LIBRARY], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [{ filename, files: packed }] = JSON.parse(told) as [{ filename: string; files: { path: string }[] }]
  tarball = readFileSync(join(folder, filename))
  files = packed.map(({ path }) => path)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the file', () => {
  test('holds a module and its types for each entry, the pages and the licence, and nothing of the app', () => {
    const expected = [
      /^(package\.json|README\.md|LICENSE|node-version\.js)$/,
      /^docs\/(guard|client|reference\/[\w-]+|reference\/README)\.md$/,
      /^chunk-\w+\.js$/,
      /^\w+\.d\.ts$/,
      new RegExp(`^(${[...LIBRARY_ENTRIES.keys()].join('|')})\\.(js|d\\.ts)$`),
      /^client\.js\.map$/,
    ]

    expect(files.filter((path) => !expected.some((pattern) => pattern.test(path)))).toEqual([])
    for (const name of LIBRARY_ENTRIES.keys())
      expect(files).toEqual(expect.arrayContaining([`${name}.js`, `${name}.d.ts`]))
    expect(tarball.length).toBeLessThan(100_000)
  })

  test('has no page with a link that leads nowhere, and its README is the page of the library', () => {
    for (const path of files.filter((each) => each.endsWith('.md'))) {
      const links = [...read(path).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = '']) => link)
      for (const link of links) expect(files).toContain(join(path, '..', link))
    }
    expect(read('README.md')).toMatch(/^# Signet as a library\n/)
  })

  test('keeps the words of a link whose page does not travel', () => {
    const travels = new Map([
      ['docs/library.md', 'README.md'],
      ['docs/guard.md', 'docs/guard.md'],
    ])
    const text =
      '[a](guard.md#options) [b](deploy.md) [c](#errors) [d](https://entra.example/x) [e](../README.md)'

    expect(travellingPage(text, 'docs/library.md', travels)).toBe(
      '[a](docs/guard.md#options) b [c](#errors) [d](https://entra.example/x) e',
    )
    expect(travellingPage('[f](library.md)', 'docs/guard.md', travels)).toBe('[f](../README.md)')
  })
})

describe('the manifest', () => {
  const manifest = JSON.parse(existsSync(join(LIBRARY, 'package.json')) ? read('package.json') : '{}')

  test('has a name of its own, no main file, no program, no script, and no dependency that is optional', () => {
    expect(manifest.name).toBe(LIBRARY_NAME)
    expect(manifest.version).toBe(app.version)
    expect(Object.keys(manifest).sort()).toEqual([
      'dependencies',
      'description',
      'engines',
      'exports',
      'keywords',
      'license',
      'name',
      'sideEffects',
      'type',
      'version',
    ])
  })

  test('that of the app offers nothing to other packages, and cannot be published', () => {
    expect(app.private).toBe(true)
    expect(Object.keys(app)).not.toEqual(expect.arrayContaining(['exports']))
    expect(Object.keys(app)).not.toEqual(expect.arrayContaining(['files']))
  })

  test('depends on what its modules import, from the version on that the tests run with', () => {
    const modules = readdirSync(LIBRARY).filter((name) => name.endsWith('.js'))
    const imported = modules.flatMap((name) =>
      [...read(name).matchAll(/^(?:import|export)[^;]*? from "([^".][^"]*)"/gm)].map(([, from = '']) => from),
    )
    const packages = new Set(imported.filter((from) => !from.startsWith('node:')))
    const { dependencies }: { dependencies: Readonly<Record<string, string>> } = app

    expect(packages.size).toBeGreaterThan(2)
    expect(manifest.dependencies).toEqual(
      Object.fromEntries([...packages].map((name) => [name, `^${dependencies[name]}`])),
    )
  })

  test('cannot be made of a module that imports what the app does not depend on', () => {
    expect(() => libraryManifest(app, ['left-pad'])).toThrow('left-pad')
  })

  test('brings no Node, no program that is called node, and nothing that runs at installation', () => {
    const packages: Readonly<Record<string, Locked>> = JSON.parse(
      readFileSync('package-lock.json', 'utf8'),
    ).packages
    const brought = new Map<string, Locked>()
    const visit = (name: string): void => {
      const found = packages[`node_modules/${name}`]
      if (found === undefined || brought.has(name)) return
      brought.set(name, found)
      for (const each of Object.keys({ ...found.dependencies, ...found.optionalDependencies })) visit(each)
    }
    for (const name of Object.keys(manifest.dependencies)) visit(name)

    expect(brought.size).toBeGreaterThan(10)
    expect(brought.size).toBeLessThan(30)
    for (const [name, { bin, hasInstallScript, optionalDependencies }] of brought) {
      expect([name, bin?.node, hasInstallScript, optionalDependencies]).toEqual([
        name,
        undefined,
        undefined,
        undefined,
      ])
      expect(name).not.toMatch(/^node(-|$)/)
    }
  })
})

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly bin?: Readonly<Record<string, string>>
  readonly hasInstallScript?: boolean
}

describe('judged by others', () => {
  test('publint finds nothing to say', async () => {
    const bytes = new Uint8Array(tarball)
    const { messages } = await publint({ pack: { tarball: bytes.buffer }, strict: true })

    expect(messages).toEqual([])
  })

  test('attw finds the types right wherever ES modules can be loaded, which the oldest resolution cannot do', async () => {
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)))
    if (result.types === false) expect.fail('the package has no types')
    // `exports` is unknown to Node 10, and `require` of an ES module is what the least Node was chosen for.
    const expected = ({ kind, resolutionKind }: { kind: string; resolutionKind?: string }): boolean =>
      (kind === 'NoResolution' && resolutionKind === 'node10') ||
      (kind === 'CJSResolvesToESM' && resolutionKind === 'node16-cjs')

    expect(Object.keys(result.entrypoints)).toEqual(
      expect.arrayContaining([...LIBRARY_ENTRIES.keys()].map((name) => `./${name}`)),
    )
    expect(result.problems.filter((problem) => !expected(problem))).toEqual([])
  })
})

describe('on a Node that is too old', () => {
  const servers = [...LIBRARY_ENTRIES].filter(([, { platform }]) => platform === 'node').map(([name]) => name)

  test('every entry for Node says in a sentence which one it needs and which it found', () => {
    const code = `
      const load = (name, node) => {
        globalThis.process = Object.create(process, { versions: { value: { node } } })
        return import('./dist/library/' + name).then(() => console.log('taken'), ({ message }) => console.log(message))
      }
      for (const name of ${JSON.stringify(servers)}) await load(name + '.js', '22.11.0')
      for (const node of ['20.20.2', '22.12.0', '24.0.0']) await load('node-version.js?' + node, node)`
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' })
    const sentence = (node: string): string =>
      `signet-entra needs Node ${LEAST_NODE} or later, and this is Node ${node}.`

    expect(told.trim().split('\n')).toEqual([
      ...servers.map(() => expect.stringContaining(sentence('22.11.0'))),
      expect.stringContaining(sentence('20.20.2')),
      'taken',
      'taken',
    ])
    expect(JSON.parse(read('package.json')).engines).toEqual({ node: `>=${LEAST_NODE}` })
  })

  test('no module is imported before that sentence, in none of its files', () => {
    for (const name of files.filter((each) => each.endsWith('.js') && each !== 'node-version.js')) {
      const isForBrowsers = name === 'client.js'
      expect(read(name).startsWith("import './node-version.js'")).toBe(!isForBrowsers)
    }
  })
})

test('the reference has a page for each entry, made of the declarations and docstrings by `npm run docs`, and no other', async () => {
  const pages = await referenceOf('.', LIBRARY)
  const names = readdirSync('docs/reference').map((name) => `docs/reference/${name}`)

  expect(names.sort()).toEqual([...pages.keys()].sort())
  expect(pages.size).toBe(LIBRARY_ENTRIES.size + 1)
  for (const [path, page] of pages) expect(readFileSync(path, 'utf8'), `${path}: npm run docs`).toBe(page)
})

test('its public API is as it was: whoever changes it sees it here', async () => {
  const declared = readdirSync(LIBRARY)
    .filter((name) => name.endsWith('.d.ts'))
    .sort()
  const api = declared.map((name) => `==== ${name}\n${read(name).trimEnd()}\n`).join('\n')

  expect(declared.length).toBeGreaterThan(LIBRARY_ENTRIES.size)
  await expect(api).toMatchFileSnapshot('../golden/library-api.txt')
})

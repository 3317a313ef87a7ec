/** What nobody uses is not there: no export, no error code, no dependency; and no table that answers with what it was never given. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { ERRORS } from '../lib/errors/table.ts'
import packageJson from '../package.json' with { type: 'json' }
import { LIBRARY_ENTRIES } from '../packaging/library/entries.ts'

interface Source {
  readonly path: string
  readonly text: string
  /** Names that it imports, from each file by its base name. */
  readonly imported: ReadonlySet<string>
}

const PRODUCT = '{lib,functions,commands}/**/*.ts'
const STAND_INS = '{local,infra,packaging,bench,examples,client}/**/*.ts'

function read(pattern: string): Source[] {
  return globSync(pattern, { exclude: ['**/node_modules/**'] }).map((path) => {
    const text = withoutComments(readFileSync(path, 'utf8'))
    const clauses = text.matchAll(/^(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'([^']+)'/gm)
    const later = text.matchAll(/\{([^{}]*)\} = await import\('([^']+)'\)/g)
    const imported = [...clauses, ...later].flatMap(([, names = '', from = '']) =>
      names.split(',').map(
        (name) =>
          `${basename(from)}#${
            name
              .trim()
              .replace(/^type /, '')
              .split(' as ')[0]
          }`,
      ),
    )
    return { path: path.replaceAll('\\', '/'), text, imported: new Set(imported) }
  })
}

function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*\*?[\s\S]*?\*\//gm, '').replace(/^\s*\/\/.*$/gm, '')
}

const product = read(PRODUCT)
const house = [...product, ...read(STAND_INS)]
const tests = read('test/**/*.ts')

/** The files that other packages import. */
const entries = [...LIBRARY_ENTRIES.values()].map(({ source }) => source)

const DECLARATION = /^export (?:async )?(?:abstract )?(function|const|class|interface|type) (\w+)/gm

describe('every export of the library', () => {
  const exported = product
    .filter(({ path }) => path.startsWith('lib/') && !entries.includes(path))
    .flatMap((source) =>
      [...source.text.matchAll(DECLARATION)].map(([, kind = '', name = '']) => ({ source, kind, name })),
    )
  const importers = (files: readonly Source[], { source, name }: (typeof exported)[number]) =>
    files.filter(
      ({ path, imported }) => path !== source.path && imported.has(`${basename(source.path)}#${name}`),
    )
  const ownUses = ({ source, name }: (typeof exported)[number]) =>
    source.text.split(new RegExp(`\\b${name}\\b`)).length - 2

  it('is seen at all', () => {
    expect(entries.length).toBeGreaterThan(3)
    expect(exported.length).toBeGreaterThan(150)
  })

  it('is used in the product or beside it: what only tests use, its own file uses too', () => {
    const idle = exported.filter((one) => importers(house, one).length === 0 && ownUses(one) === 0)

    expect(idle.map(({ source, name }) => `${source.path}: ${name}`)).toEqual([])
  })

  it('is imported by somebody, if it is a value: what its own file alone uses is not exported', () => {
    const idle = exported.filter(
      (one) => /function|const|class/.test(one.kind) && importers([...house, ...tests], one).length === 0,
    )

    expect(idle.map(({ source, name }) => `${source.path}: ${name}`)).toEqual([])
  })
})

/** Names of members that a text takes out of something: `.name` before whatever `after` is, or in a pattern. */
function membersTaken(text: string, after: string): Set<string> {
  const code = text.replace(/^(?:export )?interface [\s\S]*?^\}/gm, '')
  const asked = [...code.matchAll(new RegExp(`\\.(\\w+)(?=${after})`, 'g'))].map(([, name = '']) => name)
  const patterns = code.matchAll(/\{([^{}]*)\}(?:: \w|\s*=[^>]|, request\b|\s*\)\s*(?:=>|:))/g)
  return new Set([...asked, ...[...patterns].flatMap(([, names = '']) => names.match(/\w+/g) ?? [])])
}

describe('every part of the app', () => {
  it('is used by what an instance does: what the composition root makes for nobody is not made', () => {
    const [, body = ''] =
      /^export interface App \{\n([\s\S]*?)^\}/m.exec(readFileSync('lib/app.ts', 'utf8')) ?? []
    const parts = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, name = '']) => name)
    // A command composes parts of its own; a job is handed the app as the parts that it names itself.
    const users = product.filter(({ path }) => path !== 'lib/compose.ts' && !path.startsWith('commands/'))
    const used = membersTaken(users.map(({ text }) => text).join('\n'), '\\b')

    expect(parts.length).toBeGreaterThan(8)
    expect(parts.filter((name) => !used.has(name))).toEqual([])
  })
})

describe('every method of a part', () => {
  it('is called by somebody: what an interface of the library offers and nobody asks for is not offered', () => {
    // By name and not by type, so that one whose name is a common one can hide.
    const called = membersTaken(house.map(({ text }) => text).join('\n'), '\\(|<|\\?\\.\\(|[,;)]')
    const offered = product
      .filter(
        ({ path }) => path.startsWith('lib/') && !entries.includes(path) && path !== 'lib/guard/guard.ts',
      )
      .flatMap(({ path, text }) =>
        [...text.matchAll(/^(?:export )?interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)].flatMap(
          ([, type, body = '']) =>
            [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??(?:<[^>]*>)?(?:\(|: \(|: <)/gm)].map(
              ([, name = '']) => ({ of: `${path}: ${type}.${name}`, name }),
            ),
        ),
      )

    expect(offered.length).toBeGreaterThan(100)
    expect(offered.filter(({ name }) => !called.has(name)).map(({ of }) => of)).toEqual([])
  })
})

describe('every code of the error table', () => {
  it('stands where it can be thrown, not only where it would be worded or allowed', async () => {
    const wording = /^lib\/(errors\/(table|\w+Errors)|http\/pages\/screens|exports\/errors)\.ts$/
    const code = await Promise.all(
      product
        .filter(({ path }) => path.startsWith('lib/') && !wording.test(path))
        .map(async ({ text }) =>
          (await transform(text, { loader: 'ts' })).code.replace(/[!=]== "[^"]*"/g, ''),
        ),
    )

    const unused = Object.keys(ERRORS).filter((one) => !code.some((text) => text.includes(`"${one}"`)))
    expect(unused).toEqual([])
  })
})

describe('every dependency', () => {
  const places = [
    ...globSync('{vitest.config.ts,*.json,*.config.*,{local,test}/**/*.{cjs,mjs},local/**/*.ts}', {
      exclude: ['package*.json'],
    }),
    ...[...house, ...tests].map(({ path }) => path),
  ].map((path) => readFileSync(path, 'utf8'))
  const scripts = Object.values(packageJson.scripts).join('\n')

  it('that is deployed is imported by the product', () => {
    const idle = Object.keys(packageJson.dependencies).filter(
      (name) => !product.some(({ text }) => text.includes(`'${name}'`)),
    )

    expect(idle).toEqual([])
  })

  it('of the workshop is imported, run by a script, or gives types', () => {
    const programs: Readonly<Record<string, string>> = {
      typescript: 'tsc',
      '@biomejs/biome': 'biome',
      '@stryker-mutator/core': 'stryker',
    }
    const idle = Object.keys(packageJson.devDependencies).filter((name) => {
      const isImported = places.some((text) =>
        ["'", '"', '`'].some((mark) => text.includes(`${mark}${name}`)),
      )
      const isRun = new RegExp(`\\b${programs[name] ?? name}\\b`).test(scripts)
      return !isImported && !isRun && !name.startsWith('@types/')
    })

    expect(idle).toEqual([])
  })
})

describe('a table that is asked by names from outside', () => {
  it('is a Map: an object would answer `constructor` with what nobody wrote into it', () => {
    const open = /^\s*(?:export )?const (\w+): (?:Readonly<)?Record<string, .*= \{$/gm
    const found = house.flatMap(({ path, text }) =>
      [...text.matchAll(open)]
        .filter(([, name]) => new RegExp(`\\b${name}\\[`).test(text) && !text.includes(`hasOwn(${name},`))
        .map(([, name]) => `${path}: ${name}`),
    )

    expect(found).toEqual([])
    expect(
      house
        .filter(({ text }) => /\b\w+ in (?:[A-Z_]{3,}|\w*[mM]ap)\b/.test(text.replace(/'[^'\n]*'/g, '')))
        .map(({ path }) => path),
    ).toEqual([])
  })
})

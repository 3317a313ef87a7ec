import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Each imports from itself and from what stands before it, never from what stands beside or after it. */
const LAYERS = [
  ['base'],
  ['errors'],
  ['config', 'vault'],
  ['credential'],
  ['entra'],
  ['rotation', 'session'],
  ['grant', 'device', 'guard'],
  ['http'],
  ['exports'],
  ['functions', 'commands'],
] as const

/** Puts the parts together, and so may know every one of them; but only these may know it. */
const COMPOSITION: Readonly<Record<string, RegExp>> = {
  'lib/app.ts': /^lib\/(compose\.ts|http\/)/,
  'lib/compose.ts': /^functions\//,
  'lib/base/realEffects.ts': /^(lib\/(compose\.ts|exports\/|guard\/guard\.ts)|commands\/)/,
}

/** The world outside, and the only files that may touch each part of it. */
const WORLD: Readonly<Record<string, readonly string[]>> = {
  'process.env': ['lib/compose.ts'],
  // The library behind it reads the system clock: the difference to ours has to be told.
  'Date.now': ['lib/base/realEffects.ts', 'lib/entra/tokenEndpoint.ts'],
  'process.stdout': ['lib/base/realEffects.ts'],
  'process.stderr': ['lib/base/realEffects.ts'],
  console: [],
  fetch: ['lib/base/realEffects.ts'],
  crypto: [],
  'Math.random': [],
  performance: [],
  setTimeout: ['lib/base/realEffects.ts', 'lib/base/deadline.ts'],
  setInterval: [],
  setImmediate: ['lib/compose.ts'],
}

/** The packages and modules that reach out, and the only files that may load each. */
const OUTWARD: Readonly<Record<string, readonly string[]>> = {
  '@azure/identity': ['lib/credential/platformIdentity.ts', 'commands/doctor/examinerIdentity.ts'],
  '@azure/keyvault-certificates': [
    'lib/vault/certificate.ts',
    'lib/vault/bundles.ts',
    'commands/doctor/certificateEvidence.ts',
  ],
  '@azure/keyvault-keys': ['lib/vault/sign.ts', 'lib/vault/exportable.ts', 'commands/doctor/checks/key.ts'],
  'node:timers/promises': ['lib/base/realEffects.ts'],
  'node:child_process': ['lib/credential/tpm/runTool.ts'],
  'node:fs/promises': ['lib/credential/readPemFile.ts', 'lib/credential/tpm/exchangeFiles.ts'],
  'node:os': ['lib/credential/tpm/exchangeFiles.ts'],
  'node:async_hooks': ['lib/base/requestTime.ts'],
  'node:zlib': ['lib/base/plainFetch.ts'],
  'node:http': ['lib/base/httpRequest.ts', 'lib/base/fetchAsSent.ts', 'lib/base/plainFetch.ts'],
  'node:https': ['lib/base/httpRequest.ts'],
}
const HARMLESS = new Set(['@azure/functions', 'jose', 'oauth4webapi', 'node:crypto', 'node:stream'])

interface Source {
  readonly path: string
  readonly text: string
  readonly imports: readonly string[]
}

function sources(folder: string): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => posix.join(folder, name.replaceAll('\\', '/')))
    .filter((path) => path.endsWith('.ts') && !path.includes('/node_modules/'))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8')
      return { path, text, imports: importsOf(path, text) }
    })
}

const IMPORT = [
  /^import\s+(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)/gm,
  /^export\s+(?:type\s+)?[*{][^'"]*?\sfrom\s+['"]([^'"]+)/gm,
  /\bimport\(\s*['"]([^'"]+)/g,
]

/** What a file imports, types too; files of the project by their path from its root. */
function importsOf(path: string, text: string): string[] {
  const specifiers = IMPORT.flatMap((form) => [...text.matchAll(form)].map(([, specifier = '']) => specifier))
  return specifiers.map((name) => (name.startsWith('.') ? posix.join(dirname(path), name) : name))
}

const LIB = sources('lib')
const FUNCTIONS = sources('functions')
const COMMANDS = sources('commands')
/** What is deployed, and the doctor's findings, which reach the world by the same few files. */
const ALL = [
  ...LIB,
  ...FUNCTIONS,
  ...COMMANDS.filter(({ path }) => path.startsWith('commands/doctor/') && !path.endsWith('/main.ts')),
]
/** The product and all that stands around it. */
const HOUSE = [
  ...LIB,
  ...FUNCTIONS,
  ...COMMANDS,
  ...['client', 'local', 'infra', 'packaging', 'bench', 'test'].flatMap(sources),
]

/** Each file without types and comments, where each name in `WORLD` that is the global one is marked. */
const BARE = await Promise.all(
  ALL.map(async ({ path, text }) => {
    const define = Object.fromEntries(Object.keys(WORLD).map((name) => [name, marker(name)]))
    const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } }
    return {
      path,
      code: (await transform(text, { loader: 'ts', define, tsconfigRaw, legalComments: 'none' })).code,
    }
  }),
)

function marker(name: string): string {
  return `GLOBAL_${name.replace('.', '_')}`
}

function layerOf(path: string): string {
  const [top = '', folder = '', ...rest] = path.split('/')
  if (top !== 'lib') return top
  return rest.length === 0 ? 'root' : folder
}

function rankOf(layer: string): number {
  return LAYERS.findIndex((names) => (names as readonly string[]).includes(layer))
}

/** Every import of one project file by another that `isWrong`. */
function wrongImports(isWrong: (from: string, to: string) => boolean): string[] {
  return [...LIB, ...FUNCTIONS, ...COMMANDS].flatMap(({ path, imports }) =>
    imports.filter((to) => to.endsWith('.ts') && isWrong(path, to)).map((to) => `${path} imports ${to}`),
  )
}

describe('imports', () => {
  it('are seen at all: there are many files, and they hang together', () => {
    expect(LIB.length).toBeGreaterThan(50)
    expect(LIB.flatMap(({ imports }) => imports).length).toBeGreaterThan(150)
    expect(LIB.find(({ path }) => path === 'lib/compose.ts')?.imports).toContain('lib/config/config.ts')
  })

  it('lead to files that exist, under names that a layer has', () => {
    const paths = new Set(HOUSE.map(({ path }) => path))
    expect(wrongImports((_from, to) => !paths.has(to))).toEqual([])
    const isHomeless = (path: string): boolean => !(path in COMPOSITION) && rankOf(layerOf(path)) < 0
    expect(ALL.map(({ path }) => path).filter(isHomeless)).toEqual([])
  })

  it('run one way: from the outside in, and never to a neighbour', () => {
    const isWrong = (from: string, to: string): boolean => {
      if (from in COMPOSITION || to in COMPOSITION || rankOf(layerOf(to)) < 0) return false
      const [mine, other] = [layerOf(from), layerOf(to)]
      return mine !== other && rankOf(other) >= rankOf(mine)
    }

    expect(wrongImports(isWrong)).toEqual([])
  })

  it('reach what puts the parts together from the outermost layers only', () => {
    expect(wrongImports((from, to) => COMPOSITION[to]?.test(from) === false)).toEqual([])
  })

  it('give the composition no way to HTTP: handlers are given the app, not the other way round', () => {
    expect(wrongImports((from, to) => from in COMPOSITION && to.startsWith('lib/http/'))).toEqual([])
  })

  it('go round in no circle', () => {
    const byPath = new Map(HOUSE.map((source) => [source.path, source]))
    const done = new Set<string>()
    const circles: string[] = []
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      if (done.has(path) || trail.includes(path)) return
      for (const to of byPath.get(path)?.imports ?? []) walk(to, [...trail, path])
      done.add(path)
    }
    for (const path of byPath.keys()) walk(path, [])

    expect(circles).toEqual([])
  })

  it('never lead from the product to commands, stand-ins, tests, benchmarks or infrastructure', () => {
    const isDeployed = (path: string): boolean => /^(lib|functions)\//.test(path)

    expect(wrongImports((from, to) => isDeployed(from) && !isDeployed(to))).toEqual([])
  })

  it('of the browser’s side lead nowhere else, and nothing that is deployed leads there', () => {
    const foreign = sources('client').flatMap(({ path, imports }) =>
      imports.filter((to) => !to.startsWith('client/')).map((to) => `${path} imports ${to}`),
    )

    expect(foreign).toEqual([])
    expect(wrongImports((_from, to) => to.startsWith('client/'))).toEqual([])
  })

  it('lead from a command to the desk only where it is asked for one', () => {
    const allowed =
      /^commands\/(commandEnvironment|(desk|doctor)\/main|walkthrough\/(deskTarget|signInAs))\.ts$/

    expect(wrongImports((from, to) => to.startsWith('local/') && !allowed.test(from))).toEqual([])
  })

  it('never lead from a command to tests, benchmarks or infrastructure', () => {
    expect(wrongImports((_from, to) => /^(test|bench|infra|packaging)\//.test(to))).toEqual([])
  })
})

describe('the world outside', () => {
  it.each(Object.entries(WORLD))('%s is touched only by %j', (name, allowed) => {
    const touching = BARE.filter(({ code }) => code.includes(marker(name))).map(({ path }) => path)

    expect(touching.sort()).toEqual([...allowed].sort())
  })

  it('has no clock in a Date without an argument', () => {
    expect(BARE.filter(({ code }) => /\bnew Date\b(?!\([^)])/.test(code)).map(({ path }) => path)).toEqual([])
  })

  it('is reached through named packages, each loaded by named files', () => {
    const wrong = BARE.filter(({ path }) => path.startsWith('lib/')).flatMap(({ path, code }) =>
      importsOf(path, code)
        .filter((name) => !name.endsWith('.ts') && !HARMLESS.has(name) && !OUTWARD[name]?.includes(path))
        .map((name) => `${path} loads ${name}`),
    )

    expect(wrong).toEqual([])
  })

  it('is told which identity to use: only the doctor, at a desk, looks for one', () => {
    const searching = LIB.filter(({ text }) => /DefaultAzureCredential|ChainedTokenCredential/.test(text))
    expect(searching.map(({ path }) => path)).toEqual([])
  })

  it('lends its random source to one file; elsewhere node:crypto only computes', () => {
    const drawing = LIB.filter(({ text }) =>
      /\b(randomBytes|randomUUID|randomInt|getRandomValues)\b/.test(text),
    )
    expect(drawing.map(({ path }) => path)).toEqual(['lib/base/realEffects.ts'])
  })
})

describe('every file', () => {
  const lineCount = ({ text }: Source): number => text.trimEnd().split('\n').length

  it('has 300 lines at most', () => {
    expect(HOUSE.filter((source) => lineCount(source) > 300).map(({ path }) => path)).toEqual([])
  })

  it('of the functions has 20 lines at most, and nothing in it but the way into the library', () => {
    const own = FUNCTIONS.map(({ text, ...source }) => ({
      ...source,
      text: text.replace(/^import '.*'\n/gm, ''),
    }))
    expect(own.filter((source) => lineCount(source) > 20).map(({ path }) => path)).toEqual([])
    for (const { path, imports } of FUNCTIONS)
      for (const to of imports)
        expect(to, path).toMatch(
          /^(@azure\/functions|functions\/\w+\.ts|lib\/compose\.ts|lib\/http\/.+|lib\/session\/sweep\.ts|lib\/rotation\/rotateAll\.ts)$/,
        )
  })

  it('is named after what it exports: there is no index, no utils and no manager', () => {
    const vague = /(^|\/)(index|utils?|helpers?|common|misc)\.ts$|(Service|Manager|Helper|Utils?)\.ts$/

    expect(ALL.filter(({ path }) => vague.test(path)).map(({ path }) => path)).toEqual([])
  })

  it('says what it promises: at its head, or above each thing it exports', () => {
    const silent = LIB.flatMap(({ path, text }) => {
      if (text.startsWith('/**')) return []
      const exported = [...text.matchAll(/^(.*)\n(?=export (?:async )?(?:function|const|class) (\w+))/gm)]
      return exported.filter(([, before]) => !before?.endsWith('*/')).map(([, , name]) => `${path}: ${name}`)
    })

    expect(silent).toEqual([])
  })

  it('leaves nothing for later', () => {
    const later = /\b(TODO|FIXME|XXX|HACK)\b/

    expect(ALL.filter(({ text }) => later.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('does without any, without a non-null assertion and without silencing a tool', () => {
    const loose = /\bas any\b|: any\b|<any>|@ts-ignore|@ts-expect-error|biome-ignore|\w!\.\w/

    expect(ALL.filter(({ text }) => loose.test(text)).map(({ path }) => path)).toEqual([])
  })
})

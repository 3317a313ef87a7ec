/** The built package from outside the repository: as another package's code finds it under `node_modules`. */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../lib/errors/table.ts'
import { LIBRARY_ERRORS } from '../../lib/exports/errors.ts'
import { LIBRARY_ENTRIES } from '../../packaging/library/entries.ts'
import { filesOfPage } from './filesOfPage.ts'

/** First line of a snippet that is a file of its own, for a framework: `// Vue: useSession.ts`. */
const OF_FRAMEWORK = /^\/\/ (\w+): (\S+)\n/
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8')
const guardPage = readFileSync(join(ROOT, 'docs/guard.md'), 'utf8')
const clientPage = readFileSync(join(ROOT, 'docs/client.md'), 'utf8')
const [frontEnd = ''] = snippetsOf(readFileSync(join(ROOT, 'docs/front-end.md'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'signet-consumer-'))

function snippetsOf(text: string): string[] {
  const all = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code ?? '')
  return all.filter((code) => !OF_FRAMEWORK.test(code))
}
/** The page's files, as TypeScript reads them; others import the first as `./assertion.js`. */
const files = new Map(
  [...filesOfPage('docs/library.md')].map(([name, code]) => [name.replace('.js', '.ts'), code]),
)
/** The guard's page goes on from its first snippet: what the others take from the reader's own code is declared here. */
const [firstOfGuard = '', ...othersOfGuard] = snippetsOf(guardPage)
const guardSnippets = `${firstOfGuard}
declare const headers: { authorization?: string }
declare const request: import('node:http').IncomingMessage & { socket: import('node:tls').TLSSocket }
declare const options: import('signet-entra/guard').GuardOptions
declare function reply(status: number, headers: object, body: object): Response
${othersOfGuard.map((code, i) => `export async function part${i}() {\n${code}\nreturn undefined }`).join('\n')}`

/** The client's page likewise: its first snippet names what the others use. */
const clientSnippets = `${snippetsOf(clientPage).join('\n')}
declare function readForm(): object
declare function askPerson(question: string): Promise<boolean>`

/** Those for frameworks, by framework, as file and code. */
const frameworkFiles = new Map(
  [...clientPage.matchAll(/^```tsx?\n([\s\S]*?)^```$/gm)].flatMap(([, code = '']) => {
    const [, framework, file] = OF_FRAMEWORK.exec(code) ?? []
    return framework === undefined || file === undefined ? [] : [[framework, { file, code }] as const]
  }),
)

/** First cells of a section's table, without its heading. */
function firstCells(heading: string): string[] {
  const section = page.split(`\n## ${heading}\n`)[1] ?? ''
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell ?? '').slice(1)
}

beforeAll(() => {
  if (!existsSync(join(ROOT, 'dist/library/guard.js')))
    throw new Error('dist/library is missing: run "npm run build" first.')
  for (const name of ['@angular', '@azure', '@types', 'jose', 'oauth4webapi', 'openid-client', 'vue']) {
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
  cpSync(join(ROOT, 'dist/library'), join(folder, 'node_modules/signet-entra'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a module in the consumer's folder; its default export comes back. */
function evaluate(code: string): unknown {
  const file = join(folder, 'consumer.mjs')
  writeFileSync(file, code)
  return JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }))
}

test('every entry can be imported, and exports what the page says', () => {
  const table = [...page.matchAll(/^\| `signet-entra\/([\w-]+)` \| ([^|]+) \|/gm)]
  const documented = Object.fromEntries(
    table.map(([, entry, names = '']) => [
      entry,
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort(),
    ]),
  )
  const entries = [...LIBRARY_ENTRIES.keys()]
  const imports = entries.map((entry, i) => `import * as e${i} from 'signet-entra/${entry}'`)
  const found = evaluate(
    `${imports.join('\n')}\nconsole.log(JSON.stringify([${entries.map((_, i) => `Object.keys(e${i}).sort()`)}]))`,
  )

  expect(Object.fromEntries(entries.map((entry, i) => [entry, (found as unknown[])[i]]))).toEqual(documented)
})

test('what any entry throws is an AppError of signet-entra/errors, and names every faulty option', () => {
  const found = evaluate(`
    import { createAppOnlyClient } from 'signet-entra/app-only'
    import { createVaultAssertion } from 'signet-entra/assertion'
    import { AppError } from 'signet-entra/errors'
    import { createGuard } from 'signet-entra/guard'
    import { createOnBehalfOfClient } from 'signet-entra/on-behalf-of'
    const wrong = { vaultUrl: 'http://vault.example', certificate: 'a/b', clientId: 'me', tenantId: 'common' }
    const guard = { tenants: [], audiences: ['a'], clients: [], scopes: ['s'] }
    const calls = [[createVaultAssertion, wrong], [createAppOnlyClient, wrong], [createOnBehalfOfClient, wrong], [createGuard, guard]]
    const faults = calls.map(([create, options]) => { try { create(options) } catch (fault) { return fault } })
    console.log(JSON.stringify(faults.map((fault) => [fault instanceof AppError, fault?.code, fault?.message])))
  `)

  const vault =
    'certificate must be the name of a certificate in the vault; vaultUrl must use https (http is for loopback hosts only); clientId must be a GUID'
  expect(found).toEqual([
    [true, 'config/invalid', `config/invalid: ${vault}`],
    [true, 'config/invalid', `config/invalid: ${vault}; tenantId must be a GUID`],
    [true, 'config/invalid', `config/invalid: ${vault}; tenantId must be a GUID`],
    [true, 'config/invalid', expect.stringContaining('guard: tenants must not be empty; clients must not')],
  ])
})

describe('types', () => {
  const MODULES = {
    nodenext: { module: 'nodenext' },
    node16: { module: 'node16' },
    bundler: { module: 'esnext', moduleResolution: 'bundler' },
  } as const

  /** Exit code and words of the compiler: a compiler that did not run has no words either. */
  function typeCheck(
    files: Readonly<Record<string, string>>,
    modules: keyof typeof MODULES,
    more: object = {},
  ): { status: number | null; stdout: string } {
    for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
    const options = { ...MODULES[modules], target: 'es2024', types: ['node'], strict: true, noEmit: true }
    const compilerOptions = { ...options, exactOptionalPropertyTypes: true, ...more }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: Object.keys(files) }),
    )
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8' })
    return { status, stdout }
  }

  test.each(['nodenext', 'node16', 'bundler'] as const)(
    'every snippet of the pages type-checks against the emitted types, which are checked too; a wrong option does not (%s)',
    (modules) => {
      const first = files.get('assertion.ts') ?? ''
      const wrong = first.replace('vaultUrl', '// @ts-expect-error: no such option\n  vaultUri')

      expect(files.size).toBeGreaterThan(5)
      expect(wrong).toContain('vaultUri')
      const all = {
        'wrong.ts': wrong,
        'guard.ts': guardSnippets,
        'client.ts': clientSnippets,
        'frontEnd.ts': frontEnd,
        ...Object.fromEntries(files),
      }
      // The declarations themselves are checked once.
      const more = { skipLibCheck: modules !== 'nodenext' }
      expect(typeCheck(all, modules, more)).toEqual({ status: 0, stdout: '' })
    },
    120_000,
  )

  test('what the page shows for React, Angular and Vue type-checks against their own types, and what none of them has does not', () => {
    const wrong = `import { signal } from '@angular/core'
import { useSyncExternalStore } from 'react'
import { session } from 'signet-entra/client'
import { shallowRef } from 'vue'
const who = await session()
// @ts-expect-error
signal(who)().nobody
// @ts-expect-error
useSyncExternalStore(() => () => {}, () => who).nobody
// @ts-expect-error
shallowRef(who).value.nobody
`
    // The frameworks' own declarations are theirs to check.
    const more = { skipLibCheck: true, jsx: 'react-jsx', experimentalDecorators: true, types: [] }

    expect([...frameworkFiles.keys()]).toEqual(['React', 'Angular', 'Vue'])
    const files = Object.fromEntries([...frameworkFiles.values()].map(({ file, code }) => [file, code]))
    expect(typeCheck({ ...files, 'wrong.ts': wrong }, 'bundler', more)).toEqual({ status: 0, stdout: '' })
  }, 60_000)
})

test('the page lists every error of the library and no other', () => {
  expect(firstCells('Errors')).toEqual([...LIBRARY_ERRORS])
  for (const code of LIBRARY_ERRORS) expect(Object.keys(ERRORS)).toContain(code)
})
